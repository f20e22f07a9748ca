// SPDX-License-Identifier: Apache-2.0

extension TermMap {
  /// One key of the map, in an order that sorts as the keys' bytes do.
  struct Sorted {
    /// The first eight bytes of the key, the first one highest, filled up with zeros.
    var prefix: UInt64
    /// The address of the entry.
    var address: UInt32
  }

  /// Returns all entries in ascending bytewise order of their keys.
  ///
  /// - Complexity: O(*n* log *n*) in the number of keys.
  func sorted() -> [Sorted] {
    var entries: [Sorted] = []
    entries.reserveCapacity(count)
    for index in 0...slotMask where slots[index] != 0 {
      let address = UInt32(truncatingIfNeeded: slots[index])
      entries.append(Sorted(prefix: prefix(of: address), address: address))
    }
    let arena = UnsafeRawPointer(arena)
    entries.sort { left, right in
      left.prefix != right.prefix
        ? left.prefix < right.prefix
        : Self.key(at: left.address, in: arena).lexicographicallyPrecedes(
          Self.key(at: right.address, in: arena))
    }
    return entries
  }

  /// The bytes of an entry's key: one for the field, then the term.
  func key(at address: UInt32) -> UnsafeRawBufferPointer {
    Self.key(at: address, in: UnsafeRawPointer(arena))
  }

  private static func key(
    at address: UInt32, in arena: UnsafeRawPointer
  ) -> UnsafeRawBufferPointer {
    let entry = arena + Int(address)
    let length = Int(entry.load(fromByteOffset: Entry.termLength, as: UInt16.self))
    return UnsafeRawBufferPointer(
      start: entry + (length > 16 ? Entry.size : Entry.field), count: length + 1)
  }

  private func prefix(of address: UInt32) -> UInt64 {
    // Of a short term, zeros follow in the entry.
    let start = UnsafeRawPointer(arena) + (Int(address) + Entry.field)
    return UInt64(bigEndian: start.loadUnaligned(as: UInt64.self))
  }
}
