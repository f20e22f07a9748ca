// SPDX-License-Identifier: Apache-2.0

/// Compresses documents into blocks and writes them as the stored fields of a segment.
///
///     var writer = StoredFieldsWriter()
///     writer.append(document)               // once per document
///     try writer.finish(to: file)
///
/// Compressed blocks are held in memory until ``drain(to:)`` or ``finish(to:slots:)``.
package struct StoredFieldsWriter: ~Copyable {
  private var compressor = BlockCompressor()
  // Compressed blocks that have not been drained.
  private var blocks: [UInt8] = []
  private var drained = 0
  private var offsets: [UInt64] = []
  private var firstSlots: [UInt32] = []
  // The block that is being filled.
  private var raw: [UInt8] = []
  private var lengths = ByteWriter()
  private var slotsInBlock: UInt32 = 0
  private var isSectionOpen = false
  /// The number of documents appended so far, which is the slot of the next.
  package private(set) var slotCount: UInt32 = 0

  package init() {}

  /// The bytes of memory that documents appended so far take.
  package var memoryInBytes: Int {
    blocks.count + raw.count + offsets.count * 12 + lengths.count
  }

  /// Appends a document and returns its slot.
  @discardableResult
  package mutating func append(_ document: UnsafeRawBufferPointer) -> UInt32 {
    raw.append(contentsOf: document)
    lengths.appendVarint(UInt64(document.count))
    slotsInBlock += 1
    slotCount += 1
    if raw.count >= StoredFieldsFormat.blockSize { closeBlock() }
    return slotCount - 1
  }

  /// Appends a block of another segment without decompressing it and returns its first slot.
  package mutating func appendBlock(
    _ index: Int, of reader: StoredFieldsReader
  ) throws(IndexError) -> UInt32 {
    closeBlock()
    let first = slotCount
    startBlock()
    blocks.append(contentsOf: try reader.checkedBlock(index))
    slotCount += UInt32(reader.slots(ofBlock: index).count)
    return first
  }

  /// Appends all documents of another writer, which has been drained of none and is of no more use.
  package mutating func append(contentsOf other: inout StoredFieldsWriter) {
    if offsets.isEmpty, raw.isEmpty, other.offsets.isEmpty, other.raw.isEmpty {
      // Neither stores anything.
      lengths.append(other.lengths.bytes)
      slotsInBlock += other.slotsInBlock
      slotCount += other.slotCount
      return
    }
    closeBlock()
    other.closeBlock()
    let distance = UInt64(drained + blocks.count)
    for offset in other.offsets { offsets.append(offset + distance) }
    for slot in other.firstSlots { firstSlots.append(slot + slotCount) }
    blocks.append(contentsOf: other.blocks)
    slotCount += other.slotCount
    other = StoredFieldsWriter()
  }

  /// Writes the finished blocks to the file and frees their memory.
  ///
  /// The first call opens a section; no other may be written until ``finish(to:slots:)``.
  package mutating func drain(to file: SegmentFileWriter) throws(IndexError) {
    if !isSectionOpen {
      try file.beginSection(.storedFields)
      isSectionOpen = true
    }
    try file.write(blocks)
    drained += blocks.count
    blocks.removeAll(keepingCapacity: true)
  }

  /// Writes what is left, and the index of the blocks.
  ///
  /// - Parameters:
  ///   - file: The segment.
  ///   - slots: The slot of each document in document order; `nil` where document n is in slot n.
  /// - Throws: What the file throws.
  package mutating func finish(
    to file: SegmentFileWriter, slots: [UInt32]? = nil
  ) throws(IndexError) {
    // A segment that stores nothing has no blocks at all.
    if !offsets.isEmpty || !raw.isEmpty { closeBlock() }
    try drain(to: file)
    try file.endSection()
    try file.writeSection(.storedFieldsIndex, index(slots: slots))
  }

  private mutating func index(slots: [UInt32]?) -> [UInt8] {
    var table = slots
    if offsets.isEmpty {
      slotCount = slots.map { UInt32($0.count) } ?? slotCount
      table = nil
    } else if let slots, slots.count == Int(slotCount),
      slots.indices.allSatisfy({ slots[$0] == UInt32($0) })
    {
      table = nil
    }
    let width = table == nil ? 0 : max(1, PackedIntegers.width(for: UInt64(slotCount)))
    var index = ByteWriter()
    index.append(UInt32(offsets.count))
    index.append(slotCount)
    index.append(table.map { UInt32($0.count) } ?? slotCount)
    index.append(UInt32(width))
    for offset in offsets { index.append(offset) }
    for slot in firstSlots { index.append(slot) }
    if let table {
      PackedIntegers.append(table.lazy.map { UInt64($0) }, width: width, to: &index)
    }
    index.append(UInt64(0))
    return index.bytes
  }

  private mutating func startBlock() {
    offsets.append(UInt64(drained + blocks.count))
    firstSlots.append(slotCount - slotsInBlock)
  }

  private mutating func closeBlock() {
    guard slotsInBlock > 0 else { return }
    startBlock()
    let start = blocks.count
    blocks.append(contentsOf: [0, 0, 0, 0])
    blocks.append(contentsOf: lengths.bytes)
    raw.withUnsafeBufferPointer {
      compressor.compress(UnsafeRawBufferPointer($0), appendingTo: &blocks)
    }
    let checksum = blocks.withUnsafeBytes {
      CRC32C.checksum(
        UnsafeRawBufferPointer(rebasing: $0[(start + StoredFieldsFormat.blockHeaderSize)...]))
    }
    for byte in 0..<4 {
      blocks[start + byte] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * byte))
    }
    raw.removeAll(keepingCapacity: true)
    lengths.removeAll()
    slotsInBlock = 0
  }
}
