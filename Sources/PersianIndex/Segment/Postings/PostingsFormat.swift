// SPDX-License-Identifier: Apache-2.0

/// The layout of a term's record in the postings section; docs/FORMAT.md has it byte by byte.
///
/// A term of fewer than ``blockSize`` documents has a Rice-coded stream and then its positions. Any
/// other has a header, skip arrays of two levels, packed blocks of 128 documents, a Rice-coded
/// tail and then its positions.
package enum PostingsFormat {
  /// The number of documents in a packed block.
  package static let blockSize = 128
  /// The number of blocks in a group, the upper level of the skip arrays.
  package static let groupSize = 32
  /// The bytes of the header of a list in blocks.
  package static let headerSize = 14
  /// In the byte of the width of distances of positions: whether blocks of positions begin with what
  /// ``PositionAnchor`` reads.
  static let anchorMark: UInt8 = 0x80
  /// The bytes of a group in the tables of offsets: its first (4) and the step (2).
  static let groupEntrySize = 6
  /// The zero bytes that follow the last record, so that readers may load whole words.
  package static let padding = 64

  /// The bits of a doc id among the last documents of blocks: those that any of the segment has.
  ///
  /// - Parameter limit: The number of documents of the segment.
  /// - Returns: From 0 to 32.
  @inline(__always)
  static func documentWidth(limit: UInt32) -> Int {
    UInt32.bitWidth &- (limit == 0 ? 0 : limit &- 1).leadingZeroBitCount
  }

  /// Where the parts of a list in blocks are, from the start of its record.
  package struct Layout {
    /// The number of full blocks.
    package let fullBlocks: Int
    /// The number of blocks, the tail included.
    package let blocks: Int
    /// The number of groups.
    package let groups: Int
    /// The last document of each block: packed numbers.
    package let lastDocuments: Int
    /// Where blocks lie: an entry for each group, then packed numbers.
    package let offsets: Int
    /// The bytes of the entries of all groups in a table of offsets.
    let entriesSize: Int
    /// Where the positions of blocks lie: an entry for each group, then packed numbers.
    package let positionOffsets: Int
    /// The greatest impact of each block: 1 byte each.
    package let bounds: Int
    /// The first packed block.
    package let data: Int

    /// Computes the layout.
    ///
    /// - Parameters:
    ///   - documentFrequency: At least ``PostingsFormat/blockSize``.
    ///   - limit: The number of documents of the segment.
    ///   - offsetWidth: The bits of a packed number of the offsets of blocks.
    ///   - positionWidth: The bits of one of the offsets of positions; `nil` for a field without
    ///     positions.
    @inline(__always)
    package init(
      documentFrequency: Int, limit: UInt32, offsetWidth: Int, positionWidth: Int?
    ) {
      fullBlocks = documentFrequency / PostingsFormat.blockSize
      blocks =
        (documentFrequency &+ PostingsFormat.blockSize &- 1) / PostingsFormat.blockSize
      groups = (blocks &+ PostingsFormat.groupSize &- 1) / PostingsFormat.groupSize
      lastDocuments = PostingsFormat.headerSize
      offsets =
        lastDocuments &+ (PostingsFormat.documentWidth(limit: limit) &* blocks &+ 7) >> 3
      entriesSize = PostingsFormat.groupEntrySize &* groups
      positionOffsets = offsets &+ entriesSize &+ (offsetWidth &* blocks &+ 7) >> 3
      bounds =
        positionOffsets
        &+ (positionWidth == nil
          ? 0 : entriesSize &+ ((positionWidth ?? 0) &* blocks &+ 7) >> 3)
      data = bounds &+ blocks
    }
  }
}
