// SPDX-License-Identifier: Apache-2.0

/// Decodes blocks whose documents are a bit set.
package enum BitSetBlock {
  /// Writes the 128 documents of a bit set in ascending order.
  ///
  /// - Parameters:
  ///   - source: The words.
  ///   - words: The number of words at `source`, at most 255.
  ///   - base: The document of the first word's lowest bit.
  ///   - documents: Room for 128 documents, aligned to 16 bytes.
  /// - Returns: Whether exactly 128 bits are set.
  @inline(__always)
  package static func decode(
    _ source: UnsafeRawPointer, words: Int, base: UInt32,
    to documents: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: BitPlaces.room) { scratch in
      guard let places = scratch.baseAddress,
        BitPlaces.find(in: source, byteCount: words &* 8, leastWords: 0, to: places)
          == PostingsFormat.blockSize
      else { return false }
      let first = SIMD4(repeating: base)
      documents.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { rows in
        for row in 0..<32 { rows[row] = first &+ BitPlaces.row(row, of: places) }
      }
      return true
    }
  }
}
