// SPDX-License-Identifier: Apache-2.0

/// Reads the insertion numbers of a segment's documents; ``SequenceWriter`` has the layout.
///
/// It is a view of mapped bytes: whoever holds it keeps the mapping alive.
package struct SequenceReader: @unchecked Sendable {
  // Sendable: the bytes are constant.
  private let remainders: UnsafeRawPointer
  private let base: UInt64
  private let step: UInt64
  private let width: Int
  private let mask: UInt64

  /// Whether the numbers ascend with the doc ids.
  package var isAscending: Bool { step == 1 }
  /// Whether each number is one more than that before.
  package var isGapless: Bool { step == 1 && width == 0 }

  /// Opens a section.
  ///
  /// - Parameters:
  ///   - file: The file of the segment.
  ///   - documentCount: The number of documents of the segment.
  /// - Throws: `.corrupt` when the section cannot hold that many numbers.
  package init(_ file: SegmentFile, documentCount: Int) throws(IndexError) {
    let bytes = try file.requiredSection(.sequence)
    guard bytes.count >= SequenceWriter.headerSize, let start = bytes.baseAddress else {
      throw file.corrupt("it is too short", .sequence)
    }
    base = UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    step = UInt64(bytes[8])
    width = Int(bytes[9])
    guard step <= 1, width <= 56 || width == 64,
      bytes[10..<SequenceWriter.headerSize].allSatisfy({ $0 == 0 }),
      bytes.count == SequenceWriter.headerSize + (documentCount * width + 7) / 8
    else { throw file.corrupt("its header does not fit its length", .sequence, at: 8) }
    mask = width == 64 ? .max : 1 << UInt64(width) - 1
    remainders = start + SequenceWriter.headerSize
  }

  /// Returns the insertion number of a document.
  ///
  /// - Parameter document: A doc id below the segment's number of documents.
  /// - Returns: The number; of two documents the one inserted first has the lower.
  /// - Complexity: O(1): one load.
  @inline(__always)
  package subscript(document: UInt32) -> UInt64 {
    let bit = Int(document) &* width
    // A section has 16 bytes of padding behind it, so the load stays inside the mapping.
    let word = UInt64(
      littleEndian: remainders.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
    let remainder = word &>> UInt64(bit & 7) & mask
    return base &+ step &* UInt64(document) &+ remainder
  }
}
