// SPDX-License-Identifier: Apache-2.0

/// The layout of a column, which gives each document of a segment a number or nothing.
///
///     section "doc values" of a column
///       4 bytes   number of documents n
///       4         1 where some document has no number, else 0
///       8         divisor d, at least 1
///       24 each   a block of 1,024 documents:
///         8         smallest number of the block, signed; 0 where the block has none
///         8         (largest - smallest) / d
///         8         bits of a packed number in the highest 8 bits; below them the offset of the
///                   block's packed numbers from the first block's
///       8 each    only where some document has no number: 64 documents a word, the first in the
///                 lowest bit; a set bit is a number
///       ...       (number - smallest) / d of each document, packed, block by block
///       8         zeros
///
/// A number takes up to 57 bits, or 64.
enum DocValuesFormat {
  static let blockSize = 1024
  static let headerSize = 16
  static let blockEntrySize = 24

  static func blockCount(of documentCount: Int) -> Int {
    (documentCount + blockSize - 1) / blockSize
  }

  /// Widths that a single load cannot reach are rounded up to whole words.
  static func width(for range: UInt64) -> Int {
    let width = PackedIntegers.width(for: range)
    return width <= PackedIntegers.mostBits ? width : 64
  }
}
