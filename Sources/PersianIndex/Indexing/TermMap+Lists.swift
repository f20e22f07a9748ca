// SPDX-License-Identifier: Apache-2.0

extension TermMap {
  /// Calls a function with every key and its list, in ascending bytewise order of the keys.
  ///
  /// - Parameters:
  ///   - hasPositions: Whether the indexed field of a number has positions.
  ///   - list: Room for one list, used again for each.
  ///   - body: Receives the key, one byte for the field and the term, and the list.
  /// - Throws: What `body` throws.
  /// - Complexity: O(*t* log *t*) in the keys, O(*n*) in the occurrences.
  package func forEachTerm<Failure: Error>(
    hasPositions: (UInt8) -> Bool, into list: inout DecodedPostings,
    _ body: (UnsafeBufferPointer<UInt8>, borrowing DecodedPostings) throws(Failure) -> Void
  ) throws(Failure) {
    for term in sorted() {
      let key = key(at: term.address).bindMemory(to: UInt8.self)
      decode(term.address, hasPositions: hasPositions(key[0]), into: &list)
      try body(key, list)
    }
  }

  /// Decodes the list of an entry.
  ///
  /// - Parameters:
  ///   - address: The address of the entry.
  ///   - hasPositions: Whether its field has positions.
  ///   - list: Receives the list; it is emptied first.
  private func decode(_ address: UInt32, hasPositions: Bool, into list: inout DecodedPostings) {
    list.documents.removeAll(keepingCapacity: true)
    list.frequencies.removeAll(keepingCapacity: true)
    list.positions.removeAll(keepingCapacity: true)
    var reader = ListReader(self, address)
    let state = reader.state
    if hasPositions {
      while let first = reader.next() {
        if first & 1 == 1 {
          let document =
            (list.documents.last ?? UInt32.max)
            &+ UInt32(
              truncatingIfNeeded: first &>> 1)
          list.documents.append(document)
          list.frequencies.append(1)
          list.positions.append(UInt32(truncatingIfNeeded: reader.next() ?? 0))
        } else {
          let last = list.positions.count - 1
          list.positions.append(
            list.positions[last] &+ UInt32(truncatingIfNeeded: first &>> 1))
          list.frequencies[list.frequencies.count - 1] &+= 1
        }
      }
    } else {
      while let gap = reader.next() {
        let document = (list.documents.last ?? UInt32.max) &+ UInt32(truncatingIfNeeded: gap)
        list.documents.append(document)
        list.frequencies.append(UInt32(truncatingIfNeeded: reader.next() ?? UInt64(state)))
      }
    }
  }

  /// Reads the numbers of a list through its chain of chunks.
  private struct ListReader {
    let arena: UnsafeRawPointer
    /// The frequency or position that the entry itself holds.
    let state: UInt32
    private let end: UInt32
    private var cursor: UInt32
    private var limit: UInt32
    private var doublings = 0

    init(_ map: borrowing TermMap, _ address: UInt32) {
      arena = UnsafeRawPointer(map.arena)
      let entry = arena + Int(address)
      state = entry.load(fromByteOffset: Entry.state, as: UInt32.self)
      end = entry.load(fromByteOffset: Entry.cursor, as: UInt32.self)
      let length = entry.load(fromByteOffset: Entry.keyLength, as: UInt32.self)
      cursor = address + UInt32(TermMap.chunkOffset(keyLength: Int(length)))
      limit = cursor + UInt32(Entry.inlineBytes)
    }

    @inline(__always)
    mutating func next() -> UInt64? {
      if cursor == end { return nil }
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        if cursor == limit { follow() }
        let group = arena.load(fromByteOffset: Int(cursor), as: UInt8.self)
        cursor &+= 1
        value |= UInt64(group & 0x7f) &<< shift
        if group < 0x80 { return value }
        shift &+= 7
      }
    }

    @inline(never)
    private mutating func follow() {
      cursor = arena.load(fromByteOffset: Int(limit), as: UInt32.self)
      limit = cursor + UInt32(TermMap.chunkSize(doublings: doublings) - 4)
      doublings += 1
    }
  }
}
