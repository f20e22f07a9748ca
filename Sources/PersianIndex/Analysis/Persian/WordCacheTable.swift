// SPDX-License-Identifier: Apache-2.0

/// A hash table of a ``WordCache``, whose places hold the entries themselves.
struct WordCacheTable {
  typealias Entry = WordCache.Entry

  private var places: UnsafeMutablePointer<Entry>
  private var mask: Int
  private var shift: UInt64
  private(set) var count = 0
  /// Tables that entries were moved from, which the text at hand may still point to.
  private var outgrown: [UnsafeMutablePointer<Entry>] = []

  /// Creates an empty table.
  ///
  /// - Parameter count: The number of places, a power of two.
  init(places count: Int) {
    places = Self.allocate(count)
    mask = count - 1
    shift = UInt64(64 - count.trailingZeroBitCount)
  }

  func deallocate() {
    places.deallocate()
    for table in outgrown { table.deallocate() }
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Entry> {
    let size = count * MemoryLayout<Entry>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    return memory.bindMemory(to: Entry.self, capacity: count)
  }

  mutating func freeOutgrown() {
    guard !outgrown.isEmpty else { return }
    for table in outgrown { table.deallocate() }
    outgrown = []
  }

  mutating func clear() {
    UnsafeMutableRawPointer(places).initializeMemory(
      as: UInt8.self, repeating: 0, count: (mask + 1) * MemoryLayout<Entry>.stride)
    count = 0
  }

  /// Returns the entry with a key that says all of its word, or `nil` where there is none.
  @inline(__always)
  func find(_ key: WordKey) -> UnsafePointer<Entry>? {
    var place = Int(truncatingIfNeeded: key.hash &>> shift)
    while true {
      let entry = places + place
      if entry.pointee.key == key { return UnsafePointer(entry) }
      if entry.pointee.key.low == 0 { return nil }
      place = (place &+ 1) & mask
    }
  }

  /// Returns the entry with a key that is a hash, where a closure confirms it.
  func find(_ key: WordKey, _ isSame: (Entry) -> Bool) -> UnsafePointer<Entry>? {
    var place = Int(truncatingIfNeeded: key.hash >> shift)
    while places[place].key.low != 0 {
      if places[place].key == key, isSame(places[place]) { return UnsafePointer(places + place) }
      place = (place + 1) & mask
    }
    return nil
  }

  /// Adds an entry whose word the table does not hold.
  ///
  /// - Returns: The entry's place, which stays valid until ``freeOutgrown()``.
  mutating func insert(_ entry: Entry) -> UnsafePointer<Entry> {
    if count * 2 >= mask { grow() }
    count += 1
    return put(entry)
  }

  private func put(_ entry: Entry) -> UnsafePointer<Entry> {
    var place = Int(truncatingIfNeeded: entry.key.hash >> shift)
    while places[place].key.low != 0 { place = (place + 1) & mask }
    places[place] = entry
    return UnsafePointer(places + place)
  }

  private mutating func grow() {
    let old = places
    let oldCount = mask + 1
    places = Self.allocate(oldCount * 2)
    mask = oldCount * 2 - 1
    shift -= 1
    for place in 0..<oldCount where old[place].key.low != 0 { _ = put(old[place]) }
    outgrown.append(old)
  }
}
