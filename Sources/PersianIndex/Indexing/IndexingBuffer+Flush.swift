// SPDX-License-Identifier: Apache-2.0

extension IndexingBuffer {
  /// Writes all documents as a segment.
  ///
  /// After an error the file is gone and the buffer must be emptied: its documents are lost.
  ///
  /// - Parameters:
  ///   - directory: The directory of the index.
  ///   - segmentID: The number of the segment, which no file may have yet.
  ///   - synchronizing: Whether to wait until the file is on the medium.
  /// - Returns: The segment's entry in a manifest, the documents in it that a later one of the same
  ///   key replaces, and the file where it must be synchronized before a commit.
  /// - Throws: What the directory throws.
  /// - Complexity: O(*n*) in the occurrences, O(*t* log *t*) in the different terms.
  package mutating func flush(
    to directory: any StorageDirectory, segmentID: UInt64, synchronizing: Bool = true
  ) throws(IndexError) -> (
    entry: Manifest.SegmentEntry, live: LiveDocs, unsynchronized: UnsynchronizedFile?
  ) {
    let writer = try SegmentWriter(
      directory, segmentID: segmentID, fields: fields, documentCount: documentCount)
    do {
      try stored.finish(to: writer.file)
      try writeKeys(to: writer.file)
      try writeColumns(to: writer.file)
      try writer.writeSequence(sequences)
      try writeLengths(to: writer)
      try writer.beginTerms()
      try writeTerms(to: writer)
      try writer.endTerms()
      let entry = try writer.finish(synchronizing: synchronizing)
      return (entry, liveDocuments(), writer.file.unsynchronized)
    } catch {
      writer.discard()
      throw error
    }
  }

  private func writeKeys(to file: SegmentFileWriter) throws(IndexError) {
    var writer = DocumentKeysWriter()
    for document in 0..<documentCount {
      keys.withBytes(at: document) { writer.append($0) }
    }
    try writer.finish(to: file)
  }

  private func writeColumns(to file: SegmentFileWriter) throws(IndexError) {
    for (field, column) in columns.enumerated() where !column.documents.isEmpty {
      var next = 0
      let bytes = DocValuesWriter.encode(documentCount: documentCount) { document -> Int64? in
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

  private func writeTerms(to writer: SegmentWriter) throws(IndexError) {
    try terms.forEachTerm(hasPositions: fields.hasPositions) { (key, list) throws(IndexError) in
      try writer.addTerm(
        key, documents: list.documents, frequencies: list.frequencies, positions: list.positions)
    }
  }

  /// All documents but those that a later one of the same key replaces.
  private func liveDocuments() -> LiveDocs {
    var live = LiveDocs(documentCount: documentCount)
    var table = KeyTable(capacity: documentCount)
    for document in (0..<UInt32(documentCount)).reversed() {
      // The last document of a key comes first and keeps its place in the table.
      if table.find(document, in: keys) != document { live.delete(document) }
    }
    return live
  }
}

/// A hash table from keys to the first document that was looked up with each.
private struct KeyTable {
  private var slots: [UInt64]
  private let mask: Int
  private let hash = TermHash(seed: UInt64.random(in: .min ... .max))

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
    mask = size - 1
  }

  /// Returns the document that has the key of a document, after putting that one in where there is
  /// none yet.
  mutating func find(_ document: UInt32, in keys: borrowing ByteColumn) -> UInt32 {
    let tag = keys.withBytes(at: Int(document)) { key -> UInt64 in
      guard let start = key.baseAddress else { return 0 }
      return hash(
        field: 0, term: start.assumingMemoryBound(to: UInt8.self), count: key.count)
    }
    var place = Int(truncatingIfNeeded: tag >> 32) & mask
    while slots[place] != 0 {
      let other = UInt32(truncatingIfNeeded: slots[place]) - 1
      if slots[place] >> 32 == tag >> 32, keys.isEqual(at: Int(document), Int(other)) {
        return other
      }
      place = (place + 1) & mask
    }
    slots[place] = (tag >> 32) << 32 | UInt64(document + 1)
    return document
  }
}
