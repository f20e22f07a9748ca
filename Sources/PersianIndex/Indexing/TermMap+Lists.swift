// SPDX-License-Identifier: Apache-2.0

extension TermMap {
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
    for term in sorted() {
      let key = key(at: term.address).bindMemory(to: UInt8.self)
      decode(term.address, hasPositions: hasPositions(key[0]), into: &list)
      try body(key, list)
    }
  }

  /// The number of documents in the list of an entry.
  func documentCount(at address: UInt32) -> Int {
    let entry = UnsafeRawPointer(arena) + Int(address)
    return Int(entry.load(fromByteOffset: Entry.documentCount, as: UInt32.self))
  }

  /// Decodes the list of an entry.
  func decode(_ address: UInt32, hasPositions: Bool, into list: inout ListBuffer) {
    let entry = UnsafeRawPointer(arena) + Int(address)
    let documentCount = entry.load(fromByteOffset: Entry.documentCount, as: UInt32.self)
    let byteCount = gather(address, into: &list)
    list.removeAll(reservingDocuments: Int(documentCount), positions: hasPositions ? byteCount : 0)
    if hasPositions {
      list.decodePositions(byteCount)
    } else {
      list.decodeFrequencies(
        byteCount, last: entry.load(fromByteOffset: Entry.state, as: UInt32.self))
    }
  }

  /// Copies the chunks of a list and what is staged behind one another and returns the number of
  /// their bytes.
  private func gather(_ address: UInt32, into list: inout ListBuffer) -> Int {
    let arena = UnsafeRawPointer(arena)
    let entry = arena + Int(address)
    let staged = Int(entry.load(fromByteOffset: Entry.stagedCount, as: UInt8.self))
    let limit = Int(entry.load(fromByteOffset: Entry.limit, as: UInt32.self))
    var pieces: [UnsafeRawBufferPointer] = []
    var count = staged
    if limit > 0 {
      // From the last chunk to the first.
      var doublings = Int(entry.load(fromByteOffset: Entry.doublings, as: UInt8.self))
      var start = limit - Self.chunkBytes(doublings: doublings)
      var end = Int(entry.load(fromByteOffset: Entry.cursor, as: UInt32.self))
      while true {
        pieces.append(UnsafeRawBufferPointer(start: arena + start, count: end - start))
        count += end - start
        let link = Int(arena.load(fromByteOffset: start - 4, as: UInt32.self))
        if link == 0 { break }
        doublings = link & 63
        start = link - doublings + 4
        end = start + Self.chunkBytes(doublings: doublings)
      }
    }
    list.bytes.reserve(count)
    var place = UnsafeMutableRawPointer(list.bytes.start)
    for piece in pieces.reversed() {
      guard let source = piece.baseAddress else { continue }
      place.copyMemory(from: source, byteCount: piece.count)
      place += piece.count
    }
    place.copyMemory(from: entry + Entry.staged, byteCount: staged)
    return count
  }
}
