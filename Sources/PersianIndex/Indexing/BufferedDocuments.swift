// SPDX-License-Identifier: Apache-2.0

/// What an indexing buffer keeps of its documents beside their terms.
struct BufferedDocuments: ~Copyable {
  /// The key of every document.
  private(set) var keys = ByteColumn()
  private var stored = StoredFieldsWriter()
  /// The insertion numbers, in ascending order.
  private(set) var sequences: [UInt64] = []
  /// The codes of the lengths of every text field, document after document.
  private var lengths: [[UInt8]]
  private var totals: [SegmentInfo.FieldStatistics]
  /// The values of every schema field that is a column; empty for other fields.
  private var columns: [ColumnBuffer]
  // The slot of each document where that is not its number.
  private var slots: [UInt32]?
  /// The schema's text fields.
  let textFields: [Int]

  init(fields: IndexedFields) {
    textFields = fields.textFields
    lengths = textFields.map { _ in [] }
    totals = textFields.map { _ in SegmentInfo.FieldStatistics() }
    columns = fields.kinds.map { _ in ColumnBuffer() }
  }

  var count: Int { sequences.count }

  var byteCount: Int {
    keys.byteCount + stored.memoryInBytes + count * (8 + lengths.count)
      + columns.reduce(0) { $0 + $1.byteCount }
  }

  mutating func removeAll() {
    keys.removeAll()
    slots = nil
    stored = StoredFieldsWriter()
    sequences.removeAll(keepingCapacity: true)
    for index in lengths.indices {
      lengths[index].removeAll(keepingCapacity: true)
      totals[index] = SegmentInfo.FieldStatistics()
    }
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

  /// Sets the length of a text field, by its place among these, in the last document; once at most.
  mutating func setLength(_ length: UInt32, textField: Int) {
    lengths[textField][count - 1] = FieldLengthCode.encode(length)
    totals[textField].totalLength += UInt64(length)
    totals[textField].documentCount += length > 0 ? 1 : 0
  }

  /// Sets the value of a column in the last document.
  mutating func setColumn(_ value: Int64, field: Int) {
    columns[field].set(value, document: count - 1)
  }

  /// Takes the documents of several buffers over, which lose what they store.
  ///
  /// - Parameters:
  ///   - workers: Whose buffers; other threads may read their terms meanwhile.
  ///   - order: The documents in their new order.
  ///   - fields: The inverted fields.
  init(of workers: [IndexingWorker], order: DocumentOrder, fields: IndexedFields) {
    self.init(fields: fields)
    var firstSlots: [UInt32] = []
    for worker in workers {
      firstSlots.append(stored.slotCount)
      stored.append(contentsOf: &worker.buffer.documents.stored)
    }
    slots = order.joined(
      firstSlots.indices.map { source in
        (0..<order.places[source].count).map { firstSlots[source] + UInt32($0) }
      })
    keys = ByteColumn(workers.map { $0.buffer.documents.keys }, order: order)
    sequences = order.joined(workers.map { $0.buffer.documents.sequences })
    for place in textFields.indices {
      lengths[place] = order.joined(workers.map { $0.buffer.documents.lengths[place] })
      for worker in workers {
        totals[place].totalLength += worker.buffer.documents.totals[place].totalLength
        totals[place].documentCount += worker.buffer.documents.totals[place].documentCount
      }
    }
    for field in columns.indices {
      columns[field] = ColumnBuffer(
        workers.map { $0.buffer.documents.columns[field] }, order: order)
    }
  }

  /// Gives the lengths, without which no list can be coded, to the writer of a segment.
  func setLengths(of writer: SegmentWriter) {
    for place in textFields.indices { writer.setLengths(lengths[place], totals[place]) }
  }

  /// Writes all sections but those of the terms, which may follow; the writer has the lengths.
  mutating func write(to writer: SegmentWriter) throws(IndexError) {
    try stored.finish(to: writer.file, slots: slots)
    try writeKeys(to: writer.file)
    try writeColumns(to: writer.file)
    try writer.writeSequence(sequences)
    try writer.writeLengths()
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

  init() {}

  /// Takes over the columns of several buffers.
  init(_ old: [ColumnBuffer], order: DocumentOrder) {
    guard old.contains(where: { !$0.documents.isEmpty }) else { return }
    var next = old.map { _ in 0 }
    var first = 0
    for run in order.runs {
      let column = old[run.source]
      var place = next[run.source]
      while place < column.documents.count, column.documents[place] < run.documents.upperBound {
        let document = Int(column.documents[place]) - run.documents.lowerBound
        set(column.values[place], document: first + document)
        place += 1
      }
      next[run.source] = place
      first += run.documents.count
    }
  }

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
