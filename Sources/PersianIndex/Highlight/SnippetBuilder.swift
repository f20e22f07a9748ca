// SPDX-License-Identifier: Apache-2.0

/// Finds the words of a query in a text and the passages that show them best.
///
/// The text is analysed again rather than kept in analysed form: for the ten texts of a page of
/// results that takes well under a millisecond and costs the index nothing.
package struct SnippetBuilder: Sendable {
  private let analyzer: any Analyzer
  private let highlights: QueryHighlights

  package init(analyzer: any Analyzer, highlights: QueryHighlights) {
    self.analyzer = analyzer
    self.highlights = highlights
  }

  /// Builds the snippet of a text.
  ///
  /// - Complexity: O(*n*) in the bytes of `text`.
  package func snippet(of text: String, options: SnippetOptions) -> Snippet {
    var text = text
    return text.withUTF8 { bytes in
      let matches = matches(in: bytes)
      let passages = PassageChooser(text: bytes, matches: matches, options: options).passages()
      return Self.snippet(of: bytes, passages: passages, matches: matches)
    }
  }

  /// A place in the text that the query found.
  struct Match {
    var range: Range<Int>
    var term: Int
    var weight: Double
  }

  private func matches(in text: UnsafeBufferPointer<UInt8>) -> [Match] {
    var buffer = TokenBuffer()
    analyzer.analyze(text, into: &buffer)
    let numbers = buffer.tokens.map {
      highlights.number(of: buffer.term(of: $0), writtenForm: buffer.writtenForm(of: $0))
    }
    var isMatch = numbers.map { $0 != nil && !highlights.isOnlyInPhrases($0) }
    for phrase in highlights.phrases {
      mark(phrase, in: buffer.tokens, numbers: numbers, into: &isMatch)
    }
    var matches: [Match] = []
    for (index, token) in buffer.tokens.enumerated() where isMatch[index] {
      guard let number = numbers[index] else { continue }
      matches.append(
        Match(
          range: Int(token.startOffset)..<Int(token.endOffset), term: number,
          weight: highlights.weights[number]))
    }
    return matches
  }

  /// Marks the terms of a phrase only where they stand as the phrase has them.
  private func mark(
    _ phrase: QueryHighlights.Phrase, in tokens: [TokenBuffer.Token], numbers: [Int?],
    into isMatch: inout [Bool]
  ) {
    guard let first = phrase.terms.first else { return }
    for start in tokens.indices where numbers[start] == first {
      var places = [start]
      for (term, offset) in zip(phrase.terms.dropFirst(), phrase.offsets.dropFirst()) {
        let expected = Int(tokens[start].position) + offset
        let reach = max(0, start - phrase.slop)..<tokens.count
        let place = tokens[reach].indices.first { place in
          numbers[place] == term && abs(Int(tokens[place].position) - expected) <= phrase.slop
            || Int(tokens[place].position) > expected + phrase.slop
        }
        guard let place, numbers[place] == term,
          abs(Int(tokens[place].position) - expected) <= phrase.slop
        else { break }
        places.append(place)
      }
      if places.count == phrase.terms.count {
        for place in places { isMatch[place] = true }
      }
    }
  }

  private static func snippet(
    of text: UnsafeBufferPointer<UInt8>, passages: [Range<Int>], matches: [Match]
  ) -> Snippet {
    var pieces: [Snippet.Piece] = []
    let ellipsis = Snippet.Piece(text: "…", isMatch: false, utf8Range: nil)
    for passage in passages {
      if passage.lowerBound > 0, !isBlank(text, 0..<passage.lowerBound) {
        pieces.append(
          pieces.isEmpty
            ? ellipsis : Snippet.Piece(text: " … ", isMatch: false, utf8Range: nil))
      }
      var place = passage.lowerBound
      for range in joined(matches, within: passage, of: text) {
        append(text, place..<range.lowerBound, isMatch: false, to: &pieces)
        append(text, range, isMatch: true, to: &pieces)
        place = range.upperBound
      }
      append(text, place..<passage.upperBound, isMatch: false, to: &pieces)
    }
    if let last = passages.last, last.upperBound < text.count,
      !isBlank(text, last.upperBound..<text.count)
    {
      pieces.append(ellipsis)
    }
    return Snippet(pieces: pieces)
  }

  private static func append(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, isMatch: Bool,
    to pieces: inout [Snippet.Piece]
  ) {
    guard !range.isEmpty else { return }
    var scalars = String.UnicodeScalarView()
    var wasSpace = false
    for scalar in String(decoding: text[range], as: UTF8.self).unicodeScalars {
      let isSpace = scalar.properties.isWhitespace || scalar.value < 0x20
      if !isSpace { scalars.append(scalar) }
      if isSpace, !wasSpace { scalars.append(" ") }
      wasSpace = isSpace
    }
    pieces.append(Snippet.Piece(text: String(scalars), isMatch: isMatch, utf8Range: range))
  }

  /// Joins matches that overlap or have only half-spaces between them, so that a compound is marked
  /// as one word.
  private static func joined(
    _ matches: [Match], within passage: Range<Int>, of text: UnsafeBufferPointer<UInt8>
  ) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for match in matches where passage.contains(match.range.lowerBound) {
      let range = match.range.clamped(to: passage)
      guard !range.isEmpty else { continue }
      if let last = result.last,
        range.lowerBound <= last.upperBound || isHalfSpace(text, last.upperBound..<range.lowerBound)
      {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  private static func isHalfSpace(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Bool {
    range.count <= 6
      && String(decoding: text[range], as: UTF8.self).unicodeScalars.allSatisfy {
        (0x200B...0x200F).contains($0.value) || $0.value == 0xFEFF || $0.value == 0xAD
      }
  }

  private static func isBlank(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    text[range].allSatisfy { $0 <= 0x20 }
  }
}
