// SPDX-License-Identifier: Apache-2.0

/// What an indexing buffer keeps of its documents beside their terms.
struct BufferedDocuments: ~Copyable {
  /// The key of every document.
  private(set) var keys = ByteColumn()
  private var stored = StoredFieldsWriter()
  /// The insertion numbers, in ascending order.
  private(set) var sequences: [UInt64] = []
  /// The lengths in tokens of every text field, document after document.
  private var lengths: [[UInt32]]
  /// The values of every schema field that is a column; empty for other fields.
  private var columns: [ColumnBuffer]
  // The slot of each document where that is not its number.
  private var slots: [UInt32]?
  /// The schema's text fields.
  let textFields: [Int]

  init(fields: IndexedFields) {
    textFields = fields.textFields
    lengths = textFields.map { _ in [] }
    columns = fields.kinds.map { _ in ColumnBuffer() }
  }

  var count: Int { sequences.count }

  var byteCount: Int {
    keys.byteCount + stored.memoryInBytes + count * (8 + 4 * lengths.count)
      + columns.reduce(0) { $0 + $1.byteCount }
  }

  mutating func removeAll() {
    keys.removeAll()
    stored = StoredFieldsWriter()
    sequences.removeAll(keepingCapacity: true)
    for index in lengths.indices { lengths[index].removeAll(keepingCapacity: true) }
    for index in columns.indices { columns[index].removeAll() }
  }

  mutating func append(
    key: UnsafeRawBufferPointer, sequence: UInt64, stored bytes: UnsafeRawBufferPointer
  ) {
    keys.append(key)
    stored.append(bytes)
    sequences.append(sequence)
    for index in lengths.indices { lengths[index].append(0) }
  }

  /// Sets the length of a text field, by its place among these, in the last document.
  mutating func setLength(_ length: UInt32, textField: Int) {
    lengths[textField][count - 1] = length
  }

  /// Sets the value of a column in the last document.
  mutating func setColumn(_ value: Int64, field: Int) {
    columns[field].set(value, document: count - 1)
  }

  /// Takes the documents of several buffers over, which lose what they store.
  ///
  /// - Parameters:
  ///   - workers: Whose buffers; no other thread uses them.
  ///   - order: The documents in their new order.
  ///   - fields: The inverted fields.
  init(of workers: [IndexingWorker], order: [DocumentOrder.Origin], fields: IndexedFields) {
    self.init(fields: fields)
    var firstSlots: [UInt32] = []
    for worker in workers {
      firstSlots.append(stored.slotCount)
      stored.append(contentsOf: &worker.buffer.documents.stored)
    }
    slots = order.map { firstSlots[$0.source] + $0.document }
    for origin in order {
      let worker = workers[origin.source]
      let document = Int(origin.document)
      worker.buffer.documents.keys.withBytes(at: document) { keys.append($0) }
      sequences.append(worker.buffer.documents.sequences[document])
    }
    for field in lengths.indices {
      let old = workers.map { $0.buffer.documents.lengths[field] }
      lengths[field] = order.map { old[$0.source][Int($0.document)] }
    }
    for field in columns.indices {
      let old = workers.map { $0.buffer.documents.columns[field] }
      guard old.contains(where: { !$0.documents.isEmpty }) else { continue }
      var next = old.map { _ in 0 }
      for (document, origin) in order.enumerated() {
        let (column, place) = (old[origin.source], next[origin.source])
        guard place < column.documents.count, column.documents[place] == origin.document else {
          continue
        }
        columns[field].set(column.values[place], document: document)
        next[origin.source] += 1
      }
    }
  }

  /// Writes all sections but those of the terms, which may follow.
  mutating func write(to writer: SegmentWriter) throws(IndexError) {
    try stored.finish(to: writer.file, slots: slots)
    try writeKeys(to: writer.file)
    try writeColumns(to: writer.file)
    try writer.writeSequence(sequences)
    try writeLengths(to: writer)
  }

  private func writeKeys(to file: SegmentFileWriter) throws(IndexError) {
    var writer = DocumentKeysWriter()
    for document in 0..<count {
      keys.withBytes(at: document) { writer.append($0) }
    }
    try writer.finish(to: file)
  }

  private func writeColumns(to file: SegmentFileWriter) throws(IndexError) {
    for (field, column) in columns.enumerated() where !column.documents.isEmpty {
      var next = 0
      let bytes = DocValuesWriter.encode(documentCount: count) { document -> Int64? in
        guard next < column.documents.count, column.documents[next] == document else { return nil }
        next += 1
        return column.values[next - 1]
      }
      try file.writeSection(.docValues, field: UInt16(field), bytes)
    }
  }

  private func writeLengths(to writer: SegmentWriter) throws(IndexError) {
    for (place, field) in textFields.enumerated() {
      var totals = SegmentInfo.FieldStatistics()
      let codes = lengths[place].map { length in
        totals.totalLength += UInt64(length)
        totals.documentCount += length > 0 ? 1 : 0
        return FieldLengthCode.encode(length)
      }
      try writer.writeLengths(codes, totals, field: field)
    }
  }

  /// All documents but those that a later one of the same key replaces.
  func liveDocuments() -> LiveDocs {
    var live = LiveDocs(documentCount: count)
    var table = KeyTable(capacity: count)
    for document in (0..<UInt32(count)).reversed() {
      // The last document of a key comes first and keeps its place in the table.
      if table.find(document, in: keys) != document { live.delete(document) }
    }
    return live
  }
}

/// The values of one column, for the documents that have one.
private struct ColumnBuffer {
  /// The documents that have a value, in ascending order.
  private(set) var documents: [UInt32] = []
  /// Their values.
  private(set) var values: [Int64] = []

  var byteCount: Int { documents.count * 12 }

  mutating func set(_ value: Int64, document: Int) {
    let document = UInt32(truncatingIfNeeded: document)
    if documents.last == document {
      values[values.count - 1] = value
    } else {
      documents.append(document)
      values.append(value)
    }
  }

  mutating func removeAll() {
    documents.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }
}
