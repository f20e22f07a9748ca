// SPDX-License-Identifier: Apache-2.0

/// The layout of stored documents.
///
/// Documents are put into slots, in the order in which they were appended, and slots into blocks.
/// A merge appends whole blocks as they are; where documents then are in another order than slots,
/// a table gives each its slot. A segment that stores nothing has no blocks and no table.
///
///     section "stored fields": the blocks
///       4 bytes   CRC-32C of the rest of the block
///       varints   the length of each document of the block
///       ...       the documents, one after another, compressed (``BlockCompressor``)
///
///     section "stored fields index"
///       4 bytes   number of blocks b
///       4         number of slots s
///       4         number of documents
///       1         bits of a slot in the table; 0 where document n is in slot n
///       3         zeros
///       8 * b     offset of each block in the section, ascending from 0
///       4 * b     first slot of each block, ascending from 0
///       ...       the table, packed
///       8         zeros
enum StoredFieldsFormat {
  /// A block is closed once its documents reach this many bytes.
  static let blockSize = 32 << 10
  static let blockHeaderSize = 4
  static let indexHeaderSize = 16
}
