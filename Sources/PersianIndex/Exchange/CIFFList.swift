// SPDX-License-Identifier: Apache-2.0

/// A posting list of a CIFF file, reused from list to list.
struct CIFFList {
  private(set) var term: [UInt8] = []
  /// The list; it has positions where the file has some.
  var postings = DecodedPostings()
  /// Where the messages of ``CIFFExtension/otherwise`` are in the file.
  private(set) var otherwise: [Range<Int>] = []
  /// Where the messages of ``CIFFExtension/forms`` are in the file.
  private(set) var forms: [Range<Int>] = []

  // No token has a longer one.
  private static let longestTerm = 65_535

  /// Reads a list.
  ///
  /// - Parameters:
  ///   - range: Where the message is in the file.
  ///   - file: The file.
  ///   - documentCount: The number of documents in the file.
  /// - Throws: `.corrupt` where it is no posting list, contradicts itself or names documents that are
  ///   not there.
  mutating func read(
    _ range: Range<Int>, of file: MappedBytes, documentCount: Int
  ) throws(IndexError) {
    defer { withExtendedLifetime(file) {} }
    removeAll()
    var reader = Self.reader(of: range, file)
    var (documentFrequency, document) = (0 as UInt64, -1)
    while let (field, value) = try ProtocolBuffer.next(&reader) {
      switch (field, value) {
      case (1, .bytes(let text)): term = Array(text)
      case (2, .number(let number)): documentFrequency = number
      case (4, .bytes(let posting)):
        let (gap, frequency) = try Self.posting(posting, file.path)
        guard gap >= (document < 0 ? 0 : 1), gap < UInt64(documentCount),
          (document < 0 ? 0 : document) + Int(gap) < documentCount,
          (1...UInt64(FieldLengthCode.maximumLength)).contains(frequency)
        else { throw reader.corrupt("a posting list names an impossible document or frequency") }
        document = (document < 0 ? 0 : document) + Int(gap)
        postings.documents.append(UInt32(document))
        postings.frequencies.append(UInt32(frequency))
      case (CIFFExtension.positions, .bytes(let packed)): try readPositions(packed, file.path)
      case (CIFFExtension.positions, .number(let number)):
        try append(position: number, reader)
      case (CIFFExtension.otherwise, .bytes(let message)):
        otherwise.append(Self.end(of: reader, in: range, message.count))
      case (CIFFExtension.forms, .bytes(let message)):
        forms.append(Self.end(of: reader, in: range, message.count))
      default: break
      }
    }
    guard !term.isEmpty, UInt64(postings.documents.count) == documentFrequency, document >= 0,
      String(validating: term, as: UTF8.self) != nil
    else { throw reader.corrupt("a posting list has no term or another length than it says") }
    guard term.count <= Self.longestTerm else {
      throw reader.corrupt("a term has \(term.count) bytes, more than \(Self.longestTerm)")
    }
    try sumPositions(reader)
  }

  /// Reads only the term of a list that ``read(_:of:documentCount:)`` has accepted.
  static func term(in range: Range<Int>, of file: MappedBytes) throws(IndexError) -> [UInt8] {
    defer { withExtendedLifetime(file) {} }
    var reader = reader(of: range, file)
    var term: [UInt8] = []
    while let (field, value) = try ProtocolBuffer.next(&reader) {
      if case (1, .bytes(let text)) = (field, value) { term = Array(text) }
    }
    return term
  }

  /// Raises the lengths of the documents to what the list needs: there is a place for each occurrence
  /// and for each position.
  func extend(_ lengths: inout [UInt32]) {
    var next = 0
    for (document, frequency) in zip(postings.documents, postings.frequencies) {
      var length = max(lengths[Int(document)], frequency)
      if !postings.positions.isEmpty {
        next += Int(frequency)
        length = max(length, postings.positions[next - 1] + 1)
      }
      lengths[Int(document)] = length
    }
  }

  /// Whether it has the term of another list, and in each document at most as often.
  func isPart(of whole: CIFFList) -> Bool {
    var index = 0
    let (documents, count) = (whole.postings.documents, whole.postings.documents.count)
    for (document, frequency) in zip(postings.documents, postings.frequencies) {
      while index < count, documents[index] < document { index += 1 }
      guard index < count, documents[index] == document,
        frequency <= whole.postings.frequencies[index]
      else { return false }
    }
    return term == whole.term
  }

  /// Gives every occurrence a position where the file has none.
  mutating func inventPositions() {
    guard postings.positions.isEmpty else { return }
    for frequency in postings.frequencies {
      postings.positions.append(contentsOf: 0..<frequency)
    }
  }

  private mutating func removeAll() {
    term.removeAll(keepingCapacity: true)
    postings.documents.removeAll(keepingCapacity: true)
    postings.frequencies.removeAll(keepingCapacity: true)
    postings.positions.removeAll(keepingCapacity: true)
    otherwise.removeAll(keepingCapacity: true)
    forms.removeAll(keepingCapacity: true)
  }

  private mutating func readPositions(
    _ packed: UnsafeRawBufferPointer, _ path: String
  ) throws(IndexError) {
    var reader = ByteReader(packed, path: path)
    while reader.remaining > 0 { try append(position: try reader.readVarint(), reader) }
  }

  @inline(__always)
  private mutating func append(
    position: UInt64, _ reader: ByteReader
  ) throws(IndexError) {
    guard position < UInt64(FieldLengthCode.maximumLength) else {
      throw reader.corrupt("a posting list names an impossible position")
    }
    postings.positions.append(UInt32(position))
  }

  /// Makes positions of what lies between them.
  private mutating func sumPositions(_ reader: ByteReader) throws(IndexError) {
    guard !postings.positions.isEmpty else { return }
    guard
      postings.frequencies.reduce(0, { $0 + UInt64($1) }) == UInt64(postings.positions.count)
    else { throw reader.corrupt("a posting list has more or fewer positions than occurrences") }
    var next = 0
    for frequency in postings.frequencies {
      // Both are below 2³¹.
      var position: UInt32 = 0
      for _ in 0..<frequency {
        position += postings.positions[next]
        guard position < FieldLengthCode.maximumLength else {
          throw reader.corrupt("a posting list names an impossible position")
        }
        postings.positions[next] = position
        next += 1
      }
    }
  }

  private static func reader(of range: Range<Int>, _ file: MappedBytes) -> ByteReader {
    ByteReader(
      UnsafeRawBufferPointer(rebasing: file.bytes[range]), path: file.path,
      base: UInt64(range.lowerBound))
  }

  /// Where in the file the bytes are that were read last.
  private static func end(
    of reader: ByteReader, in range: Range<Int>, _ count: Int
  ) -> Range<Int> {
    let end = range.lowerBound + reader.position
    return end - count..<end
  }

  @inline(__always)
  private static func posting(
    _ message: UnsafeRawBufferPointer, _ path: String
  ) throws(IndexError) -> (gap: UInt64, frequency: UInt64) {
    var reader = ByteReader(message, path: path)
    var (gap, frequency) = (0 as UInt64, 0 as UInt64)
    while let (field, value) = try ProtocolBuffer.next(&reader) {
      switch (field, value) {
      case (1, .number(let number)): gap = number
      case (2, .number(let number)): frequency = number
      default: break
      }
    }
    return (gap, frequency)
  }
}
