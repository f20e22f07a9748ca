// SPDX-License-Identifier: Apache-2.0

extension TermMap {
  /// The keys and lists of a map, which several threads may read while nothing is added to it.
  struct Lists: @unchecked Sendable {
    // Sendable: the memory does not change, as its map does not.
    let arena: UnsafeRawPointer
    let slots: UnsafePointer<UInt64>
    let slotCount: Int
    /// The number of keys.
    let count: Int

    /// The bytes of an entry's key: one for the field, then the term.
    @inline(__always)
    func key(at address: UInt32) -> UnsafeBufferPointer<UInt8> {
      let entry = arena + Int(address)
      let length = Int(entry.load(fromByteOffset: Entry.termLength, as: UInt16.self))
      let start = entry + (length > 16 ? Entry.size : Entry.field)
      return UnsafeBufferPointer(
        start: start.assumingMemoryBound(to: UInt8.self), count: length + 1)
    }

    /// Reads from entries that are needed soon.
    ///
    /// These loads do not depend on each other, so the processor waits for many at once, and not for
    /// each when its turn has come.
    ///
    /// - Returns: What was read, so that the reading is not left out.
    @inline(__always)
    func touch(_ terms: ArraySlice<TermMap.Sorted>) -> UInt32 {
      terms.reduce(0) { $0 ^ arena.load(fromByteOffset: Int($1.address), as: UInt32.self) }
    }

    /// Gathers the list of an entry.
    ///
    /// - Parameters:
    ///   - address: The address of the entry.
    ///   - places: For each document, what number it gets; `nil` to leave them as they are.
    ///   - list: Where the list goes, behind those that it has gathered already.
    func gather(
      _ address: UInt32, places: DocumentPlaces.View? = nil, into list: inout ListBuffer
    ) {
      let entry = arena + Int(address)
      let staged = Int(entry.load(fromByteOffset: Entry.stagedCount, as: UInt8.self))
      let limit = Int(entry.load(fromByteOffset: Entry.limit, as: UInt32.self))
      let last = Chunk(
        start: limit
          - TermMap.chunkBytes(
            doublings: Int(entry.load(fromByteOffset: Entry.doublings, as: UInt8.self))),
        end: Int(entry.load(fromByteOffset: Entry.cursor, as: UInt32.self)))
      var count = staged
      var chunk = limit == 0 ? nil : last
      while let current = chunk {
        count += current.end - current.start
        chunk = before(current)
      }
      // From the last chunk to the first.
      var place = list.append(
        ListBuffer.Source(
          documentCount: entry.load(fromByteOffset: Entry.documentCount, as: UInt32.self),
          byteCount: count, state: entry.load(fromByteOffset: Entry.state, as: UInt32.self),
          places: places))
      place += count - staged
      UnsafeMutableRawPointer(place).copyMemory(from: entry + Entry.staged, byteCount: staged)
      chunk = limit == 0 ? nil : last
      while let current = chunk {
        place -= current.end - current.start
        UnsafeMutableRawPointer(place).copyMemory(
          from: arena + current.start, byteCount: current.end - current.start)
        chunk = before(current)
      }
    }

    /// The bytes of a list that are in one chunk.
    private struct Chunk {
      var start: Int
      var end: Int
    }

    @inline(__always)
    private func before(_ chunk: Chunk) -> Chunk? {
      let link = Int(arena.load(fromByteOffset: chunk.start - 4, as: UInt32.self))
      if link == 0 { return nil }
      let start = link - link & 63 + 4
      return Chunk(start: start, end: start + TermMap.chunkBytes(doublings: link & 63))
    }
  }

  /// What there is to be read while nothing is added.
  var lists: Lists {
    Lists(arena: arena, slots: slots, slotCount: slotMask + 1, count: count)
  }

  /// Calls a function with every key and its list, in ascending bytewise order of the keys.
  ///
  /// - Parameters:
  ///   - hasPositions: Whether the indexed field of a number has positions.
  ///   - body: Receives the key, one byte for the field and the term, and the list, which is valid
  ///     during the call.
  /// - Throws: What `body` throws.
  /// - Complexity: O(*t* log *t*) in the keys, O(*n*) in the occurrences.
  package func forEachTerm<Failure: Error>(
    hasPositions: (UInt8) -> Bool,
    _ body: (UnsafeBufferPointer<UInt8>, borrowing ListBuffer) throws(Failure) -> Void
  ) throws(Failure) {
    var list = ListBuffer()
    let lists = lists
    let sorted = lists.sorted()
    for (index, term) in sorted.enumerated() {
      if index % Self.groupSize == 0 {
        list.touched ^= lists.touch(sorted[index...].prefix(Self.groupSize))
      }
      let key = lists.key(at: term.address)
      list.removeAll()
      lists.gather(term.address, into: &list)
      list.decode(hasPositions: hasPositions(key[0]))
      try body(key, list)
    }
  }
}
