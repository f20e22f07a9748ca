// SPDX-License-Identifier: Apache-2.0

/// Finds where the members of a field stand next to each other, and codes the lists.
package enum PairListsWriter {
  /// A word whose pairs get lists.
  package struct Member {
    /// The offset of its record in the postings section.
    package let offset: UInt64
    /// Its list, with positions.
    package let list: PostingList

    /// Creates a value.
    package init(offset: UInt64, list: PostingList) {
      self.offset = offset
      self.list = list
    }
  }

  /// Codes a section.
  ///
  /// - Parameters:
  ///   - members: The words, in any order; at most 24.
  ///   - lengths: The code of the field's length in every document.
  ///   - totalLength: The sum of the field's lengths.
  /// - Returns: The section; `nil` where a document is longer than ``PairListsFormat/mostPlaces``.
  /// - Throws: `.corrupt` where a list is damaged.
  /// - Complexity: O(*n*) in the occurrences of the members, and O(*d* *m*) in the documents and
  ///   the members.
  package static func encode(
    _ members: [Member], lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64
  ) throws(IndexError) -> [UInt8]? {
    let sorted = members.sorted { $0.offset < $1.offset }
    let pairs = PairTable(memberCount: sorted.count)
    defer { pairs.deallocate() }
    guard try collect(sorted.map(\.list), lengths: lengths, into: pairs) else { return nil }
    var postings = PostingsWriter()
    postings.beginField(lengths: lengths, totalLength: totalLength, hasPositions: false)
    var section = ByteWriter()
    var lists = ByteWriter()
    section.append(UInt32(sorted.count))
    section.append(UInt32(pairs.postings.count { !$0.isEmpty }))
    for member in sorted { section.append(member.offset) }
    var documents: [UInt32] = []
    var frequencies: [UInt32] = []
    for (rank, pair) in pairs.postings.enumerated() where !pair.isEmpty {
      pair.decode(&documents, &frequencies)
      let info = try documents.withUnsafeBufferPointer { documents throws(IndexError) in
        try frequencies.withUnsafeBufferPointer { frequencies throws(IndexError) in
          try postings.write(
            documents: documents, frequencies: frequencies,
            positions: UnsafeBufferPointer(start: nil, count: 0))
        }
      }
      section.append(UInt8(rank / sorted.count))
      section.append(UInt8(rank % sorted.count))
      section.append(UInt16(0))
      section.append(info.documentFrequency)
      section.append(info.totalTermFrequency)
      section.append(info.documentFrequency == 1 ? UInt64(info.singleDocument) : info.offset)
      lists.append(postings.output)
    }
    section.append(lists.bytes)
    section.append(repeatElement(UInt8(0), count: PostingsFormat.padding))
    return section.bytes
  }

  /// Gathers the documents of each pair.
  ///
  /// - Returns: Whether no document is too long.
  private static func collect(
    _ lists: [PostingList], lengths: UnsafeBufferPointer<UInt8>, into pairs: PairTable
  ) throws(IndexError) -> Bool {
    guard let codes = lengths.baseAddress else { return false }
    let memberCount = lists.count
    let walks = UnsafeMutablePointer<Walk>.allocate(capacity: memberCount)
    let table = UnsafeMutablePointer<UInt16>.allocate(capacity: PositionCode.table.count)
    table.initialize(from: PositionCode.table, count: PositionCode.table.count)
    for (member, list) in lists.enumerated() {
      (walks + member).initialize(
        to: Walk(PostingsCursor(list: list, lengths: codes, positionTable: table)))
    }
    var places = MemberPlaces()
    var buffer = PositionBuffer()
    defer {
      for member in 0..<memberCount { walks[member].cursor.deallocate() }
      walks.deallocate()
      table.deallocate()
      places.deallocate()
      buffer.deallocate()
    }
    for document in 0..<UInt32(lengths.count) {
      for member in 0..<memberCount where walks[member].document == document {
        var isShort = true
        walks[member].cursor.forEachPosition(at: walks[member].place, &buffer) { position in
          isShort = places.add(member, at: position)
          return isShort
        }
        if !isShort { return false }
        walks[member].advance()
      }
      places.forEachNeighbour { pairs.count($0, $1) }
      pairs.end(document)
    }
    for member in 0..<memberCount where walks[member].cursor.isCorrupt {
      throw IndexError(.corrupt, "a posting list of a common word does not decode; run verify")
    }
    return true
  }

  /// One member's list, read from its first document to its last.
  private struct Walk {
    var cursor: PostingsCursor
    var place = 0
    /// The document stood at; no document's number behind the last.
    var document: UInt32 = 0

    init(_ cursor: PostingsCursor) {
      self.cursor = cursor
      load(0)
    }

    private mutating func load(_ block: Int) {
      place = 0
      document = .max
      guard block < cursor.list.blockCount else { return }
      cursor.loadDocuments(block)
      cursor.loadFrequencies()
      if cursor.count > 0 { document = cursor.documents[0] }
    }

    mutating func advance() {
      place &+= 1
      if place < cursor.count {
        document = cursor.documents[place]
      } else {
        load(cursor.block &+ 1)
      }
    }
  }
}
