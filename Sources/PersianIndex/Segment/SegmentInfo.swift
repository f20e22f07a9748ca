// SPDX-License-Identifier: Apache-2.0

/// The counts of a segment, as its information and statistics sections hold them.
///
/// The information section, all numbers little-endian:
///
///     0   4 bytes  number of documents
///     4   2        number of fields of the schema
///     6   2        zeros
///     8            the kind of each field, 1 byte each
///
/// The statistics section has 16 bytes for each text field, in the order of the schema: the sum
/// of its lengths in tokens (8), the number of documents of a length above 0 (4), zeros (4).
package struct SegmentInfo: Sendable, Equatable {
  /// The most documents that a segment holds.
  package static let maximumDocumentCount = Int(Int32.max) - 1

  /// What scoring needs of a whole text field.
  package struct FieldStatistics: Sendable, Equatable {
    /// The sum of the field's lengths in tokens over all documents, deleted ones included.
    package var totalLength: UInt64
    /// The number of documents in which the field has a token.
    package var documentCount: UInt32

    package init(totalLength: UInt64 = 0, documentCount: UInt32 = 0) {
      self.totalLength = totalLength
      self.documentCount = documentCount
    }
  }

  /// The number of documents, deleted ones included.
  package var documentCount: UInt32
  /// The inverted fields.
  package var fields: IndexedFields
  /// The statistics of each text field, in the order of `fields.textFields`.
  package var statistics: [FieldStatistics]

  package init(documentCount: UInt32, fields: IndexedFields, statistics: [FieldStatistics]) {
    self.documentCount = documentCount
    self.fields = fields
    self.statistics = statistics
  }

  /// Writes both sections.
  package func write(to file: SegmentFileWriter) throws(IndexError) {
    var info = ByteWriter()
    info.append(documentCount)
    info.append(UInt16(fields.kinds.count))
    info.append(UInt16(0))
    for kind in fields.kinds { info.append(kind.rawValue) }
    try file.writeSection(.segmentInfo, info.bytes)
    var totals = ByteWriter()
    for field in statistics {
      totals.append(field.totalLength)
      totals.append(field.documentCount)
      totals.append(UInt32(0))
    }
    try file.writeSection(.fieldStatistics, totals.bytes)
  }

  /// Reads both sections.
  ///
  /// - Throws: `.corrupt` when they are malformed.
  package init(_ file: SegmentFile) throws(IndexError) {
    var info = try file.reader(.segmentInfo)
    documentCount = try info.readUInt32()
    let fieldCount = Int(try info.readUInt16())
    guard documentCount <= UInt32(Int32.max), fieldCount <= Schema.maximumFieldCount,
      try info.readUInt16() == 0, info.remaining == fieldCount
    else { throw info.corrupt("the counts of the segment are impossible") }
    var kinds: [Field.Kind] = []
    for _ in 0..<fieldCount {
      guard let kind = Field.Kind(rawValue: try info.readUInt8()) else {
        throw info.corrupt("there is no such kind of field")
      }
      kinds.append(kind)
    }
    fields = IndexedFields(kinds: kinds)
    var totals = try file.reader(.fieldStatistics)
    statistics = []
    for _ in fields.textFields {
      let field = FieldStatistics(
        totalLength: try totals.readUInt64(), documentCount: try totals.readUInt32())
      let mostTokens = UInt64(documentCount) * UInt64(FieldLengthCode.maximumLength)
      guard try totals.readUInt32() == 0, field.documentCount <= documentCount,
        field.totalLength <= mostTokens
      else {
        throw totals.corrupt("the statistics of a field are impossible")
      }
      statistics.append(field)
    }
    guard totals.remaining == 0 else { throw totals.corrupt("there are statistics too many") }
  }
}
