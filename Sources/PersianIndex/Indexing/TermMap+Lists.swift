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

  private func decode(_ address: UInt32, hasPositions: Bool, into list: inout ListBuffer) {
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

  /// Copies the chunks of a list behind one another and returns the number of their bytes.
  private func gather(_ address: UInt32, into list: inout ListBuffer) -> Int {
    let arena = UnsafeRawPointer(arena)
    let entry = arena + Int(address)
    let end = Int(entry.load(fromByteOffset: Entry.cursor, as: UInt32.self))
    let lastLimit = Int(entry.load(fromByteOffset: Entry.limit, as: UInt32.self))
    let keyLength = Int(entry.load(fromByteOffset: Entry.keyLength, as: UInt32.self))
    var start = Int(address) + Self.chunkOffset(keyLength: keyLength)
    var limit = start + Entry.inlineBytes
    var doublings = 0
    var count = 0
    while limit != lastLimit {
      list.bytes.append(arena + start, limit - start, at: &count)
      start = Int(arena.load(fromByteOffset: limit, as: UInt32.self))
      limit = start + Self.chunkSize(doublings: doublings) - 4
      doublings += 1
    }
    list.bytes.append(arena + start, end - start, at: &count)
    return count
  }
}
