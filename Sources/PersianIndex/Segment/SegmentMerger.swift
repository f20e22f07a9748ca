// SPDX-License-Identifier: Apache-2.0

/// Makes one segment of the live documents of several.
///
///     let merger = try SegmentMerger([.init(first, live: nil), .init(second, live: live)])
///     let entry = try merger.write(to: directory, segmentID: 9)
///     merger.newDocuments[1][4]          // where document 4 of the second segment has gone
package struct SegmentMerger {
  /// A segment to be merged.
  package struct Source {
    let reader: SegmentReader
    let live: LiveDocs?
    let sequenceOffset: UInt64

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - reader: The segment.
    ///   - live: Which of its documents are live; `nil` where all are.
    ///   - sequenceOffset: What is added to the insertion numbers; for a segment of another index.
    package init(_ reader: SegmentReader, live: LiveDocs?, sequenceOffset: UInt64 = 0) {
      self.reader = reader
      self.live = live
      self.sequenceOffset = sequenceOffset
    }

    /// The insertion number of a document in the new segment.
    func sequence(of document: UInt32) -> UInt64 {
      reader.sequences[document] &+ sequenceOffset
    }
  }

  /// A document by where it comes from.
  struct Origin {
    var source: UInt32
    var document: UInt32
  }

  /// The place of a document that is not taken over.
  package static let dropped = UInt32.max

  let sources: [Source]
  /// The live documents of all sources, in the order of the new segment.
  private(set) var order: [Origin]
  /// For each source, the new place of every document; ``dropped`` where it was deleted.
  package private(set) var newDocuments: [[UInt32]]

  /// Prepares to merge documents in the order of their insertion.
  ///
  /// - Parameter sources: The segments, all of one schema.
  /// - Throws: `.invalidArgument` when there are more live documents than a segment can hold.
  /// - Complexity: O(*n* log *n*) in the number of documents, O(*n*) where the segments' insertion
  ///   numbers do not overlap.
  package init(_ sources: [Source]) throws(IndexError) {
    self.sources = sources
    let count = sources.reduce(0) { $0 + ($1.live?.liveCount ?? $1.reader.documentCount) }
    guard count <= SegmentInfo.maximumDocumentCount else {
      throw IndexError(.invalidArgument, "\(count) documents are too many for one segment")
    }
    order = Self.ordered(sources, count: count)
    newDocuments = Self.places(of: order, in: sources)
  }

  /// The number of documents of the new segment.
  package var documentCount: Int { order.count }

  /// Puts the documents into another order.
  ///
  /// - Parameter permutation: For each new place, the place that its document has now.
  package mutating func reorder(by permutation: [UInt32]) {
    order = permutation.map { order[Int($0)] }
    newDocuments = Self.places(of: order, in: sources)
  }

  /// Writes the new segment.
  ///
  /// - Parameters:
  ///   - directory: The directory of the index.
  ///   - segmentID: The number of the segment, which no file may have yet.
  ///   - isCancelled: Asked now and then; the merge ends with `.cancelled` when it says yes.
  /// - Returns: The segment's entry in a manifest.
  /// - Throws: What the directory throws, `.corrupt` when a source is damaged, `.cancelled`. The
  ///   new file is removed then.
  /// - Complexity: O(*n*) in the occurrences of all terms; *n* log *n* in the documents of a term
  ///   where the order of a source is not kept.
  package func write(
    to directory: any StorageDirectory, segmentID: UInt64,
    isCancelled: () -> Bool = { false }
  ) throws(IndexError) -> Manifest.SegmentEntry {
    guard let fields = sources.first?.reader.info.fields else {
      throw IndexError(.invalidArgument, "there is nothing to merge")
    }
    let writer = try SegmentWriter(
      directory, segmentID: segmentID, fields: fields, documentCount: documentCount)
    do {
      try writeDocuments(to: writer.file, fields: fields)
      try writer.writeSequence(
        order.map { sources[Int($0.source)].sequence(of: $0.document) })
      for (place, field) in fields.textFields.enumerated() {
        try setLengths(field, place: place, of: writer)
      }
      try writer.writeLengths()
      try writer.beginTerms()
      try writeTerms(to: writer, fields: fields, isCancelled: isCancelled)
      try writer.endTerms()
      return try writer.finish()
    } catch {
      writer.discard()
      throw error
    }
  }

  private func writeDocuments(
    to file: SegmentFileWriter, fields: IndexedFields
  ) throws(IndexError) {
    var stored = StoredFieldsMerger()
    for source in sources {
      try stored.append(source.reader.stored, live: source.live, to: file)
    }
    try stored.finish(
      to: file,
      documents: order.lazy.map { (source: Int($0.source), document: $0.document) })
    var keys = DocumentKeysWriter()
    for origin in order {
      let key = try sources[Int(origin.source)].reader.keys.key(of: origin.document)
      key.withUnsafeBytes { keys.append($0) }
    }
    try keys.finish(to: file)
    for field in fields.kinds.indices where fields.isColumn(field) {
      let columns = sources.map { $0.reader.column(field) }
      let bytes = DocValuesWriter.encode(documentCount: documentCount) { document -> Int64? in
        let origin = order[Int(document)]
        return columns[Int(origin.source)]?.value(of: origin.document)
      }
      try file.writeSection(.docValues, field: UInt16(field), bytes)
    }
  }

  private func setLengths(
    _ field: Int, place: Int, of writer: SegmentWriter
  ) throws(IndexError) {
    let old = sources.map { $0.reader.lengths(of: field) }
    var totals = SegmentInfo.FieldStatistics()
    let codes = order.map { origin in
      let code = old[Int(origin.source)][Int(origin.document)]
      totals.documentCount += code > 0 ? 1 : 0
      return code
    }
    for (index, source) in sources.enumerated() {
      let (sum, overflow) = totals.totalLength.addingReportingOverflow(
        source.reader.info.statistics[place].totalLength)
      guard !overflow else {
        throw source.reader.file.corrupt(
          "the lengths of a field come to more than there can be", .fieldStatistics)
      }
      totals.totalLength = sum
      guard source.live != nil else { continue }
      // The exact length of a deleted document is not known any more, only its code.
      for (document, target) in newDocuments[index].enumerated() where target == Self.dropped {
        let length = FieldLengthCode.rankingLengths[Int(old[index][document])]
        totals.totalLength -= min(totals.totalLength, UInt64(length))
      }
    }
    writer.setLengths(codes, totals)
  }

  private static func ordered(
    _ sources: [Source], count: Int
  ) -> [Origin] {
    var documents: [(sequence: UInt64, origin: Origin)] = []
    documents.reserveCapacity(count)
    let bySequence = sources.indices.sorted {
      firstSequence(of: sources[$0]) < firstSequence(of: sources[$1])
    }
    for index in bySequence {
      let source = sources[index]
      for document in 0..<UInt32(source.reader.documentCount)
      where source.live?.isLive(document) ?? true {
        documents.append(
          (
            source.sequence(of: document),
            Origin(source: UInt32(index), document: document)
          ))
      }
    }
    let isSorted = zip(documents, documents.dropFirst()).allSatisfy { $0.sequence < $1.sequence }
    if !isSorted { documents.sort { $0.sequence < $1.sequence } }
    return documents.map(\.origin)
  }

  private static func firstSequence(of source: Source) -> UInt64 {
    source.reader.documentCount == 0 ? 0 : source.sequence(of: 0)
  }

  private static func places(of order: [Origin], in sources: [Source]) -> [[UInt32]] {
    var places = sources.map { [UInt32](repeating: dropped, count: $0.reader.documentCount) }
    for (place, origin) in order.enumerated() {
      places[Int(origin.source)][Int(origin.document)] = UInt32(place)
    }
    return places
  }
}
