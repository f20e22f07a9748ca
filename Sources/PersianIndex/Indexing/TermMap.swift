// SPDX-License-Identifier: Apache-2.0

/// The inverted lists of one indexing buffer: a hash map from (field, term) to a growing list of
/// documents, all of it in one arena.
///
/// A slot of the open-addressing table holds 32 bits of the term's hash and the 32-bit address of
/// its entry; an entry holds the key and, inline, the first bytes of its list. Lists grow in chunks
/// of doubling size that are linked inside the arena, so that nothing is ever moved and nothing is
/// allocated per term. The same structure, found independently in several engines, is described
/// in Büttcher, Clarke and Cormack, *Information Retrieval* (2010), chapter 4.
///
/// ## The bytes of a list
///
/// A field with positions writes, at a term's first occurrence in a document, the number of
/// documents since the previous one, shifted left with the lowest bit set, then the position; at
/// every later occurrence the distance from the previous position, shifted left. A field without
/// positions writes that number of documents as it is, followed by the frequency once the next
/// document begins; the last frequency stays in the entry. All numbers are in 7-bit groups, lowest
/// first.
package struct TermMap: ~Copyable {
  /// What an entry holds, as offsets in bytes from its address.
  enum Entry {
    /// One more than the number of the last document, 0 before the first.
    static let lastDocument = 0
    /// The number of documents.
    static let documentCount = 4
    /// The last position, or the frequency in the last document where there are no positions.
    static let state = 8
    /// Where the next byte of the list goes.
    static let cursor = 12
    /// Where the chunk in writing ends and its link begins.
    static let limit = 16
    /// The size of the chunk in writing, as the number of times it was doubled.
    static let doublings = 20
    /// The number of bytes of the key: one for the field, then the term.
    static let keyLength = 24
    /// The key, padded to four bytes, with the list's first chunk behind it.
    static let key = 28
    /// The bytes of the list that an entry holds itself.
    static let inlineBytes = 8
  }

  /// The most bytes that an arena can address.
  package static let maximumBytes = Int(UInt32.max) - (1 << 20)
  private static let firstChunk = 16
  private static let largestDoublings: UInt32 = 11
  private static let roomForOne = firstChunk << Int(largestDoublings) + 128

  private(set) var arena: UnsafeMutableRawPointer
  private var capacity: Int
  private var used: Int
  private(set) var slots: UnsafeMutablePointer<UInt64>
  private(set) var slotMask: Int
  let hash: TermHash
  // Room for a group of tokens: the slot found for each.
  let candidates = UnsafeMutablePointer<UInt64>.allocate(capacity: TermMap.groupSize)

  /// The number of different keys.
  package private(set) var count = 0

  /// Creates an empty map.
  ///
  /// - Parameters:
  ///   - capacity: The bytes to reserve for entries and lists; the arena grows past them by
  ///     doubling. Reserved bytes cost memory only once they are written.
  ///   - seed: The seed of the hash.
  package init(capacity: Int, seed: UInt64) {
    self.capacity = max(capacity, 2 * Self.roomForOne)
    arena = System.allocateLarge(byteCount: self.capacity)
    used = 8
    slotMask = 4095
    slots = .allocate(capacity: 4096)
    slots.initialize(repeating: 0, count: 4096)
    hash = TermHash(seed: seed)
  }

  deinit {
    arena.deallocate()
    slots.deallocate()
    candidates.deallocate()
  }

  /// The bytes in use.
  package var byteCount: Int { used + (slotMask + 1) * 8 }

  /// The bytes that may still be added before the arena cannot address more.
  package var bytesLeft: Int { Self.maximumBytes - used }

  /// Removes all entries and keeps the memory.
  package mutating func removeAll() {
    used = 8
    count = 0
    slots.update(repeating: 0, count: slotMask + 1)
  }

  /// Adds an occurrence of a term in a field with positions.
  ///
  /// Documents must come in ascending order, and positions within one document must not descend; a
  /// position that repeats the one before it is counted once.
  ///
  /// - Parameters:
  ///   - field: The number of the indexed field.
  ///   - term: The first byte of the term.
  ///   - termLength: The number of bytes of the term, at least 1.
  ///   - document: The number of the document, below 2^31.
  ///   - position: The position of the occurrence.
  @inline(__always)
  package mutating func append(
    field: UInt8, term: UnsafePointer<UInt8>, termLength: Int, document: UInt32, position: UInt32
  ) {
    add(
      document, position: position,
      to: find(field: field, term: term, termLength: termLength))
  }

  /// Adds an occurrence to the list of an entry with positions.
  @inline(__always)
  mutating func add(_ document: UInt32, position: UInt32, to address: UInt32) {
    let entry = arena + Int(address)
    let last = entry.load(fromByteOffset: Entry.lastDocument, as: UInt32.self)
    let current = document &+ 1
    if last == current {
      let previous = entry.load(fromByteOffset: Entry.state, as: UInt32.self)
      if position <= previous { return }
      entry.storeBytes(of: position, toByteOffset: Entry.state, as: UInt32.self)
      write(UInt64(position &- previous) &<< 1, to: address)
    } else {
      entry.storeBytes(of: current, toByteOffset: Entry.lastDocument, as: UInt32.self)
      entry.storeBytes(of: position, toByteOffset: Entry.state, as: UInt32.self)
      let documents = entry.load(fromByteOffset: Entry.documentCount, as: UInt32.self)
      entry.storeBytes(of: documents &+ 1, toByteOffset: Entry.documentCount, as: UInt32.self)
      write(UInt64(current &- last) &<< 1 | 1, to: address)
      write(UInt64(position), to: address)
    }
  }

  /// Adds an occurrence of a term in a field without positions.
  ///
  /// - Parameters:
  ///   - field: The number of the indexed field.
  ///   - term: The first byte of the term.
  ///   - termLength: The number of bytes of the term, at least 1.
  ///   - document: The number of the document, below 2^31; documents come in ascending order.
  @inline(__always)
  package mutating func append(
    field: UInt8, term: UnsafePointer<UInt8>, termLength: Int, document: UInt32
  ) {
    add(document, to: find(field: field, term: term, termLength: termLength))
  }

  /// Adds an occurrence to the list of an entry without positions.
  @inline(__always)
  mutating func add(_ document: UInt32, to address: UInt32) {
    let entry = arena + Int(address)
    let last = entry.load(fromByteOffset: Entry.lastDocument, as: UInt32.self)
    let current = document &+ 1
    let frequency = entry.load(fromByteOffset: Entry.state, as: UInt32.self)
    if last == current {
      entry.storeBytes(of: frequency &+ 1, toByteOffset: Entry.state, as: UInt32.self)
      return
    }
    let documents = entry.load(fromByteOffset: Entry.documentCount, as: UInt32.self)
    entry.storeBytes(of: current, toByteOffset: Entry.lastDocument, as: UInt32.self)
    entry.storeBytes(of: documents &+ 1, toByteOffset: Entry.documentCount, as: UInt32.self)
    entry.storeBytes(of: 1, toByteOffset: Entry.state, as: UInt32.self)
    if frequency != 0 { write(UInt64(frequency), to: address) }
    write(UInt64(current &- last), to: address)
  }

  /// Returns the address of a key's entry, made if there is none.
  @inline(__always)
  mutating func find(
    field: UInt8, term: UnsafePointer<UInt8>, termLength: Int
  ) -> UInt32 {
    let tag = UInt32(truncatingIfNeeded: hash(field: field, term: term, count: termLength) &>> 32)
    var index = Int(tag) & slotMask
    while true {
      let slot = slots[index]
      if slot == 0 {
        return insert(field: field, term: term, termLength: termLength, tag: tag, at: index)
      }
      if UInt32(truncatingIfNeeded: slot &>> 32) == tag {
        let address = UInt32(truncatingIfNeeded: slot)
        if isKey(at: address, field: field, term: term, termLength: termLength) { return address }
      }
      index = (index &+ 1) & slotMask
    }
  }

  @inline(__always)
  func isKey(
    at address: UInt32, field: UInt8, term: UnsafePointer<UInt8>, termLength: Int
  ) -> Bool {
    let entry = UnsafeRawPointer(arena) + Int(address)
    guard
      entry.load(fromByteOffset: Entry.keyLength, as: UInt32.self)
        == UInt32(truncatingIfNeeded: termLength &+ 1),
      entry.load(fromByteOffset: Entry.key, as: UInt8.self) == field
    else { return false }
    let key = (entry + (Entry.key + 1)).assumingMemoryBound(to: UInt8.self)
    let ours = TermHash.ends(of: key, count: termLength)
    let theirs = TermHash.ends(of: term, count: termLength)
    guard ours.first == theirs.first, ours.last == theirs.last else { return false }
    return termLength <= 16 || Self.isEqual(key, term, count: termLength)
  }

  @inline(never)
  private static func isEqual(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int
  ) -> Bool {
    UnsafeBufferPointer(start: left, count: count).elementsEqual(
      UnsafeBufferPointer(start: right, count: count))
  }

  @inline(never)
  private mutating func insert(
    field: UInt8, term: UnsafePointer<UInt8>, termLength: Int, tag: UInt32, at index: Int
  ) -> UInt32 {
    let chunk = Self.chunkOffset(keyLength: termLength + 1)
    let address = allocate(chunk + Entry.inlineBytes + 4)
    let entry = arena + Int(address)
    entry.storeBytes(of: 0, toByteOffset: Entry.lastDocument, as: UInt32.self)
    entry.storeBytes(of: 0, toByteOffset: Entry.documentCount, as: UInt32.self)
    entry.storeBytes(of: 0, toByteOffset: Entry.state, as: UInt32.self)
    entry.storeBytes(
      of: address + UInt32(chunk), toByteOffset: Entry.cursor, as: UInt32.self)
    entry.storeBytes(
      of: address + UInt32(chunk + Entry.inlineBytes), toByteOffset: Entry.limit, as: UInt32.self)
    entry.storeBytes(of: 0, toByteOffset: Entry.doublings, as: UInt32.self)
    entry.storeBytes(
      of: UInt32(termLength + 1), toByteOffset: Entry.keyLength, as: UInt32.self)
    entry.storeBytes(of: field, toByteOffset: Entry.key, as: UInt8.self)
    (entry + (Entry.key + 1)).copyMemory(from: term, byteCount: termLength)
    slots[index] = UInt64(tag) << 32 | UInt64(address)
    count += 1
    if count * 2 > slotMask { growTable() }
    return address
  }

  /// Appends a number to the list of an entry.
  @inline(__always)
  private mutating func write(_ value: UInt64, to address: UInt32) {
    let entry = arena + Int(address)
    let cursor = entry.load(fromByteOffset: Entry.cursor, as: UInt32.self)
    let limit = entry.load(fromByteOffset: Entry.limit, as: UInt32.self)
    if value < 0x80, cursor < limit {
      arena.storeBytes(
        of: UInt8(truncatingIfNeeded: value), toByteOffset: Int(cursor), as: UInt8.self)
      entry.storeBytes(of: cursor &+ 1, toByteOffset: Entry.cursor, as: UInt32.self)
    } else {
      writeGroups(value, to: address, cursor: cursor, limit: limit)
    }
  }

  @inline(never)
  private mutating func writeGroups(
    _ value: UInt64, to address: UInt32, cursor: UInt32, limit: UInt32
  ) {
    var rest = value
    var cursor = cursor
    var limit = limit
    while true {
      if cursor == limit {
        cursor = extend(address, from: limit)
        limit = (arena + Int(address)).load(fromByteOffset: Entry.limit, as: UInt32.self)
      }
      let group = UInt8(truncatingIfNeeded: rest & 0x7f) | (rest < 0x80 ? 0 : 0x80)
      arena.storeBytes(of: group, toByteOffset: Int(cursor), as: UInt8.self)
      cursor &+= 1
      rest &>>= 7
      if rest == 0 { break }
    }
    (arena + Int(address)).storeBytes(of: cursor, toByteOffset: Entry.cursor, as: UInt32.self)
  }

  /// Links a new chunk behind a full one and returns its first address.
  private mutating func extend(_ address: UInt32, from limit: UInt32) -> UInt32 {
    let doublings = (arena + Int(address)).load(fromByteOffset: Entry.doublings, as: UInt32.self)
    let size = Self.chunkSize(doublings: Int(doublings))
    let chunk = allocate(size)
    (arena + Int(limit)).storeBytes(of: chunk, as: UInt32.self)
    let entry = arena + Int(address)
    entry.storeBytes(of: chunk + UInt32(size - 4), toByteOffset: Entry.limit, as: UInt32.self)
    entry.storeBytes(
      of: min(doublings + 1, Self.largestDoublings), toByteOffset: Entry.doublings, as: UInt32.self)
    return chunk
  }

  /// Takes bytes off the end of the arena, at a multiple of four.
  private mutating func allocate(_ count: Int) -> UInt32 {
    if used + count > capacity { growArena(by: count) }
    let address = used
    used += (count + 3) & ~3
    return UInt32(truncatingIfNeeded: address)
  }

  private mutating func growArena(by count: Int) {
    let larger = min(max(capacity * 2, used + count + 64), Self.maximumBytes + (1 << 20))
    precondition(used + count <= larger, "the caller keeps a buffer below bytesLeft")
    let copy = System.allocateLarge(byteCount: larger)
    copy.copyMemory(from: arena, byteCount: used)
    arena.deallocate()
    arena = copy
    capacity = larger
  }

  private mutating func growTable() {
    let size = (slotMask + 1) * 2
    let table = System.allocateLarge(byteCount: size * 8).bindMemory(
      to: UInt64.self, capacity: size)
    table.initialize(repeating: 0, count: size)
    for index in 0...slotMask where slots[index] != 0 {
      let slot = slots[index]
      var place = Int(slot >> 32) & (size - 1)
      while table[place] != 0 { place = (place + 1) & (size - 1) }
      table[place] = slot
    }
    slots.deallocate()
    slots = table
    slotMask = size - 1
  }

  /// The size in bytes of a chunk behind the first, with its link.
  static func chunkSize(doublings: Int) -> Int {
    firstChunk << min(doublings, Int(largestDoublings))
  }

  /// Where the first chunk of an entry begins, from its address.
  static func chunkOffset(keyLength: Int) -> Int {
    (Entry.key + keyLength + 3) & ~3
  }
}

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
    return UnsafeRawBufferPointer(
      start: entry + Entry.key,
      count: Int(entry.load(fromByteOffset: Entry.keyLength, as: UInt32.self)))
  }

  private func prefix(of address: UInt32) -> UInt64 {
    let key = key(at: address)
    var bytes: UInt64 = 0
    for index in 0..<min(8, key.count) {
      bytes |= UInt64(key[index]) << UInt64(56 - 8 * index)
    }
    return bytes
  }
}
