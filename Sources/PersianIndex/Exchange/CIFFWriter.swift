// SPDX-License-Identifier: Apache-2.0

/// Writes the terms of one field as a file in the Common Index File Format; see ``CIFFHeader``.
///
/// Documents are numbered from 0 in the order of the segments, without the deleted ones. A document's
/// length is the one that ranking takes, so that other engines come to the same scores; the header
/// has the exact number of tokens.
package struct CIFFWriter {
  private let segments: [SegmentSnapshot]
  private let field: Int
  private let indexed: UInt8
  private let hasPositions: Bool
  // For each segment, the number of every document in the file.
  private let numbers: [[UInt32]]
  private let documentCount: Int

  private static let deleted = UInt32.max

  /// Prepares to write.
  ///
  /// - Parameters:
  ///   - segments: The segments.
  ///   - field: The place of a text field in the schema.
  package init(_ segments: [SegmentSnapshot], field: Int) {
    self.segments = segments
    self.field = field
    indexed = IndexedFields.terms(of: field)
    hasPositions = true
    var next: UInt32 = 0
    numbers = segments.map { segment in
      (0..<UInt32(segment.reader.documentCount)).map { document in
        guard segment.live?.isLive(document) ?? true else { return Self.deleted }
        defer { next += 1 }
        return next
      }
    }
    documentCount = Int(next)
  }

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - description: What the file holds.
  ///   - write: Receives the bytes, piece by piece; what it throws ends the writing.
  /// - Throws: `.corrupt` where the index is damaged, and what `write` throws.
  /// - Complexity: O(*n*) in the occurrences; twice that where documents are deleted. The memory is
  ///   that of the longest list.
  package func write(
    description: String, to write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let (listCount, termCount) = try count()
    var header = CIFFHeader()
    header.postingListCount = listCount
    header.totalPostingListCount = listCount
    header.documentCount = documentCount
    header.totalDocumentCount = documentCount
    header.totalTermCount = termCount
    header.averageDocumentLength =
      documentCount == 0 ? 0 : Double(termCount) / Double(documentCount)
    header.description = description
    try emit(header.message, to: write)
    try forEachList { key, list in try emit(Self.message(key, list), to: write) }
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

  private static func message(
    _ key: [UInt8], _ list: DecodedPostings
  ) -> ProtocolBuffer.Message {
    var message = ProtocolBuffer.Message()
    message.set(1, key.dropFirst())
    message.set(2, list.documents.count)
    message.set(3, list.frequencies.reduce(0) { $0 + Int($1) })
    var posting = ProtocolBuffer.Message()
    var last: UInt32 = 0
    for (document, frequency) in zip(list.documents, list.frequencies) {
      posting.removeAll()
      posting.set(1, Int(document - last))
      posting.set(2, Int(frequency))
      message.append(4, posting)
      last = document
    }
    return message
  }

  /// Counts the lists and the tokens of live documents.
  private func count() throws -> (lists: Int, terms: Int) {
    var (lists, terms) = (0, 0)
    guard segments.contains(where: { $0.live != nil }) else {
      var cursor = try MergedTermCursor(segments.map(\.reader.dictionary), field: indexed)
      while try cursor.next() {
        lists += 1
        terms += cursor.entries.reduce(0) { $0 + Int($1.info.totalTermFrequency) }
      }
      return (lists, terms)
    }
    try forEachList { _, list in
      lists += 1
      terms += list.frequencies.reduce(0) { $0 + Int($1) }
    }
    return (lists, terms)
  }

  /// Calls a closure with each term and its list under the file's document numbers.
  private func forEachList(_ body: ([UInt8], DecodedPostings) throws -> Void) throws {
    var cursor = try MergedTermCursor(segments.map(\.reader.dictionary), field: indexed)
    var (list, part) = (DecodedPostings(), DecodedPostings())
    while try cursor.next() {
      list.documents.removeAll(keepingCapacity: true)
      list.frequencies.removeAll(keepingCapacity: true)
      for (segment, info) in cursor.entries {
        let reader = segments[segment].reader
        try reader.postings.decode(
          info, lengths: reader.searchFields[Int(indexed)].lengths, hasPositions: hasPositions,
          into: &part)
        let numbers = numbers[segment]
        for (document, frequency) in zip(part.documents, part.frequencies)
        where numbers[Int(document)] != Self.deleted {
          list.documents.append(numbers[Int(document)])
          list.frequencies.append(frequency)
        }
      }
      if !list.documents.isEmpty { try body(cursor.key, list) }
    }
  }

  private func writeDocuments(to write: (UnsafeRawBufferPointer) throws -> Void) throws {
    for (segment, numbers) in zip(segments, numbers) {
      let lengths = segment.reader.lengths(of: field)
      for (document, number) in numbers.enumerated() where number != Self.deleted {
        var message = ProtocolBuffer.Message()
        message.set(1, Int(number))
        message.set(2, try segment.reader.keys.key(of: UInt32(document)))
        message.set(3, Int(FieldLengthCode.rankingLengths[Int(lengths[document])]))
        try emit(message, to: write)
      }
    }
  }
}
