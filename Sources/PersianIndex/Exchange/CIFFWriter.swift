// SPDX-License-Identifier: Apache-2.0

/// Writes the terms of one field as a file in the Common Index File Format; see ``CIFFHeader``.
///
/// Documents are numbered from 0 in the order of the segments, without the deleted ones. A document's
/// length is the one that ranking takes, so that other engines come to the same scores; the header
/// has the exact number of tokens.
package struct CIFFWriter {
  private let segments: [SegmentSnapshot]
  private let field: Int
  private let analyzer: any Analyzer
  private let isPlain: Bool
  private let documents: CIFFDocuments

  /// Prepares to write.
  ///
  /// - Parameters:
  ///   - segments: The segments.
  ///   - field: The place of a text field in the schema.
  ///   - analyzer: What made the terms.
  ///   - isPlain: Whether the fields of ``CIFFExtension`` are left out.
  package init(
    _ segments: [SegmentSnapshot], field: Int, analyzer: any Analyzer, isPlain: Bool = false
  ) {
    self.segments = segments
    self.field = field
    self.analyzer = analyzer
    self.isPlain = isPlain
    documents = CIFFDocuments(segments)
  }

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - description: What the file holds.
  ///   - write: Receives the bytes, piece by piece; what it throws ends the writing.
  /// - Throws: `.corrupt` where the index is damaged, and what `write` throws.
  /// - Complexity: O(*n*) in the occurrences; twice that where documents are deleted. The memory is
  ///   that of the longest list and the written forms that go with it.
  package func write(
    description: String, to write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let (listCount, termCount) = try count()
    var header = CIFFHeader()
    header.postingListCount = listCount
    header.totalPostingListCount = listCount
    header.documentCount = documents.count
    header.totalDocumentCount = documents.count
    header.totalTermCount = termCount
    header.averageDocumentLength =
      documents.count == 0 ? 0 : Double(termCount) / Double(documents.count)
    header.description = description
    if !isPlain {
      let total = Int(clamping: documents.totalLength(of: field))
      header.totalLength = total == termCount ? 0 : total
      header.analyzer = analyzer.identity.description
      header.analyzerSettings = analyzer.configurationData
    }
    try emit(header.message, to: write)
    try writeLists(listCount, to: write)
    try writeDocuments(to: write)
  }

  private func emit(
    _ message: ProtocolBuffer.Message, to write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var length = ByteWriter()
    length.appendVarint(UInt64(message.writer.bytes.count))
    try length.bytes.withUnsafeBytes(write)
    try message.writer.bytes.withUnsafeBytes(write)
  }

  /// Counts the lists and the tokens of live documents.
  private func count() throws(IndexError) -> (lists: Int, terms: Int) {
    var (lists, terms) = (0, 0)
    guard segments.contains(where: { $0.live != nil }) else {
      var cursor = try MergedTermCursor(
        segments.map(\.reader.dictionary), field: IndexedFields.terms(of: field))
      while try cursor.next() {
        lists += 1
        terms += cursor.entries.reduce(0) { $0 + Int($1.info.totalTermFrequency) }
      }
      return (lists, terms)
    }
    var cursor = try CIFFListCursor(documents, field: IndexedFields.terms(of: field))
    while try cursor.next() {
      lists += 1
      terms += cursor.occurrenceCount
    }
    return (lists, terms)
  }

  private func writeLists(
    _ count: Int, to write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var cursor = try CIFFListCursor(documents, field: IndexedFields.terms(of: field))
    var forms = isPlain ? nil : try CIFFWrittenForms(documents, of: field)
    var written = 0
    while try cursor.next() {
      written += 1
      let term = cursor.key.dropFirst()
      var message = cursor.message(of: term)
      if !isPlain { message.set(CIFFExtension.positions, cursor.packedPositions()) }
      try forms?.append(to: &message, with: term, isLast: written == count)
      try emit(message, to: write)
    }
  }

  private func writeDocuments(to write: (UnsafeRawBufferPointer) throws -> Void) throws {
    let places = isPlain ? nil : documents.insertionPlaces()
    for (index, segment) in segments.enumerated() {
      let lengths = segment.reader.lengths(of: field)
      for document in 0..<UInt32(segment.reader.documentCount) {
        guard let number = documents.number(of: document, in: index) else { continue }
        var message = ProtocolBuffer.Message()
        message.set(1, Int(number))
        message.set(2, try segment.reader.keys.key(of: document))
        message.set(3, Int(FieldLengthCode.rankingLengths[Int(lengths[Int(document)])]))
        if let places {
          message.set(
            CIFFExtension.insertion,
            ProtocolBuffer.zigzag(places[Int(number)] - Int(number)))
        }
        try emit(message, to: write)
      }
    }
  }
}
