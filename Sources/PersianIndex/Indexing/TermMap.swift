// SPDX-License-Identifier: Apache-2.0

/// The inverted lists of one indexing buffer: a hash map from (field, term) to a growing list of
/// documents, all of it in one arena.
///
/// A slot of the open-addressing table holds 32 bits of the term's hash and the 32-bit address of
/// its entry; an entry holds the key and the last bytes of its list, in one line of the processor's
/// cache, so that adding an occurrence touches a slot, an entry and seldom more. What an entry has no
/// room for goes to chunks of doubling size that are linked inside the arena: nothing is ever moved
/// and nothing is allocated per term. The structure of lists that grow in linked chunks, found
/// independently in several engines, is described in Büttcher, Clarke and Cormack, *Information
/// Retrieval* (2010), chapter 4.
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
  /// The most bytes that an arena can address.
  package static let maximumBytes = Int(UInt32.max) - (1 << 20)
  static let largestDoublings = 9
  private static let roomForOne = Entry.size << largestDoublings + 128
  // Memory behind the arena, and before its first entry, so that entries are read in whole words.
  private static let padding = 64

  // All addresses are multiples of 64 in memory that is aligned so.
  private(set) var arena: UnsafeMutableRawPointer
  private var capacity: Int
  private var used: Int
  private(set) var slots: UnsafeMutablePointer<UInt64>
  private(set) var slotMask: Int
  let hash: TermHash
  // Room for a group of tokens.
  let lookups = UnsafeMutablePointer<Lookup>.allocate(capacity: TermMap.groupSize)
  // What reading ahead has read.
  var touched: UInt64 = 0

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
    arena = System.allocateLarge(byteCount: self.capacity + Self.padding)
    // What address 0 stands for, no entry, can be read like one.
    arena.initializeMemory(as: UInt8.self, repeating: 0, count: Self.padding)
    used = Self.padding
    slotMask = 4095
    slots = .allocate(capacity: 4096)
    slots.initialize(repeating: 0, count: 4096)
    hash = TermHash(seed: seed)
  }

  deinit {
    arena.deallocate()
    slots.deallocate()
    lookups.deallocate()
  }

  /// The bytes in use.
  package var byteCount: Int { used + (slotMask + 1) * 8 }

  /// The bytes that may still be added before the arena cannot address more.
  package var bytesLeft: Int { Self.maximumBytes - used }

  /// Removes all entries and keeps the memory.
  package mutating func removeAll() {
    used = Self.padding
    count = 0
    slots.update(repeating: 0, count: slotMask + 1)
  }

  /// Returns the address of a key's entry, made if there is none.
  @inline(__always)
  mutating func find(
    field: UInt8, term: UnsafePointer<UInt8>, termLength: Int
  ) -> UInt32 {
    let ends = TermHash.ends(of: term, count: termLength)
    let tag = hash(field: field, ends: ends, term: term, count: termLength) &>> 32
    return find(
      field: field, ends: ends, tag: UInt32(truncatingIfNeeded: tag), term: term,
      termLength: termLength)
  }

  /// Returns the address of a key's entry, made if there is none.
  mutating func find(
    field: UInt8, ends: TermHash.Ends, tag: UInt32, term: UnsafePointer<UInt8>, termLength: Int
  ) -> UInt32 {
    var index = Int(tag) & slotMask
    while true {
      let slot = slots[index]
      if slot == 0 {
        return insert(
          field: field, ends: ends, term: term, termLength: termLength, tag: tag, at: index)
      }
      if UInt32(truncatingIfNeeded: slot &>> 32) == tag {
        let address = UInt32(truncatingIfNeeded: slot)
        if isKey(at: address, field: field, ends: ends, term: term, termLength: termLength) {
          return address
        }
      }
      index = (index &+ 1) & slotMask
    }
  }

  @inline(__always)
  func isKey(
    at address: UInt32, field: UInt8, ends: TermHash.Ends, term: UnsafePointer<UInt8>,
    termLength: Int
  ) -> Bool {
    let entry = UnsafeRawPointer(arena) + Int(address)
    let first = entry.loadUnaligned(fromByteOffset: Entry.ends, as: UInt64.self)
    let last = entry.loadUnaligned(fromByteOffset: Entry.ends + 8, as: UInt64.self)
    let length = entry.load(fromByteOffset: Entry.termLength, as: UInt16.self)
    let difference =
      (UInt64(littleEndian: first) ^ ends.first) | (UInt64(littleEndian: last) ^ ends.last)
      | UInt64(length ^ UInt16(truncatingIfNeeded: termLength))
      | UInt64(entry.load(fromByteOffset: Entry.field, as: UInt8.self) ^ field)
    guard difference == 0 else { return false }
    return termLength <= 16 || Self.isEqual(entry + (Entry.size + 1), term, count: termLength)
  }

  @inline(never)
  private static func isEqual(
    _ left: UnsafeRawPointer, _ right: UnsafePointer<UInt8>, count: Int
  ) -> Bool {
    UnsafeRawBufferPointer(start: left, count: count).elementsEqual(
      UnsafeBufferPointer(start: right, count: count))
  }

  @inline(never)
  private mutating func insert(
    field: UInt8, ends: TermHash.Ends, term: UnsafePointer<UInt8>, termLength: Int, tag: UInt32,
    at index: Int
  ) -> UInt32 {
    let address = allocate(Entry.size + (termLength > 16 ? termLength + 1 : 0))
    let entry = arena + Int(address)
    entry.initializeMemory(as: UInt8.self, repeating: 0, count: Entry.size)
    entry.storeBytes(
      of: UInt16(truncatingIfNeeded: termLength), toByteOffset: Entry.termLength, as: UInt16.self)
    entry.storeBytes(of: field, toByteOffset: Entry.field, as: UInt8.self)
    entry.storeBytes(of: ends.first.littleEndian, toByteOffset: Entry.ends, as: UInt64.self)
    entry.storeBytes(of: ends.last.littleEndian, toByteOffset: Entry.ends + 8, as: UInt64.self)
    if termLength > 16 {
      entry.storeBytes(of: field, toByteOffset: Entry.size, as: UInt8.self)
      (entry + (Entry.size + 1)).copyMemory(from: term, byteCount: termLength)
    }
    slots[index] = UInt64(tag) << 32 | UInt64(address)
    count += 1
    if count * 2 > slotMask { growTable() }
    return address
  }

  /// Takes bytes off the end of the arena, at a multiple of 64.
  mutating func allocate(_ count: Int) -> UInt32 {
    if used + count > capacity { growArena(by: count) }
    let address = used
    used += (count + 63) & ~63
    return UInt32(truncatingIfNeeded: address)
  }

  private mutating func growArena(by count: Int) {
    let larger = min(max(capacity * 2, used + count + 64), Self.maximumBytes + (1 << 20))
    precondition(used + count <= larger, "the caller keeps a buffer below bytesLeft")
    let copy = System.allocateLarge(byteCount: larger + Self.padding)
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
}
