// SPDX-License-Identifier: Apache-2.0

/// Reads a file in the Common Index File Format; see ``CIFFHeader``.
///
/// Opening reads the whole file once and checks it, so that the lists can be read again without
/// surprises.
package struct CIFFReader {
  /// The header.
  package let header: CIFFHeader
  /// The length of every document: the one in the file, or the frequency of its most frequent term
  /// or the end of its last position where that is greater, as in files of engines that round lengths.
  package private(set) var lengths: [UInt32]
  /// The place of every document in the order of insertion.
  package private(set) var insertionPlaces: [UInt32]
  /// The keys of the documents, one after another, and where each ends.
  private var keyBytes: [UInt8] = []
  private var keyRanges: [Range<Int>]
  private var lists = CIFFLists()
  // What of the terms is written otherwise, and the written forms that are not their terms.
  private var otherwise = CIFFLists()
  private var forms = CIFFLists()
  private let file: MappedBytes

  /// Opens a file and checks it.
  ///
  /// - Parameter file: The file.
  /// - Throws: `.corrupt` with the path and, where known, the offset, where the file is no CIFF file,
  ///   is cut off, or contradicts itself.
  /// - Complexity: O(*n*) in the size of the file.
  package init(_ file: MappedBytes) throws(IndexError) {
    self.file = file
    let bytes = file.bytes
    defer { withExtendedLifetime(file) {} }
    var reader = ByteReader(bytes, path: file.path)
    header = try CIFFHeader(try reader.readLengthPrefixed(), path: file.path)
    guard header.documentCount <= min(SegmentInfo.maximumDocumentCount, reader.remaining),
      header.postingListCount <= reader.remaining
    else { throw reader.corrupt("the header promises more than the file holds") }
    lengths = [UInt32](repeating: 0, count: header.documentCount)
    insertionPlaces = lengths
    keyRanges = [Range<Int>](repeating: 0..<0, count: header.documentCount)
    var (list, part) = (CIFFList(), CIFFList())
    for _ in 0..<header.postingListCount {
      let length = try reader.readLengthPrefixed().count
      let range = reader.position - length..<reader.position
      try list.read(range, of: file, documentCount: header.documentCount)
      lists.append(range, term: list.term)
      list.extend(&lengths)
      for range in list.otherwise {
        try part.read(range, of: file, documentCount: header.documentCount)
        guard part.isPart(of: list) else {
          throw IndexError(
            .corrupt, "more of a term is written otherwise than there is of it", path: file.path,
            offset: UInt64(range.lowerBound))
        }
        otherwise.append(range, term: part.term)
      }
      for range in list.forms {
        try part.read(range, of: file, documentCount: header.documentCount)
        guard part.term.first != WrittenFormKeys.mark else {
          throw IndexError(
            .corrupt, "a written form begins with U+0000", path: file.path,
            offset: UInt64(range.lowerBound))
        }
        forms.append(range, term: part.term)
      }
    }
    for _ in 0..<header.documentCount { try readDocument(&reader) }
    guard reader.remaining == 0 else {
      throw reader.corrupt("there is more in the file than its header says")
    }
    try checkInsertionPlaces(reader)
    try lists.sort(file)
    try otherwise.sort(file)
    try forms.sort(file)
  }

  /// Reads the header of a file and nothing else.
  ///
  /// - Throws: `.corrupt` where the file does not begin with one.
  package static func header(of file: MappedBytes) throws(IndexError) -> CIFFHeader {
    defer { withExtendedLifetime(file) {} }
    var reader = ByteReader(file.bytes, path: file.path)
    return try CIFFHeader(try reader.readLengthPrefixed(), path: file.path)
  }

  /// The key of a document.
  package func key(of document: Int) -> ArraySlice<UInt8> {
    keyBytes[keyRanges[document]]
  }

  /// Calls a closure with every term and its list, in the order of the terms.
  ///
  /// Where the file has no positions, every occurrence gets one that means nothing.
  package func forEachList(
    _ body: ([UInt8], DecodedPostings) throws(IndexError) -> Void
  ) throws(IndexError) {
    try forEach(of: lists) { (list) throws(IndexError) in
      list.inventPositions()
      try body(list.term, list.postings)
    }
  }

  /// Calls a closure with the lists of the written forms, in the order of their keys; these are those
  /// of ``WrittenFormKeys`` without the number of the field.
  package func forEachWrittenFormList(
    _ body: ([UInt8], DecodedPostings) throws(IndexError) -> Void
  ) throws(IndexError) {
    for (lists, mark) in [(otherwise, [WrittenFormKeys.mark]), (forms, [])] {
      try forEach(of: lists) { (list) throws(IndexError) in
        list.postings.positions.removeAll(keepingCapacity: true)
        try body(mark + list.term, list.postings)
      }
    }
  }

  private func forEach(
    of lists: CIFFLists, _ body: (inout CIFFList) throws(IndexError) -> Void
  ) throws(IndexError) {
    var list = CIFFList()
    for range in lists.ranges {
      try list.read(range, of: file, documentCount: header.documentCount)
      try body(&list)
    }
  }

  private mutating func readDocument(_ outer: inout ByteReader) throws(IndexError) {
    var reader = ByteReader(try outer.readLengthPrefixed(), path: file.path)
    var (number, length, key) = (0 as UInt64, 0 as UInt64, [] as [UInt8])
    var insertion = 0
    while let (field, value) = try ProtocolBuffer.next(&reader) {
      switch (field, value) {
      case (1, .number(let value)): number = value
      case (2, .bytes(let text)): key = Array(text)
      case (3, .number(let value)): length = value
      case (CIFFExtension.insertion, .number(let value)):
        insertion = ProtocolBuffer.signed(value)
      default: break
      }
    }
    guard number < UInt64(keyRanges.count), keyRanges[Int(number)].isEmpty,
      length <= UInt64(FieldLengthCode.maximumLength)
    else { throw outer.corrupt("a document has an impossible number or length") }
    guard (1...DocumentKey.maximumLength).contains(key.count),
      String(validating: key, as: UTF8.self) != nil
    else { throw outer.corrupt("document \(number) has no key or one that is too long") }
    let (place, overflow) = Int(number).addingReportingOverflow(insertion)
    guard !overflow, insertionPlaces.indices.contains(place) else {
      throw outer.corrupt("document \(number) was inserted at an impossible place")
    }
    insertionPlaces[Int(number)] = UInt32(place)
    keyRanges[Int(number)] = keyBytes.count..<keyBytes.count + key.count
    keyBytes += key
    lengths[Int(number)] = max(lengths[Int(number)], UInt32(length))
  }

  private func checkInsertionPlaces(_ reader: ByteReader) throws(IndexError) {
    var isTaken = [Bool](repeating: false, count: insertionPlaces.count)
    for place in insertionPlaces {
      guard !isTaken[Int(place)] else {
        throw reader.corrupt("two documents were inserted at place \(place)")
      }
      isTaken[Int(place)] = true
    }
  }
}
