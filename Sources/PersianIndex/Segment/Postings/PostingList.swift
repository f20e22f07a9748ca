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
  package let record: UnsafeRawPointer
  /// The bytes that may be read from `record`, at least ``PostingsFormat/padding`` of them zero.
  let available: Int
  let layout: PostingsFormat.Layout
  let hasSkips: Bool
  let hasPositions: Bool
  /// Whether the positions of each block begin with what ``PositionAnchor`` reads.
  let hasAnchors: Bool
  /// Whether some document has the term more than once.
  let hasFrequencies: Bool
  /// The bits of a last document, and what leaves them of more.
  private let documentWidth: Int
  private let documentMask: UInt32
  private let offsetWidth: Int
  private let positionWidth: Int
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
    hasFrequencies = info.totalTermFrequency != UInt64(info.documentFrequency)
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
      (documentWidth, documentMask, offsetWidth, positionWidth) = (0, 0, 0, 0)
      positionsStart = 0
      hasAnchors = false
      dataEnd = available
      layout = PostingsFormat.Layout(
        documentFrequency: 1, limit: limit, offsetWidth: 0, positionWidth: nil)
      return
    }
    guard available >= PostingsFormat.headerSize else { throw Self.corrupt(info) }
    documentWidth = PostingsFormat.documentWidth(limit: limit)
    documentMask = .max >> UInt32(32 - documentWidth)
    offsetWidth = Int(record.load(fromByteOffset: 12, as: UInt8.self))
    let positionForm = record.load(fromByteOffset: 13, as: UInt8.self)
    positionWidth = Int(positionForm & ~PostingsFormat.anchorMark)
    hasAnchors = positionForm & PostingsFormat.anchorMark != 0
    guard max(offsetWidth, positionWidth) <= 40 else { throw Self.corrupt(info) }
    layout = PostingsFormat.Layout(
      documentFrequency: frequency, limit: limit, offsetWidth: offsetWidth,
      positionWidth: hasPositions ? positionWidth : nil)
    blockCount = layout.blocks
    let dataSize = Int(UInt32(littleEndian: record.loadUnaligned(as: UInt32.self)))
    dataEnd = layout.data + dataSize
    positionsStart = dataEnd
    guard dataEnd <= available else { throw Self.corrupt(info) }
    let record = record
    func impact(_ offset: Int) -> Float {
      Float(UInt16(littleEndian: record.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
        / 65535
    }
    maximumImpact = impact(4)
    bestImpacts = (impact(6), impact(8), impact(10))
  }

  private static func corrupt(_ info: TermInfo) -> IndexError {
    IndexError(
      .corrupt, "a posting list lies outside the postings section; run verify",
      offset: info.offset)
  }

  /// The last document of a block of a list with skip arrays.
  @inline(__always)
  package func lastDocument(_ block: Int) -> UInt32 {
    let bit = block &* documentWidth
    let word = UInt64(
      littleEndian: (record + (layout.lastDocuments &+ bit >> 3)).loadUnaligned(as: UInt64.self))
    return UInt32(truncatingIfNeeded: word &>> UInt64(bit & 7)) & documentMask
  }

  /// The stored bound of a block's impacts in 255ths of ``maximumImpact``; 255 without skip arrays.
  @inline(__always)
  package func bound(_ block: Int) -> UInt8 {
    hasSkips ? record.load(fromByteOffset: layout.bounds &+ block, as: UInt8.self) : 255
  }

  /// What a table of offsets has for a block: how far the line of its group has come, and what the
  /// block lies above the line.
  @inline(__always)
  private func offset(_ block: Int, table: Int, width: Int) -> Int {
    // Unsigned, so that these are a shift and a mask.
    let group = Int(UInt(bitPattern: block) / UInt(PostingsFormat.groupSize))
    let place = Int(UInt(bitPattern: block) % UInt(PostingsFormat.groupSize))
    let entry = record + (table &+ PostingsFormat.groupEntrySize &* group)
    let first = Int(UInt32(littleEndian: entry.loadUnaligned(as: UInt32.self)))
    let step = Int(UInt16(littleEndian: entry.loadUnaligned(fromByteOffset: 4, as: UInt16.self)))
    let bit = block &* width
    let word = UInt64(
      littleEndian: (record + (table &+ layout.entriesSize &+ bit >> 3))
        .loadUnaligned(as: UInt64.self))
    let above = (word &>> UInt64(bit & 7)) & ((UInt64(1) &<< UInt64(width)) &- 1)
    // The line may begin below 0.
    return (first &+ step &* place &+ Int(truncatingIfNeeded: above)) & 0xffff_ffff
  }

  /// The start of a block from the record's, of a list with skip arrays.
  @inline(__always)
  func blockOffset(_ block: Int) -> Int {
    layout.data &+ offset(block, table: layout.offsets, width: offsetWidth)
  }

  /// The start of a block's positions from the record's, of a list with skip arrays.
  @inline(__always)
  package func positionsOffset(_ block: Int) -> Int {
    positionsStart &+ offset(block, table: layout.positionOffsets, width: positionWidth)
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
