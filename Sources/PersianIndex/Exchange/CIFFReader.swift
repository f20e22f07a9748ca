// SPDX-License-Identifier: Apache-2.0

/// Reads a file in the Common Index File Format; see ``CIFFHeader``.
///
/// Opening reads the whole file once and checks it, so that the lists can be read again without
/// surprises.
package struct CIFFReader {
  /// The header.
  package let header: CIFFHeader
  /// The length of every document: the one in the file, or the frequency of its most frequent term
  /// where that is greater, as in files of engines that round lengths.
  package private(set) var lengths: [UInt32]
  /// The keys of the documents, one after another, and where each ends.
  private var keyBytes: [UInt8] = []
  private var keyRanges: [Range<Int>]
  /// Where the posting lists are in the file, in the order of their terms.
  private var lists: [Range<Int>] = []
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
    keyRanges = [Range<Int>](repeating: 0..<0, count: header.documentCount)
    var list = DecodedPostings()
    var (term, isSorted) = ([] as [UInt8], true)
    for _ in 0..<header.postingListCount {
      let message = try reader.readLengthPrefixed()
      let start = bytes.count - reader.remaining - message.count
      lists.append(start..<start + message.count)
      let next = try read(message, into: &list)
      if !lists.isEmpty, lists.count > 1, !term.lexicographicallyPrecedes(next) {
        isSorted = false
      }
      term = next
      for (document, frequency) in zip(list.documents, list.frequencies) {
        lengths[Int(document)] = max(lengths[Int(document)], frequency)
      }
    }
    for _ in 0..<header.documentCount { try readDocument(&reader) }
    guard reader.remaining == 0 else {
      throw reader.corrupt("there is more in the file than its header says")
    }
    if !isSorted { try sortLists() }
  }

  /// The key of a document.
  package func key(of document: Int) -> ArraySlice<UInt8> {
    keyBytes[keyRanges[document]]
  }

  /// Calls a closure with every term and its list, in the order of the terms.
  package func forEachList(
    _ body: ([UInt8], DecodedPostings) throws(IndexError) -> Void
  ) throws(IndexError) {
    defer { withExtendedLifetime(file) {} }
    var list = DecodedPostings()
    for range in lists {
      let term = try read(UnsafeRawBufferPointer(rebasing: file.bytes[range]), into: &list)
      try body(term, list)
    }
  }

  private mutating func sortLists() throws(IndexError) {
    var keyed: [(term: [UInt8], range: Range<Int>)] = []
    var list = DecodedPostings()
    for range in lists {
      let message = UnsafeRawBufferPointer(rebasing: file.bytes[range])
      keyed.append((try read(message, into: &list), range))
    }
    keyed.sort { $0.term.lexicographicallyPrecedes($1.term) }
    for (left, right) in zip(keyed, keyed.dropFirst()) where left.term == right.term {
      throw IndexError(
        .corrupt, "the term '\(String(decoding: left.term, as: UTF8.self))' has two lists",
        path: file.path, offset: UInt64(right.range.lowerBound))
    }
    lists = keyed.map(\.range)
  }

  /// Reads a posting list and returns its term.
  private func read(
    _ message: UnsafeRawBufferPointer, into list: inout DecodedPostings
  ) throws(IndexError) -> [UInt8] {
    list.documents.removeAll(keepingCapacity: true)
    list.frequencies.removeAll(keepingCapacity: true)
    var reader = ByteReader(message, path: file.path)
    var term: [UInt8] = []
    var (documentFrequency, document) = (0 as UInt64, -1)
    while let (field, value) = try ProtocolBuffer.next(&reader) {
      switch (field, value) {
      case (1, .bytes(let text)): term = Array(text)
      case (2, .number(let number)): documentFrequency = number
      case (4, .bytes(let posting)):
        let (gap, frequency) = try self.posting(posting)
        guard gap >= (document < 0 ? 0 : 1), gap < UInt64(header.documentCount),
          (document < 0 ? 0 : document) + Int(gap) < header.documentCount,
          (1...UInt64(FieldLengthCode.maximumLength)).contains(frequency)
        else { throw reader.corrupt("a posting list names an impossible document or frequency") }
        document = (document < 0 ? 0 : document) + Int(gap)
        list.documents.append(UInt32(document))
        list.frequencies.append(UInt32(frequency))
      default: break
      }
    }
    guard !term.isEmpty, UInt64(list.documents.count) == documentFrequency, document >= 0,
      String(validating: term, as: UTF8.self) != nil
    else { throw reader.corrupt("a posting list has no term or another length than it says") }
    return term
  }

  @inline(__always)
  private func posting(
    _ message: UnsafeRawBufferPointer
  ) throws(IndexError) -> (gap: UInt64, frequency: UInt64) {
    var reader = ByteReader(message, path: file.path)
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

  private mutating func readDocument(_ outer: inout ByteReader) throws(IndexError) {
    var reader = ByteReader(try outer.readLengthPrefixed(), path: file.path)
    var (number, length, key) = (0 as UInt64, 0 as UInt64, [] as [UInt8])
    while let (field, value) = try ProtocolBuffer.next(&reader) {
      switch (field, value) {
      case (1, .number(let value)): number = value
      case (2, .bytes(let text)): key = Array(text)
      case (3, .number(let value)): length = value
      default: break
      }
    }
    guard number < UInt64(keyRanges.count), keyRanges[Int(number)].isEmpty,
      length <= UInt64(FieldLengthCode.maximumLength)
    else { throw outer.corrupt("a document has an impossible number or length") }
    guard (1...DocumentKey.maximumLength).contains(key.count),
      String(validating: key, as: UTF8.self) != nil
    else { throw outer.corrupt("document \(number) has no key or one that is too long") }
    keyRanges[Int(number)] = keyBytes.count..<keyBytes.count + key.count
    keyBytes += key
    lengths[Int(number)] = max(lengths[Int(number)], UInt32(length))
  }
}
