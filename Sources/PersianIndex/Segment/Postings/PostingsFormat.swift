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
  package static let headerSize = 20
  /// The zero bytes that follow the last record, so that readers may load whole words.
  package static let padding = 64
  /// The first byte of a block whose documents are a bit set.
  package static let bitSetMark: UInt8 = 63

  /// Where the parts of a list in blocks are, from the start of its record.
  package struct Layout {
    /// The number of full blocks.
    package let fullBlocks: Int
    /// The number of blocks, the tail included.
    package let blocks: Int
    /// The number of groups.
    package let groups: Int
    /// The last document of each block: 4 bytes each.
    package let lastDocuments: Int
    /// The start of each group's first block: 4 bytes each.
    package let groupOffsets: Int
    /// The start of the positions of each group's first block: 4 bytes each.
    package let groupPositions: Int
    /// The start of each block, from its group's: 2 bytes each.
    package let offsets: Int
    /// The start of each block's positions, from its group's: 2 or 4 bytes each.
    package let positionOffsets: Int
    /// The greatest impact of each block: 1 byte each.
    package let bounds: Int
    /// The greatest impact of each group: 1 byte each.
    package let groupBounds: Int
    /// The first packed block.
    package let data: Int

    /// Computes the layout.
    ///
    /// - Parameters:
    ///   - documentFrequency: At least ``PostingsFormat/blockSize``.
    ///   - hasPositions: Whether the field has positions.
    ///   - hasWideOffsets: Whether the offsets of positions take 4 bytes.
    @inline(__always)
    package init(documentFrequency: Int, hasPositions: Bool, hasWideOffsets: Bool) {
      fullBlocks = documentFrequency / PostingsFormat.blockSize
      blocks =
        (documentFrequency &+ PostingsFormat.blockSize &- 1) / PostingsFormat.blockSize
      groups = (blocks &+ PostingsFormat.groupSize &- 1) / PostingsFormat.groupSize
      lastDocuments = PostingsFormat.headerSize
      groupOffsets = lastDocuments &+ 4 &* blocks
      groupPositions = groupOffsets &+ 4 &* groups
      offsets = groupPositions &+ (hasPositions ? 4 &* groups : 0)
      positionOffsets = offsets &+ 2 &* blocks
      bounds =
        positionOffsets &+ (hasPositions ? (hasWideOffsets ? 4 : 2) &* blocks : 0)
      groupBounds = bounds &+ blocks
      data = groupBounds &+ groups
    }
  }
}
