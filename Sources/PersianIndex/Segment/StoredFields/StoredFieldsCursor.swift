// SPDX-License-Identifier: Apache-2.0

/// Reads stored documents one after another and keeps the last block, for reading in slot order.
package struct StoredFieldsCursor {
  private let reader: StoredFieldsReader
  private var block = -1
  private var raw: [UInt8] = []
  // Where each document of the block starts in `raw`, and where the last ends.
  private var bounds: [Int] = []

  package init(_ reader: StoredFieldsReader) {
    self.reader = reader
  }

  /// Returns the bytes of a document.
  package mutating func document(_ document: UInt32) throws(IndexError) -> [UInt8] {
    try self.document(inSlot: reader.slot(of: document), wholeBlock: true)
  }

  /// Returns the bytes in a slot, of which `wholeBlock` says that its neighbours will be wanted.
  mutating func document(
    inSlot slot: UInt32, wholeBlock: Bool = true
  ) throws(IndexError) -> [UInt8] {
    if reader.blockCount == 0 { return [] }
    let wanted = reader.block(ofSlot: slot)
    let place = Int(slot - reader.slots(ofBlock: wanted).lowerBound)
    if wanted != block {
      try load(wanted, documents: wholeBlock ? nil : place + 1)
    }
    return Array(raw[bounds[place]..<bounds[place + 1]])
  }

  /// Decompresses a block, or its first documents; those after them cannot be asked for then.
  mutating func load(_ wanted: Int, documents: Int? = nil) throws(IndexError) {
    block = -1
    // The pointers below do not keep the file; without this it may be released after its last use.
    defer { withExtendedLifetime(reader) {} }
    let bytes = try reader.checkedBlock(wanted)
    let header = StoredFieldsFormat.blockHeaderSize
    var lengths = ByteReader(
      UnsafeRawBufferPointer(rebasing: bytes[header...]), path: reader.path)
    let count = reader.slots(ofBlock: wanted).count
    let limit = BlockDecompressor.largestSize(from: bytes.count)
    bounds.removeAll(keepingCapacity: true)
    bounds.append(0)
    var end = 0
    for _ in 0..<count {
      guard let length = try? lengths.readCount(upTo: limit - end) else {
        throw reader.corrupt("the length of a document is impossible", block: wanted)
      }
      end += length
      bounds.append(end)
    }
    let compressed = UnsafeRawBufferPointer(rebasing: bytes[(header + lengths.position)...])
    let goal = bounds[documents ?? count]
    var isWhole = false
    raw = [UInt8](unsafeUninitializedCapacity: goal + BlockDecompressor.slack) { buffer, used in
      isWhole = BlockDecompressor.decompress(
        compressed, into: UnsafeMutableRawBufferPointer(buffer), wanted: goal)
      used = isWhole ? goal : 0
    }
    guard isWhole else {
      throw reader.corrupt("a block does not decompress", block: wanted)
    }
    if documents == nil { block = wanted }
  }
}
