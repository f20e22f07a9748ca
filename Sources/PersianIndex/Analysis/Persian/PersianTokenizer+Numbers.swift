// SPDX-License-Identifier: Apache-2.0

extension PersianTokenizer {
  /// Reads a number or a date.
  ///
  /// Group separators go, a decimal separator becomes a full stop. A date of three numbers gives
  /// one token for the whole, without leading zeros, and one for each number.
  mutating func readNumber(into tokens: inout TokenBuffer) {
    breakHard(into: &tokens)
    let start = offset
    cache.term.removeAll(keepingCapacity: true)
    var end = readDigits(from: start)
    let firstCount = cache.term.count
    if let next = character(at: end), next.scalar < 0x80, Self.isASCIILetter(UInt8(next.scalar)) {
      readForeign(prefix: start..<end, into: &tokens)
      return
    }
    if firstCount <= 4, readDate(start, end, into: &tokens) { return }
    if firstCount <= 3 {
      while let separator = character(at: end), Self.isGroupSeparator(separator.scalar) {
        let from = end + separator.size
        let before = cache.term.count
        let to = readDigits(from: from)
        guard cache.term.count == before + 3 else {
          cache.term.removeLast(cache.term.count - before)
          break
        }
        end = to
      }
    }
    while let point = character(at: end), point.scalar == 0x2E || point.scalar == 0x66B {
      let from = end + point.size
      guard let digit = character(at: from), Self.digit(digit.scalar) != nil else { break }
      if cache.term.count <= AnalyzerLimits.termBytes { cache.term.append(0x2E) }
      end = readDigits(from: from)
    }
    offset = end
    emitTerm(start..<end, flags: .number, into: &tokens)
    numberEnd = end
  }

  private static func isGroupSeparator(_ scalar: UInt32) -> Bool {
    scalar == 0x66C || scalar == 0x2C
  }

  private func character(at index: Int) -> (scalar: UInt32, size: Int)? {
    guard index < text.count else { return nil }
    let (scalar, size) = UTF8Scalars.decode(text, at: index)
    return (scalar, size)
  }

  /// Appends the digits from an offset on to the term, and returns where they end.
  private func readDigits(from start: Int) -> Int {
    var index = start
    while let next = character(at: index) {
      guard let digit = Self.digit(next.scalar) else { break }
      if cache.term.count <= AnalyzerLimits.termBytes { cache.term.append(digit + 0x30) }
      index += next.size
    }
    return index
  }

  /// Reads a date whose first number has been read; `false` where it is none.
  private mutating func readDate(
    _ start: Int, _ firstEnd: Int, into tokens: inout TokenBuffer
  ) -> Bool {
    guard let separator = character(at: firstEnd),
      separator.scalar == 0x2F || separator.scalar == 0x2D
    else { return false }
    var ranges = [start..<firstEnd]
    var counts = [cache.term.count]
    var end = firstEnd
    while ranges.count < 3, let next = character(at: end), next.scalar == separator.scalar {
      let before = cache.term.count
      let from = end + next.size
      let to = readDigits(from: from)
      let count = cache.term.count - before
      guard count >= 1, count <= 4 else {
        cache.term.removeLast(count)
        break
      }
      ranges.append(from..<to)
      counts.append(count)
      end = to
    }
    let isDate = ranges.count == 3 && counts[1] <= 2 && counts.reduce(0, +) <= 8
    guard isDate else {
      cache.term.removeLast(cache.term.count - counts[0])
      return false
    }
    let digits = cache.term
    var parts: [[UInt8]] = []
    var from = 0
    for count in counts {
      let part = digits[from..<from + count]
      let trimmed = part.drop { $0 == 0x30 }
      parts.append(Array(trimmed.isEmpty ? part.suffix(1) : trimmed))
      from += count
    }
    let position = tokens.nextPosition
    cache.term = Array(parts.joined(separator: [0x2F]))
    emitTerm(start..<end, flags: .number, into: &tokens)
    tokens.nextPosition = position
    for (part, range) in zip(parts, ranges) {
      cache.term = part
      emitTerm(range, flags: .number, into: &tokens)
    }
    offset = end
    return true
  }

  /// Whether a word of letters is the ending of the number before it (۵م, ۲۱ام, ۱۰ها).
  mutating func joinsNumber(_ word: Word) -> Bool {
    guard word.length <= 4 else { return false }
    if word.isPlain { loadLetters(of: word, to: nextCodes) }
    let letters = UnsafeBufferPointer(start: UnsafePointer(nextCodes), count: word.length)
    let joins =
      PersianNumberEndings.loose.contains(letters)
      || (word.start == numberEnd && PersianNumberEndings.glued.contains(letters))
    if joins { numberEnd = -1 }
    return joins
  }
}

/// Endings that a number in digits takes.
enum PersianNumberEndings {
  /// Endings across a space or half-space, or none.
  static let loose = LetterSet(["ام", "امین"])
  /// Endings without any space.
  static let glued = LetterSet(["م", "مین", "ها", "های", "ی"])
}
