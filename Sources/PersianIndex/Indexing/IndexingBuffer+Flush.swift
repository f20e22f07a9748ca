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
      documents.setLengths(of: writer)
      try documents.write(to: writer)
      try writer.beginTerms()
      try writeTerms(to: writer)
      try writer.endTerms()
      let entry = try writer.finish(synchronizing: synchronizing)
      return (entry, documents.liveDocuments(), writer.file.unsynchronized)
    } catch {
      writer.discard()
      throw error
    }
  }

  private func writeTerms(to writer: SegmentWriter) throws(IndexError) {
    try terms.forEachTerm(hasPositions: fields.hasPositions) { (key, list) throws(IndexError) in
      try writer.addTerm(
        key, documents: list.documents, frequencies: list.frequencies, positions: list.positions)
    }
  }
}
