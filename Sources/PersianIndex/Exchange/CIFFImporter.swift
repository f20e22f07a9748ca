// SPDX-License-Identifier: Apache-2.0

/// Makes a segment of a file in the Common Index File Format; see ``CIFFHeader``.
///
/// The documents get no text. Positions and written forms come from the fields of ``CIFFExtension``;
/// where a list has no positions, every occurrence gets one, because the field must have some, but
/// they mean nothing.
package struct CIFFImporter {
  private let ciff: CIFFReader
  private let fields: IndexedFields
  private let field: Int

  /// Prepares to import.
  ///
  /// - Parameters:
  ///   - ciff: The file.
  ///   - fields: The fields of the index.
  ///   - field: The place of the text field that gets the terms.
  package init(_ ciff: CIFFReader, fields: IndexedFields, field: Int) {
    self.ciff = ciff
    self.fields = fields
    self.field = field
  }

  /// Writes the segment.
  ///
  /// - Parameters:
  ///   - directory: The directory of the index.
  ///   - segmentID: The number of the segment.
  ///   - base: The insertion number of the first document.
  /// - Returns: The segment's entry in a manifest.
  /// - Throws: What the directory throws, `.corrupt` where the file contradicts itself.
  package func write(
    to directory: any StorageDirectory, segmentID: UInt64, base: UInt64
  ) throws(IndexError) -> Manifest.SegmentEntry {
    let count = ciff.lengths.count
    let writer = try SegmentWriter(
      directory, segmentID: segmentID, fields: fields, documentCount: count)
    do {
      try writeDocuments(to: writer.file)
      try writer.writeSequence(ciff.insertionPlaces.map { base &+ UInt64($0) })
      for other in fields.textFields {
        guard other == field else {
          writer.setLengths([UInt8](repeating: 0, count: count), SegmentInfo.FieldStatistics())
          continue
        }
        writer.setLengths(ciff.lengths.map(FieldLengthCode.encode), statistics)
      }
      try writer.writeLengths()
      try writer.beginTerms()
      try ciff.forEachList { (term, list) throws(IndexError) in
        try add([IndexedFields.terms(of: field)] + term, list, to: writer)
      }
      try ciff.forEachWrittenFormList { (form, list) throws(IndexError) in
        try add([IndexedFields.writtenForms(of: field)] + form, list, to: writer)
      }
      try writer.endTerms()
      return try writer.finish()
    } catch {
      writer.discard()
      throw error
    }
  }

  private func add(
    _ key: [UInt8], _ list: DecodedPostings, to writer: SegmentWriter
  ) throws(IndexError) {
    try key.withUnsafeBufferPointer { (key) throws(IndexError) in
      try writer.addTerm(key, list)
    }
  }

  private var statistics: SegmentInfo.FieldStatistics {
    let sum = ciff.lengths.reduce(UInt64(0)) { $0 + UInt64($1) }
    // The header's count is exact where the lengths of the documents are rounded.
    let header = ciff.header
    let isWhole = header.documentCount == header.totalDocumentCount
    let total = header.totalLength > 0 ? header.totalLength : header.totalTermCount
    return SegmentInfo.FieldStatistics(
      totalLength: isWhole && total > 0 ? UInt64(total) : sum,
      documentCount: UInt32(ciff.lengths.count { $0 > 0 }))
  }

  private func writeDocuments(to file: SegmentFileWriter) throws(IndexError) {
    var stored = StoredFieldsWriter()
    for _ in ciff.lengths { _ = stored.append(UnsafeRawBufferPointer(start: nil, count: 0)) }
    try stored.finish(to: file)
    var keys = DocumentKeysWriter()
    for document in ciff.lengths.indices {
      ciff.key(of: document).withUnsafeBytes { keys.append($0) }
    }
    try keys.finish(to: file)
  }
}
