// SPDX-License-Identifier: Apache-2.0

/// Chooses the passages of a text that hold the most of what a query asked for.
struct PassageChooser {
  let text: UnsafeBufferPointer<UInt8>
  let matches: [SnippetBuilder.Match]
  let options: SnippetOptions

  /// The passages in text order, each from one word boundary to another.
  func passages() -> [Range<Int>] {
    guard !text.isEmpty else { return [] }
    if text.count <= options.length * 4, letters(in: 0..<text.count) <= options.length {
      return [trimmed(0..<text.count)]
    }
    guard !matches.isEmpty else { return [0..<end(from: 0, letters: options.length)] }
    var result: [Range<Int>] = []
    var remaining = options.length
    for (number, window) in bestWindows().enumerated() {
      let share = remaining / max(1, min(options.passageCount, matches.count) - number)
      let passage = grown(window, to: max(share, 16))
      guard !result.contains(where: { $0.overlaps(passage) }) else { continue }
      result.append(passage)
      remaining -= letters(in: passage)
      if result.count == options.passageCount || remaining < 16 { break }
    }
    return result.sorted { $0.lowerBound < $1.lowerBound }
  }

  /// Windows of matches that fit in a passage, best first: distinct terms count most, then their
  /// number.
  private func bestWindows() -> [Range<Int>] {
    let limit = max(16, options.length / options.passageCount)
    var windows: [(score: Double, range: Range<Int>)] = []
    var lettersBefore = [0]
    lettersBefore.reserveCapacity(matches.count + 1)
    var place = 0
    for match in matches {
      let next = max(place, match.range.lowerBound)
      lettersBefore.append((lettersBefore.last ?? 0) + letters(in: place..<next))
      place = next
    }
    var counts: [Int: Int] = [:]
    var score = 0.0
    var last = 0
    for first in matches.indices {
      while last < matches.count,
        lettersBefore[last + 1] - lettersBefore[first + 1] <= limit
      {
        let match = matches[last]
        score += counts[match.term, default: 0] == 0 ? match.weight : match.weight / 16
        counts[match.term, default: 0] += 1
        last += 1
      }
      windows.append((score, matches[first].range.lowerBound..<matches[last - 1].range.upperBound))
      let gone = matches[first]
      counts[gone.term, default: 1] -= 1
      score -= counts[gone.term] == 0 ? gone.weight : gone.weight / 16
    }
    return windows.enumerated().sorted {
      $0.element.score != $1.element.score
        ? $0.element.score > $1.element.score : $0.offset < $1.offset
    }.map(\.element.range)
  }

  /// Adds text around a window: back to the beginning of its sentence where that is near, then on.
  private func grown(_ window: Range<Int>, to letters: Int) -> Range<Int> {
    let spare = max(0, letters - self.letters(in: window))
    var start = window.lowerBound
    var back = 0
    var sentence: Int?
    var word = start
    while start > 0, back < spare / 2 {
      start -= 1
      while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
      back += 1
      if text[start] <= 0x20 { word = start + 1 }
      if isSentenceEnd(start), start + 1 < window.lowerBound {
        sentence = start
        break
      }
    }
    if let sentence {
      word = sentence
      while word < window.lowerBound, isSentenceEnd(word) || text[word] <= 0x20 {
        word += 1
        while word < text.count, text[word] & 0xC0 == 0x80 { word += 1 }
      }
    } else if start == 0 {
      word = 0
    }
    while word < window.lowerBound, text[word] <= 0x20 { word += 1 }
    let end = max(end(from: word, letters: letters), wordEnd(from: window.upperBound))
    return word..<end
  }

  /// Whether a sentence ends with the character that begins here: `.`, `!`, `?`, a line feed, `؟`
  /// or `؛`.
  private func isSentenceEnd(_ place: Int) -> Bool {
    switch text[place] {
    case 0x0A, 0x21, 0x2E, 0x3F: true
    case 0xD8: place + 1 < text.count && (text[place + 1] == 0x9F || text[place + 1] == 0x9B)
    default: false
    }
  }

  /// The end of the last whole word within some letters of a place, or of the first where that is
  /// longer.
  private func end(from start: Int, letters: Int) -> Int {
    var place = start
    var count = 0
    var boundary = start
    while place < text.count, count <= letters {
      if text[place] <= 0x20 { boundary = place }
      place += 1
      while place < text.count, text[place] & 0xC0 == 0x80 { place += 1 }
      count += 1
    }
    if place >= text.count { return text.count }
    return boundary > start ? boundary : place
  }

  private func wordEnd(from place: Int) -> Int {
    var place = place
    var count = 0
    while place < text.count, count < 40, text[place] > 0x20 {
      place += 1
      while place < text.count, text[place] & 0xC0 == 0x80 { place += 1 }
      count += 1
    }
    return place
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, text[start] <= 0x20 { start += 1 }
    while start < end, text[end - 1] <= 0x20 { end -= 1 }
    return start..<end
  }

  private func letters(in range: Range<Int>) -> Int {
    text[range].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }
}
