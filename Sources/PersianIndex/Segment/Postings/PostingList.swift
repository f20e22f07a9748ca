// SPDX-License-Identifier: Apache-2.0

/// One term's record in a mapped postings section, its extents checked.
///
/// A list never reads outside its section, whatever the bytes say: what it cannot vouch for is
/// checked block by block as it is decoded.
package struct PostingList {
  /// The number of documents.
  package let documentFrequency: Int
  /// The number of blocks, the tail included; 1 for a list without skip arrays.
  package let blockCount: Int
  /// The number of documents of the segment: no document is at or above it.
  package let limit: UInt32
  /// The stored bound of all impacts, between 0 and 1.
  package let maximumImpact: Float
  /// The stored 10th, 100th and 1000th greatest impacts, rounded down; 0 where there are fewer
  /// documents or the list has no skip arrays.
  package let bestImpacts: (Float, Float, Float)
  /// The start of the record.
  let record: UnsafeRawPointer
  /// The bytes that may be read from `record`, at least ``PostingsFormat/padding`` of them zero.
  let available: Int
  let layout: PostingsFormat.Layout
  let hasSkips: Bool
  let hasPositions: Bool
  let hasWideOffsets: Bool
  /// The start of the positions from the record's; 0 for a list without skip arrays, where it is
  /// known once the run is decoded.
  let positionsStart: Int
  let dataEnd: Int
  /// The only document, where there is one.
  let singleDocument: UInt32
  let singleFrequency: UInt32

  /// Opens the record of a term.
  ///
  /// - Parameters:
  ///   - info: The term, from the dictionary of the same segment.
  ///   - section: The postings section.
  ///   - limit: The number of documents of the segment.
  ///   - hasPositions: Whether the field has positions.
  /// - Throws: `.corrupt` when the record's extents are not inside the section.
  package init(
    _ info: TermInfo, section: UnsafeRawBufferPointer, limit: UInt32, hasPositions: Bool
  ) throws(IndexError) {
    let frequency = Int(info.documentFrequency)
    let end = section.count - PostingsFormat.padding
    guard let start = section.baseAddress, frequency >= 1, info.documentFrequency <= limit,
      limit <= UInt32(Int32.max),
      info.offset <= UInt64(max(end, 0))
    else { throw Self.corrupt(info) }
    documentFrequency = frequency
    self.limit = limit
    self.hasPositions = hasPositions
    record = start + Int(info.offset)
    available = end - Int(info.offset)
    hasSkips = frequency >= PostingsFormat.blockSize
    singleDocument = info.singleDocument
    singleFrequency = UInt32(truncatingIfNeeded: info.totalTermFrequency)
    if !hasSkips {
      guard frequency > 1 || info.singleDocument < limit else { throw Self.corrupt(info) }
      blockCount = 1
      maximumImpact = 1
      bestImpacts = (0, 0, 0)
      hasWideOffsets = false
      positionsStart = 0
      dataEnd = available
      layout = PostingsFormat.Layout(
        documentFrequency: 1, hasPositions: false, hasWideOffsets: false)
      return
    }
    guard available >= PostingsFormat.headerSize else { throw Self.corrupt(info) }
    hasWideOffsets =
      UInt32(littleEndian: record.loadUnaligned(fromByteOffset: 16, as: UInt32.self)) & 1 != 0
    layout = PostingsFormat.Layout(
      documentFrequency: frequency, hasPositions: hasPositions, hasWideOffsets: hasWideOffsets)
    blockCount = layout.blocks
    let dataSize = Int(UInt32(littleEndian: record.loadUnaligned(as: UInt32.self)))
    let positionsSize = Int(
      UInt32(littleEndian: record.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    dataEnd = layout.data + dataSize
    positionsStart = dataEnd
    guard dataEnd + positionsSize <= available else { throw Self.corrupt(info) }
    let record = record
    func impact(_ offset: Int) -> Float {
      Float(UInt16(littleEndian: record.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        / 65535
    }
    maximumImpact = impact(8)
    bestImpacts = (impact(10), impact(12), impact(14))
  }

  private static func corrupt(_ info: TermInfo) -> IndexError {
    IndexError(
      .corrupt, "a posting list lies outside the postings section; run verify",
      offset: info.offset)
  }

  /// The last document of a block of a list with skip arrays.
  @inline(__always)
  package func lastDocument(_ block: Int) -> UInt32 {
    UInt32(
      littleEndian: record.loadUnaligned(
        fromByteOffset: layout.lastDocuments &+ 4 &* block, as: UInt32.self))
  }

  /// The stored bound of a block's impacts in 255ths of ``maximumImpact``; 255 without skip arrays.
  @inline(__always)
  package func bound(_ block: Int) -> UInt8 {
    hasSkips ? record.load(fromByteOffset: layout.bounds &+ block, as: UInt8.self) : 255
  }

  @inline(__always)
  private func u32(_ offset: Int) -> Int {
    Int(UInt32(littleEndian: record.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  @inline(__always)
  private func u16(_ offset: Int) -> Int {
    Int(UInt16(littleEndian: record.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }

  /// The start of a block from the record's, of a list with skip arrays.
  @inline(__always)
  func blockOffset(_ block: Int) -> Int {
    layout.data
      &+ u32(layout.groupOffsets &+ 4 &* (block / PostingsFormat.groupSize))
      &+ u16(layout.offsets &+ 2 &* block)
  }

  /// The start of a block's positions from the record's, of a list with skip arrays.
  @inline(__always)
  func positionsOffset(_ block: Int) -> Int {
    positionsStart
      &+ u32(layout.groupPositions &+ 4 &* (block / PostingsFormat.groupSize))
      &+ (hasWideOffsets
        ? u32(layout.positionOffsets &+ 4 &* block) : u16(layout.positionOffsets &+ 2 &* block))
  }

  /// Finds the first block that ends at or after a document.
  ///
  /// - Parameters:
  ///   - document: The document looked for.
  ///   - from: The block to start at.
  /// - Returns: The block; ``blockCount`` where the list ends before the document.
  @inline(__always)
  package func block(containing document: UInt32, from: Int) -> Int {
    var block = from
    if !hasSkips { return block }
    if block < blockCount && lastDocument(block) >= document { return block }
    // Whole groups are skipped by their last block, then blocks one by one.
    var group = block / PostingsFormat.groupSize
    while group &+ 1 < layout.groups
      && lastDocument((group &+ 1) &* PostingsFormat.groupSize &- 1) < document
    {
      group = group &+ 1
      block = group &* PostingsFormat.groupSize
    }
    while block < blockCount && lastDocument(block) < document { block = block &+ 1 }
    return block
  }
}
