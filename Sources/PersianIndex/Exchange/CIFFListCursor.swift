// SPDX-License-Identifier: Apache-2.0

/// Walks over the posting lists of an indexed field in several segments, with the document numbers of
/// a CIFF file; lists of which all documents are deleted are passed over.
struct CIFFListCursor {
  private let documents: CIFFDocuments
  private let field: Int
  private var cursor: MergedTermCursor
  /// The current list.
  private(set) var list = DecodedPostings()
  private var part = DecodedPostings()

  /// The dictionary key of the current list.
  var key: [UInt8] { cursor.key }

  /// Creates a cursor before the first list.
  ///
  /// - Parameters:
  ///   - documents: The documents.
  ///   - field: The number of the indexed field.
  ///   - start: The bytes behind the number with which the least key that is wanted begins.
  /// - Throws: `.corrupt` where a dictionary is damaged.
  init(
    _ documents: CIFFDocuments, field: UInt8, from start: [UInt8] = []
  ) throws(IndexError) {
    self.documents = documents
    self.field = Int(field)
    cursor = try MergedTermCursor(
      documents.segments.map(\.reader.dictionary), field: field, from: start)
  }

  /// Moves to the next list.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: `.corrupt` where the index is damaged.
  mutating func next() throws(IndexError) -> Bool {
    repeat {
      guard try cursor.next() else { return false }
      list.documents.removeAll(keepingCapacity: true)
      list.frequencies.removeAll(keepingCapacity: true)
      list.positions.removeAll(keepingCapacity: true)
      for (segment, info) in cursor.entries {
        let reader = documents.segments[segment].reader
        let view = reader.searchFields[field]
        try reader.postings.decode(
          info, lengths: view.lengths, hasPositions: view.hasPositions, into: &part)
        append(partOf: segment, hasPositions: view.hasPositions)
      }
    } while list.documents.isEmpty
    return true
  }

  private mutating func append(partOf segment: Int, hasPositions: Bool) {
    var start = 0
    for (document, frequency) in zip(part.documents, part.frequencies) {
      let end = hasPositions ? start + Int(frequency) : start
      if let number = documents.number(of: document, in: segment) {
        list.documents.append(number)
        list.frequencies.append(frequency)
        list.positions.append(contentsOf: part.positions[start..<end])
      }
      start = end
    }
  }

  /// The number of occurrences in the current list.
  var occurrenceCount: Int { list.frequencies.reduce(0) { $0 + Int($1) } }

  /// The current list as CIFF has it.
  ///
  /// - Parameter term: The bytes of its term.
  /// - Returns: A message with term, counts and postings.
  func message(of term: some Collection<UInt8>) -> ProtocolBuffer.Message {
    var message = ProtocolBuffer.Message()
    message.set(1, term)
    message.set(2, list.documents.count)
    message.set(3, occurrenceCount)
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

  /// The positions of the current list as ``CIFFExtension/positions`` has them.
  func packedPositions() -> [UInt8] {
    var packed = ByteWriter()
    packed.reserve(list.positions.count)
    var start = 0
    for frequency in list.frequencies {
      var last: UInt32 = 0
      for position in list.positions[start..<start + Int(frequency)] {
        // A damaged index may have any; what comes of them is refused by whoever reads it.
        packed.appendVarint(UInt64(position &- last))
        last = position
      }
      start += Int(frequency)
    }
    return packed.bytes
  }
}
