// SPDX-License-Identifier: Apache-2.0

extension PersianTokenizer {
  /// Reads at a byte below 0x80 that is no space.
  mutating func readASCII(
    _ byte: UInt8, _ newlines: inout Int, into tokens: inout TokenBuffer
  ) {
    switch byte {
    case 0x0A:
      newlines += 1
      if newlines > 1 { breakHard(endsPhrase: true, into: &tokens) }
      offset += 1
    case 0x09, 0x0D, 0x5F:  // A tab, a carriage return, an underscore
      offset += 1
    case 0x30...0x39:
      newlines = 0
      readNumber(into: &tokens)
    case 0x41...0x5A, 0x61...0x7A:
      newlines = 0
      readForeign(prefix: 0..<0, into: &tokens)
    default:
      newlines = 0
      // A bracket, a quotation mark or a slash may stand inside a noun phrase.
      let endsPhrase = byte != 0x28 && byte != 0x5B && byte != 0x22 && byte != 0x2F
      breakHard(endsPhrase: endsPhrase, into: &tokens)
      offset += 1
    }
  }

  /// Reads at a scalar outside ASCII and the Arabic block.
  mutating func readOther(into tokens: inout TokenBuffer) {
    let (scalar, size) = UTF8Scalars.decode(text, at: offset)
    switch scalar {
    case 0xA0, 0xAC, 0xAD, 0x200B...0x200D, 0x200F, 0x2000...0x200A, 0x202F, 0xFEFF:
      offset += size
      return
    case _ where Self.isInvisible(scalar):
      offset += size
      return
    case _ where Self.letters(ofForm: scalar) != nil:
      readMarkedWord(into: &tokens)
      return
    default:
      break
    }
    let (wordClass, isPictographic) = WordBreak.properties(of: scalar)
    if isPictographic, scalar > 0xFF {
      readEmoji(into: &tokens)
    } else if wordClass == .regionalIndicator {
      readFlag(into: &tokens)
    } else if wordClass == .otherLetter {
      breakHard(into: &tokens)
      emitText(offset..<offset + size, into: &tokens)
      offset += size
    } else if Self.ligature(scalar) != nil || scalar >= 0xFF10 && scalar <= 0xFF19 {
      readForeign(prefix: 0..<0, into: &tokens)
    } else if wordClass.isLetter || wordClass == .katakana || wordClass == .numeric {
      readForeign(prefix: 0..<0, into: &tokens)
    } else {
      if !wordClass.isIgnored {
        breakHard(endsPhrase: scalar == 0xBB || scalar == 0x2026, into: &tokens)
      }
      offset += size
    }
  }

  /// Emits a stretch of text in lower case, at most as long as a term may be.
  mutating func emitText(
    _ range: Range<Int>, flags: TokenFlags = [], into tokens: inout TokenBuffer
  ) {
    cache.term.removeAll(keepingCapacity: true)
    StandardAnalyzer.appendLowercase(text, range, to: &cache.term)
    emitTerm(range, flags: flags, into: &tokens)
  }

  /// Emits the term that stands in the cache's term buffer.
  mutating func emitTerm(
    _ range: Range<Int>, flags: TokenFlags = [], into tokens: inout TokenBuffer
  ) {
    cache.term.withUnsafeBufferPointer { term in
      let length = UTF8Scalars.cut(term, to: AnalyzerLimits.termBytes)
      guard length > 0 else { return }
      let word = UnsafeBufferPointer(rebasing: term[..<length])
      tokens.append(
        term: word, form: word,
        range: UInt32(
          truncatingIfNeeded: range.lowerBound)..<UInt32(
            truncatingIfNeeded: range.upperBound), flags: flags)
    }
  }

  /// Reads a word of another script with the digits in it, or an address.
  ///
  /// - Parameters:
  ///   - prefix: Digits that the word begins with, already read; empty where it has none.
  ///   - tokens: Receives the tokens.
  mutating func readForeign(prefix: Range<Int>, into tokens: inout TokenBuffer) {
    breakHard(into: &tokens)
    let start = prefix.isEmpty ? offset : prefix.lowerBound
    if readAddress(start, into: &tokens) { return }
    cache.term.removeAll(keepingCapacity: true)
    offset = start
    while offset < text.count {
      let (written, size) = UTF8Scalars.decode(text, at: offset)
      if let ligature = Self.ligature(written) {
        for letter in ligature { append(UInt32(letter)) }
        offset += size
        continue
      }
      let scalar = Self.halfWidth(written)
      if scalar < 0x80 {
        let isApostrophe =
          scalar == 0x27 && offset > start && offset + 1 < text.count
          && Self.isASCIILetter(text[offset + 1])
        guard Self.isAlphanumeric(UInt8(scalar)) || isApostrophe else { break }
        append(WordBreak.lowercase(scalar))
      } else if scalar >= 0x600, scalar < 0x700 {
        guard let digit = Self.digit(scalar) else { break }
        append(UInt32(digit) + 0x30)
      } else if Self.isInvisible(scalar) {
        offset += size
        continue
      } else {
        let word = WordBreak.properties(of: scalar).class
        guard
          word.isLetter || word == .katakana || word == .numeric || word == .extend,
          Self.letters(ofForm: scalar) == nil, scalar != 0x200C
        else { break }
        append(WordBreak.lowercase(scalar))
      }
      offset += size
    }
    emitTerm(start..<offset, into: &tokens)
  }

  /// A full-width form as the ASCII character it stands for; any other scalar as it is.
  private static func halfWidth(_ scalar: UInt32) -> UInt32 {
    scalar >= 0xFF01 && scalar <= 0xFF5E ? scalar - 0xFEE0 : scalar
  }

  /// The letters of a Latin ligature; `nil` where the scalar is none.
  private static func ligature(_ scalar: UInt32) -> [UInt8]? {
    guard scalar >= 0xFB00, scalar <= 0xFB06 else { return nil }
    let letters: [StaticString] = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"]
    let word = letters[Int(scalar - 0xFB00)]
    return Array(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private func append(_ scalar: UInt32) {
    if cache.term.count <= AnalyzerLimits.termBytes { UTF8Scalars.append(scalar, to: &cache.term) }
  }

  static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isASCIILetter(byte) || byte &- 0x30 < 10
  }

  /// The value of a digit in any of the three sets.
  static func digit(_ scalar: UInt32) -> UInt8? {
    switch scalar {
    case 0x30...0x39, 0x660...0x669, 0x6F0...0x6F9: UInt8(scalar & 0xF)
    default: nil
    }
  }

  // MARK: - Addresses

  /// Reads an address of the web or of e-mail: a token for the whole, then one for each part.
  private mutating func readAddress(_ start: Int, into tokens: inout TokenBuffer) -> Bool {
    guard start >= plainUntil else { return false }
    var end = start
    var hasScheme = false
    var hasAt = false
    var lastDot = -1
    let limit = min(text.count, start + 2048)
    while end < limit {
      let byte = text[end]
      guard byte > 0x20, byte < 0x7F, byte != 0x22, byte != 0x3C, byte != 0x3E, byte != 0x28,
        byte != 0x29, byte != 0x2C
      else { break }
      if byte == 0x3A, end + 2 < limit, text[end + 1] == 0x2F, text[end + 2] == 0x2F {
        hasScheme = true
      }
      if byte == 0x40, end > start { hasAt = true }
      if byte == 0x2E { lastDot = end }
      end += 1
    }
    while end > start, !Self.isAlphanumeric(text[end - 1]), text[end - 1] != 0x2F { end -= 1 }
    let isWeb =
      end - start > 4 && text[start] | 0x20 == 0x77 && text[start + 1] | 0x20 == 0x77
      && text[start + 2] | 0x20 == 0x77 && text[start + 3] == 0x2E
    let isAddress =
      hasScheme || isWeb
      || (hasAt && lastDot > start && lastDot + 1 < end && Self.isASCIILetter(text[lastDot + 1]))
    guard isAddress, end > start else {
      plainUntil = end
      return false
    }
    let position = tokens.nextPosition
    emitText(start..<end, into: &tokens)
    tokens.nextPosition = position
    var index = start
    while index < end {
      guard Self.isAlphanumeric(text[index]) else {
        index += 1
        continue
      }
      let from = index
      while index < end, Self.isAlphanumeric(text[index]) { index += 1 }
      emitText(from..<index, into: &tokens)
    }
    offset = end
    return true
  }

  // MARK: - Emoji

  /// Reads an emoji with its modifiers and the emoji joined to it.
  private mutating func readEmoji(into tokens: inout TokenBuffer) {
    breakHard(into: &tokens)
    let start = offset
    offset += UTF8Scalars.decode(text, at: offset).length
    var isJoined = false
    while offset < text.count {
      let (scalar, size) = UTF8Scalars.decode(text, at: offset)
      let properties = WordBreak.properties(of: scalar)
      if scalar == 0x200D {
        isJoined = true
      } else if properties.class == .extend, scalar > 0xFF, scalar != 0x200C {
        isJoined = false
      } else if isJoined, properties.isPictographic, scalar > 0xFF {
        isJoined = false
      } else {
        break
      }
      offset += size
    }
    emitText(start..<offset, into: &tokens)
  }

  /// Reads a flag: two regional indicators.
  private mutating func readFlag(into tokens: inout TokenBuffer) {
    breakHard(into: &tokens)
    let start = offset
    offset += UTF8Scalars.decode(text, at: offset).length
    if offset < text.count {
      let (scalar, size) = UTF8Scalars.decode(text, at: offset)
      if WordBreak.properties(of: scalar).class == .regionalIndicator { offset += size }
    }
    emitText(start..<offset, into: &tokens)
  }
}
