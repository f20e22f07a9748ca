// SPDX-License-Identifier: Apache-2.0

extension TermMap {
  /// One key of a map, in an order that sorts as the keys' bytes do.
  struct Sorted: BitwiseCopyable {
    /// The first eight bytes of the key, the first one highest, filled up with zeros.
    var prefix: UInt64
    /// The address of the entry.
    var address: UInt32
    /// The number of documents in the list.
    var documentCount: UInt32
  }
}

extension TermMap.Lists {
  /// Returns all entries in ascending bytewise order of their keys.
  ///
  /// - Complexity: O(*n* log *n*) in the number of keys.
  func sorted() -> [TermMap.Sorted] {
    var entries: [TermMap.Sorted] = []
    entries.reserveCapacity(count)
    for index in 0..<slotCount where slots[index] != 0 {
      let address = UInt32(truncatingIfNeeded: slots[index])
      let entry = arena + Int(address)
      // Of a short term, zeros follow in the entry.
      entries.append(
        TermMap.Sorted(
          prefix: Self.word(entry, TermMap.Entry.field), address: address,
          documentCount: entry.load(
            fromByteOffset: TermMap.Entry.documentCount, as: UInt32.self)))
    }
    entries.sort { compare($0, $1, of: self) < 0 }
    return entries
  }

  /// Compares a key with one of this map or another: below 0 where it is less, 0 for the same.
  @inline(__always)
  func compare(_ term: TermMap.Sorted, _ other: TermMap.Sorted, of map: TermMap.Lists) -> Int {
    if term.prefix != other.prefix { return term.prefix < other.prefix ? -1 : 1 }
    return compareRest(term.address, other.address, of: map)
  }

  /// Compares two keys whose first eight bytes are the same.
  private func compareRest(_ address: UInt32, _ other: UInt32, of map: TermMap.Lists) -> Int {
    let (first, second) = (arena + Int(address), map.arena + Int(other))
    let length = first.load(fromByteOffset: TermMap.Entry.termLength, as: UInt16.self)
    let otherLength = second.load(fromByteOffset: TermMap.Entry.termLength, as: UInt16.self)
    guard max(length, otherLength) <= 16 else {
      let (key, otherKey) = (key(at: address), map.key(at: other))
      if key.elementsEqual(otherKey) { return 0 }
      return key.lexicographicallyPrecedes(otherKey) ? -1 : 1
    }
    // The ends of short terms are their bytes, with zeros behind.
    let mine = Self.word(first, TermMap.Entry.field + 8)
    let theirs = Self.word(second, TermMap.Entry.field + 8)
    if mine != theirs { return mine < theirs ? -1 : 1 }
    let myLast = Self.word(first, TermMap.Entry.ends + 8)
    let theirLast = Self.word(second, TermMap.Entry.ends + 8)
    if myLast != theirLast { return myLast < theirLast ? -1 : 1 }
    return Int(length) - Int(otherLength)
  }

  @inline(__always)
  private static func word(_ entry: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(bigEndian: entry.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
