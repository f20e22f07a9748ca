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
    // All terms are pieces of the text, so it is copied as a whole.
    let base = tokens.append(text: text)
    // A query's few words fit the stack, and every other byte of a text is white space at least.
    let capacity = min(Self.batchSize, text.count / 2 + 1)
    withUnsafeTemporaryAllocation(of: TokenBuffer.Token.self, capacity: capacity) { batch in
      guard let batch = batch.baseAddress else { return }
      let firstPosition = tokens.nextPosition
      var count = 0
      var taken = 0
      var start = 0
      func take(until end: Int) {
        let word = UnsafeBufferPointer(rebasing: text[start..<end])
        let length = UTF8Scalars.cut(word, to: AnalyzerLimits.termBytes)
        let offset = UInt32(truncatingIfNeeded: start)
        (batch + count).initialize(
          to: TokenBuffer.Token(
            termStart: base &+ offset, termLength: UInt16(truncatingIfNeeded: length),
            formLength: 0, formStart: base &+ offset,
            position: firstPosition &+ UInt32(truncatingIfNeeded: taken &+ count),
            startOffset: offset, endOffset: UInt32(truncatingIfNeeded: end), flags: []))
        count &+= 1
      }
      var place = 0
      while place < text.count {
        var spaces = Self.spaces(in: text, at: place)
        while spaces != 0 {
          let end = place &+ spaces.trailingZeroBitCount
          if end > start { take(until: end) }
          start = end &+ 1
          spaces &= spaces &- 1
        }
        place &+= 64
        if count > Self.batchSize / 2 || place >= text.count {
          if place >= text.count, start < text.count { take(until: text.count) }
          tokens.append(
            contentsOf: UnsafeBufferPointer(start: batch, count: count))
          taken &+= count
          count = 0
        }
      }
    }
  }

  // The words of 64 bytes, of which there are 33 at most, fit twice.
  private static var batchSize: Int { 80 }

  /// Returns which of 64 bytes are white space, the first in the lowest bit; none behind the text's
  /// end is.
  @inline(__always)
  private static func spaces(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(text)
    var spaces: UInt64 = 0
    if start &+ 64 <= bytes.count {
      for index in 0..<8 {
        let word = bytes.loadUnaligned(fromByteOffset: start &+ index &* 8, as: UInt64.self)
        spaces |= Self.spaces(in: UInt64(littleEndian: word)) &<< UInt64(index &* 8)
      }
    } else {
      for index in start..<bytes.count where bytes[index] <= 0x20 {
        spaces |= 1 &<< UInt64(index &- start)
      }
    }
    return spaces
  }

  /// Returns which of eight bytes are white space, in the lowest eight bits.
  @inline(__always)
  private static func spaces(in word: UInt64) -> UInt64 {
    // The highest bit of every byte that is at least 0x21, without a carry from one to the next.
    let above = (word & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x5f5f_5f5f_5f5f_5f5f | word
    return ((~above & 0x8080_8080_8080_8080) &* 0x0002_0408_1020_4081) &>> 56
  }
}
