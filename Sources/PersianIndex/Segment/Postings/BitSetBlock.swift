// SPDX-License-Identifier: Apache-2.0

/// Decodes blocks whose documents are a bit set.
package enum BitSetBlock {
  /// Writes the 128 documents of a bit set in ascending order.
  ///
  /// - Parameters:
  ///   - source: The words.
  ///   - words: The number of words at `source`.
  ///   - base: The document of the first word's lowest bit.
  ///   - documents: Room for 128 documents.
  /// - Returns: Whether exactly 128 bits are set.
  @inline(__always)
  package static func decode(
    _ source: UnsafeRawPointer, words: Int, base: UInt32,
    to documents: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    var count = 0
    for index in 0..<words {
      var word = UInt64(
        littleEndian: source.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self))
      let first = base &+ UInt32(truncatingIfNeeded: index &* 64)
      let bits = word.nonzeroBitCount
      if count &+ bits > 128 { return false }
      while word != 0 {
        documents[count] = first &+ UInt32(truncatingIfNeeded: word.trailingZeroBitCount)
        count = count &+ 1
        word &= word &- 1
      }
    }
    return count == 128
  }
}
