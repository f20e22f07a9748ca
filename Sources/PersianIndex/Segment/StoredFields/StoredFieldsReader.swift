// SPDX-License-Identifier: Apache-2.0

/// Gives back stored documents of a segment.
///
/// A value without state: many threads can read at once. The segment file must outlive it, which it
/// makes sure of itself.
package struct StoredFieldsReader: @unchecked Sendable {
  // Sendable: the bytes are constant and their owner is held.
  private let file: SegmentFile
  private let blocks: UnsafeRawBufferPointer
  private let offsets: UnsafeRawPointer
  private let firstSlots: UnsafeRawPointer
  private let table: UnsafeRawPointer
  private let tableWidth: Int
  /// The number of blocks; 0 where every document is empty.
  package let blockCount: Int
  /// The number of documents appended by the writer, those included that no document uses.
  package let slotCount: Int
  /// The number of documents.
  package let documentCount: Int

  /// Checks the index of the blocks.
  ///
  /// - Complexity: O(number of blocks).
  package init(_ file: SegmentFile) throws(IndexError) {
    self.file = file
    blocks = try file.requiredSection(.storedFields)
    var reader = try file.reader(.storedFieldsIndex)
    blockCount = Int(try reader.readUInt32())
    slotCount = Int(try reader.readUInt32())
    documentCount = Int(try reader.readUInt32())
    tableWidth = Int(try reader.readUInt32())
    offsets = try Self.start(of: reader.readBytes(blockCount * 8))
    firstSlots = try Self.start(of: reader.readBytes(blockCount * 4))
    guard tableWidth <= 32, tableWidth > 0 || documentCount == slotCount else {
      throw reader.corrupt("stored fields: the table of slots is impossible")
    }
    table = try Self.start(
      of: reader.readBytes(PackedIntegers.byteCount(of: documentCount, width: tableWidth)))
    guard try reader.readUInt64() == 0, reader.remaining == 0 else {
      throw reader.corrupt("stored fields: the index of blocks has another length")
    }
    if blockCount == 0 {
      // Every document is empty.
      guard blocks.isEmpty, tableWidth == 0 else {
        throw reader.corrupt("stored fields: there are slots without blocks")
      }
      return
    }
    // Every document has a length of a byte at least, so a small file cannot claim many.
    guard blocks.count >= slotCount, slotCount > 0, documentCount <= slotCount else {
      throw reader.corrupt("stored fields: there are too few bytes for \(slotCount) slots")
    }
    for block in 0..<blockCount {
      let isAscending =
        block == 0
        ? offset(ofBlock: 0) == 0 && firstSlot(ofBlock: 0) == 0
        : offset(ofBlock: block) > offset(ofBlock: block - 1)
          && firstSlot(ofBlock: block) > firstSlot(ofBlock: block - 1)
      guard isAscending, firstSlot(ofBlock: block) < slotCount,
        offset(ofBlock: block) < UInt64(blocks.count)
      else { throw file.corrupt("block \(block) is out of order", .storedFieldsIndex) }
    }
  }

  private static func start(of bytes: UnsafeRawBufferPointer) throws(IndexError) -> UnsafeRawPointer
  {
    guard let start = bytes.baseAddress else {
      throw IndexError(.corrupt, "stored fields: a part of the index is missing")
    }
    return start
  }

  /// Returns the bytes of a document.
  ///
  /// - Throws: `corrupt` where the block's checksum or a length is wrong.
  /// - Complexity: O(bytes of the block up to the document's end); 32 KiB unless a document is
  ///   longer.
  package func document(_ document: UInt32) throws(IndexError) -> [UInt8] {
    var cursor = StoredFieldsCursor(self)
    return try cursor.document(inSlot: slot(of: document), wholeBlock: false)
  }

  /// Returns the slot a document is in.
  package func slot(of document: UInt32) throws(IndexError) -> UInt32 {
    precondition(document < documentCount, "a document beyond the segment's last")
    defer { withExtendedLifetime(file) {} }
    guard tableWidth > 0 else { return document }
    let slot = PackedIntegers(table, width: tableWidth)[Int(document)]
    guard slot < UInt64(slotCount) else {
      throw file.corrupt("the slot of document \(document) is impossible", .storedFieldsIndex)
    }
    return UInt32(slot)
  }

  /// Returns the slots that a block holds.
  package func slots(ofBlock block: Int) -> Range<UInt32> {
    let end = block + 1 < blockCount ? firstSlot(ofBlock: block + 1) : slotCount
    return UInt32(firstSlot(ofBlock: block))..<UInt32(end)
  }

  /// Returns the block that holds a slot.
  func block(ofSlot slot: UInt32) -> Int {
    var low = 0
    var high = blockCount
    while high - low > 1 {
      let middle = (low + high) / 2
      if firstSlot(ofBlock: middle) <= Int(slot) { low = middle } else { high = middle }
    }
    return low
  }

  /// Returns the bytes of a block after checking them against their checksum.
  func checkedBlock(_ block: Int) throws(IndexError) -> UnsafeRawBufferPointer {
    let start = Int(offset(ofBlock: block))
    let end = block + 1 < blockCount ? Int(offset(ofBlock: block + 1)) : blocks.count
    let bytes = UnsafeRawBufferPointer(rebasing: blocks[start..<end])
    let header = StoredFieldsFormat.blockHeaderSize
    guard bytes.count > header,
      UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
        == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[header...]))
    else {
      throw file.corrupt("the checksum of block \(block) differs", .storedFields, at: start)
    }
    return bytes
  }

  func corrupt(_ message: String, block: Int) -> IndexError {
    file.corrupt(message, .storedFields, at: Int(offset(ofBlock: block)))
  }

  var path: String { file.path }

  /// Reads every document.
  ///
  /// - Throws: `corrupt` at the first that cannot be read.
  package func verify() throws(IndexError) {
    var cursor = StoredFieldsCursor(self)
    for block in 0..<blockCount { try cursor.load(block) }
    for document in 0..<UInt32(documentCount) { _ = try slot(of: document) }
  }

  private func offset(ofBlock block: Int) -> UInt64 {
    UInt64(littleEndian: offsets.loadUnaligned(fromByteOffset: block * 8, as: UInt64.self))
  }

  private func firstSlot(ofBlock block: Int) -> Int {
    Int(UInt32(littleEndian: firstSlots.loadUnaligned(fromByteOffset: block * 4, as: UInt32.self)))
  }
}
