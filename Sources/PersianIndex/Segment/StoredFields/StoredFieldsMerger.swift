// SPDX-License-Identifier: Apache-2.0

/// Joins the stored documents of several segments, copying blocks whose documents are all live.
///
/// Documents keep the order of their slots, whatever order the merged segment gives them, so that
/// blocks need not be taken apart:
///
///     var merger = StoredFieldsMerger()
///     for (reader, live) in sources { try merger.append(reader, live: live, to: file) }
///     try merger.finish(to: file, documents: newOrder)
package struct StoredFieldsMerger: ~Copyable {
  private var writer = StoredFieldsWriter()
  // The new slot of each old document of each source; `.max` for a deleted one.
  private var newSlots: [[UInt32]] = []
  private static let mostBuffered = 4 << 20

  package init() {}

  /// Appends the live documents of a segment; all are where `live` is `nil`.
  package mutating func append(
    _ reader: StoredFieldsReader, live: LiveDocs?, to file: SegmentFileWriter
  ) throws(IndexError) {
    var documents = [UInt32](repeating: .max, count: reader.slotCount)
    for document in 0..<UInt32(reader.documentCount) where live?.isLive(document) ?? true {
      documents[Int(try reader.slot(of: document))] = document
    }
    var slots = [UInt32](repeating: .max, count: reader.documentCount)
    var cursor = StoredFieldsCursor(reader)
    if reader.blockCount == 0 {
      for document in documents where document != .max {
        slots[Int(document)] = writer.append(UnsafeRawBufferPointer(start: nil, count: 0))
      }
    }
    for block in 0..<reader.blockCount {
      let range = reader.slots(ofBlock: block)
      if range.allSatisfy({ documents[Int($0)] != .max }) {
        var slot = try writer.appendBlock(block, of: reader)
        for old in range {
          slots[Int(documents[Int(old)])] = slot
          slot += 1
        }
      } else {
        for old in range where documents[Int(old)] != .max {
          let bytes = try cursor.document(inSlot: old)
          slots[Int(documents[Int(old)])] = bytes.withUnsafeBytes { writer.append($0) }
        }
      }
      if writer.memoryInBytes > Self.mostBuffered { try writer.drain(to: file) }
    }
    newSlots.append(slots)
  }

  /// Writes what is left, and the index.
  ///
  /// - Parameters:
  ///   - file: The segment.
  ///   - documents: The documents of the merged segment in their order, by source and old number;
  ///     each live document of each source once.
  /// - Throws: What the file throws.
  package mutating func finish(
    to file: SegmentFileWriter, documents: some Sequence<(source: Int, document: UInt32)>
  ) throws(IndexError) {
    let slots = documents.map { newSlots[$0.source][Int($0.document)] }
    try writer.finish(to: file, slots: slots)
  }
}
