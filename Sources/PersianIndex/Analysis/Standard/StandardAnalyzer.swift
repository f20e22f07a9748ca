// SPDX-License-Identifier: Apache-2.0

/// Splits text of any language into words by Unicode's default rules and folds letter case.
///
/// Words are the segments of Unicode Standard Annex #29 that hold a letter, a digit or an emoji;
/// their scalars are mapped to lower case one by one. It knows no language: inflected forms stay
/// apart, and so do `کتاب‌ها` and `کتاب ها`. A word of more than 255 bytes is cut there.
///
///     StandardAnalyzer().tokens(of: "Can't stop").map(\.term)  // ["can't", "stop"]
public struct StandardAnalyzer: Analyzer {
  /// Creates the analyzer.
  public init() {}

  /// What is stored in an index to recognise the analyzer again.
  public var identity: AnalyzerIdentity { AnalyzerIdentity(name: "standard", version: 1) }

  /// Appends the tokens of a text to a buffer.
  ///
  /// - Parameters:
  ///   - text: The text in UTF-8; invalid bytes act as punctuation.
  ///   - tokens: Receives the tokens.
  /// - Complexity: O(*n*) in the bytes of `text`.
  public func analyze(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout TokenBuffer) {
    let noForm = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var segmenter = WordSegmenter(text)
    var term: [UInt8] = []
    term.reserveCapacity(AnalyzerLimits.termBytes + 4)
    while let segment = segmenter.next() {
      guard segment.isWord else { continue }
      term.removeAll(keepingCapacity: true)
      Self.appendLowercase(text, segment.range, to: &term)
      term.withUnsafeBufferPointer { term in
        let length = UTF8Scalars.cut(term, to: AnalyzerLimits.termBytes)
        tokens.append(
          term: UnsafeBufferPointer(rebasing: term[..<length]), form: noForm,
          range: UInt32(
            truncatingIfNeeded: segment.range.lowerBound)..<UInt32(
              truncatingIfNeeded: segment.range.upperBound))
      }
    }
  }

  /// Appends the lower-case scalars of a range, up to a little more than the longest term.
  static func appendLowercase(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to term: inout [UInt8]
  ) {
    var index = range.lowerBound
    while index < range.upperBound, term.count <= AnalyzerLimits.termBytes {
      let (scalar, length) = UTF8Scalars.decode(text, at: index)
      UTF8Scalars.append(WordBreak.lowercase(scalar), to: &term)
      index += length
    }
  }
}
