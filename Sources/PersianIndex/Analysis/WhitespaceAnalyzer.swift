// SPDX-License-Identifier: Apache-2.0

/// Splits text at ASCII white space and changes nothing else.
///
/// It is meant for text whose terms were made elsewhere. Terms are the bytes as they stand, without
/// a written form; a run of more than 255 bytes is cut there, between scalars.
///
///     WhitespaceAnalyzer().tokens(of: "one  two").map(\.term)  // ["one", "two"]
public struct WhitespaceAnalyzer: Analyzer {
  /// Creates the analyzer.
  public init() {}

  /// What is stored in an index to recognise the analyzer again.
  public var identity: AnalyzerIdentity { AnalyzerIdentity(name: "whitespace", version: 1) }

  /// Appends the tokens of a text to a buffer.
  ///
  /// - Parameters:
  ///   - text: Any bytes; only those below 0x21 separate.
  ///   - tokens: Receives the tokens.
  /// - Complexity: O(*n*) in the bytes of `text`.
  public func analyze(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout TokenBuffer) {
    let noForm = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    let count = text.count
    var index = 0
    while index < count {
      while index < count, text[index] <= 0x20 { index &+= 1 }
      let start = index
      index = Self.endOfWord(text, from: index)
      guard index > start else { break }
      let word = UnsafeBufferPointer(rebasing: text[start..<index])
      let length = UTF8Scalars.cut(word, to: AnalyzerLimits.termBytes)
      tokens.append(
        term: UnsafeBufferPointer(rebasing: word[..<length]), form: noForm,
        range: UInt32(truncatingIfNeeded: start)..<UInt32(truncatingIfNeeded: index))
    }
  }

  /// Returns the place of the first white space at or after an index.
  @inline(__always)
  private static func endOfWord(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let bytes = UnsafeRawBufferPointer(text)
    var index = start
    while index &+ 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      // The lowest of these bits is in the first byte below 0x21; those above may be wrong.
      let below = (word &- 0x2121_2121_2121_2121) & ~word & 0x8080_8080_8080_8080
      if below != 0 { return index &+ (below.trailingZeroBitCount &>> 3) }
      index &+= 8
    }
    while index < bytes.count, bytes[index] > 0x20 { index &+= 1 }
    return index
  }
}
