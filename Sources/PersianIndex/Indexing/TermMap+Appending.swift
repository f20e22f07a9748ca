// SPDX-License-Identifier: Apache-2.0

extension TermMap {
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
    let previous = entry.load(fromByteOffset: Entry.state, as: UInt32.self)
    let documents = entry.load(fromByteOffset: Entry.documentCount, as: UInt32.self)
    let staged = Int(entry.load(fromByteOffset: Entry.stagedCount, as: UInt8.self))
    // Whether a term comes again in a document cannot be foreseen, nor how many bytes a number
    // takes: no branch depends on either.
    let current = document &+ 1
    // All bits where the term is in this document already.
    let mask = UInt32(truncatingIfNeeded: (Int64(last ^ current) &- 1) &>> 63)
    let repeats = mask & 1
    let base = last ^ ((last ^ previous) & mask)
    let value = current ^ ((current ^ position) & mask)
    if value <= base { return }
    let first = UInt64(value &- base) &<< 1 | UInt64(1 &- repeats)
    let second = UInt64(position)
    entry.storeBytes(of: current, toByteOffset: Entry.lastDocument, as: UInt32.self)
    entry.storeBytes(
      of: documents &+ (1 &- repeats), toByteOffset: Entry.documentCount, as: UInt32.self)
    entry.storeBytes(of: position, toByteOffset: Entry.state, as: UInt32.self)
    // 1 for a number of two bytes, 0 for one of one.
    let firstExcess = (0x7f &- first) &>> 63
    let secondExcess = (0x7f &- second) &>> 63
    let length = Int(
      truncatingIfNeeded: 1 &+ firstExcess &+ ((1 &+ secondExcess) & ~UInt64(mask)))
    if (first | second) < 0x4000, staged &+ length <= Entry.stagedBytes {
      let groups =
        Self.groups(first, firstExcess)
        | Self.groups(second, secondExcess) &<< (8 &+ 8 &* firstExcess)
      entry.storeBytes(
        of: UInt32(truncatingIfNeeded: groups).littleEndian,
        toByteOffset: Entry.staged &+ staged, as: UInt32.self)
      entry.storeBytes(
        of: UInt8(truncatingIfNeeded: staged &+ length), toByteOffset: Entry.stagedCount,
        as: UInt8.self)
    } else {
      writeGroups(first, to: address)
      if repeats == 0 { writeGroups(second, to: address) }
    }
  }

  /// The one or two bytes of a number of at most 14 bits.
  @inline(__always)
  private static func groups(_ value: UInt64, _ excess: UInt64) -> UInt64 {
    (value & 0x7f) | excess &<< 7 | (value &>> 7) &<< 8
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

  /// Appends a number to the list of an entry.
  @inline(__always)
  private mutating func write(_ value: UInt64, to address: UInt32) {
    let entry = arena + Int(address)
    let staged = entry.load(fromByteOffset: Entry.stagedCount, as: UInt8.self)
    if value < 0x80, staged < Entry.stagedBytes {
      entry.storeBytes(
        of: UInt8(truncatingIfNeeded: value), toByteOffset: Entry.staged &+ Int(staged),
        as: UInt8.self)
      entry.storeBytes(of: staged &+ 1, toByteOffset: Entry.stagedCount, as: UInt8.self)
    } else {
      writeGroups(value, to: address)
    }
  }

  @inline(never)
  private mutating func writeGroups(_ value: UInt64, to address: UInt32) {
    var entry = arena + Int(address)
    var staged = Int(entry.load(fromByteOffset: Entry.stagedCount, as: UInt8.self))
    var rest = value
    repeat {
      if staged == Entry.stagedBytes {
        unstage(address)
        entry = arena + Int(address)
        staged = 0
      }
      let group = UInt8(truncatingIfNeeded: rest & 0x7f) | (rest < 0x80 ? 0 : 0x80)
      entry.storeBytes(of: group, toByteOffset: Entry.staged &+ staged, as: UInt8.self)
      staged &+= 1
      rest &>>= 7
    } while rest != 0
    entry.storeBytes(
      of: UInt8(truncatingIfNeeded: staged), toByteOffset: Entry.stagedCount, as: UInt8.self)
  }

  /// Brings all staged bytes, which are as many as there can be, to the last chunk or a new one.
  private mutating func unstage(_ address: UInt32) {
    var entry = arena + Int(address)
    var cursor = entry.load(fromByteOffset: Entry.cursor, as: UInt32.self)
    if cursor == entry.load(fromByteOffset: Entry.limit, as: UInt32.self) {
      cursor = extend(address, from: cursor)
      entry = arena + Int(address)
    }
    (arena + Int(cursor)).copyMemory(from: entry + Entry.staged, byteCount: Entry.stagedBytes)
    entry.storeBytes(
      of: cursor &+ UInt32(Entry.stagedBytes), toByteOffset: Entry.cursor, as: UInt32.self)
  }

  /// Adds a chunk to a list.
  ///
  /// - Parameters:
  ///   - address: The address of the entry.
  ///   - limit: Where the last chunk ends, which is full; 0 where there is none.
  /// - Returns: Where the chunk's bytes begin.
  private mutating func extend(_ address: UInt32, from limit: UInt32) -> UInt32 {
    var doublings = Int(
      (arena + Int(address)).load(fromByteOffset: Entry.doublings, as: UInt8.self))
    var link: UInt32 = 0
    if limit > 0 {
      link = limit - UInt32(4 + Self.chunkBytes(doublings: doublings)) | UInt32(doublings)
      doublings = min(doublings + 1, Self.largestDoublings)
    }
    let chunk = allocate(Entry.size << doublings)
    (arena + Int(chunk)).storeBytes(of: link, as: UInt32.self)
    let entry = arena + Int(address)
    let end = chunk + UInt32(4 + Self.chunkBytes(doublings: doublings))
    entry.storeBytes(of: end, toByteOffset: Entry.limit, as: UInt32.self)
    entry.storeBytes(of: UInt8(doublings), toByteOffset: Entry.doublings, as: UInt8.self)
    return chunk + 4
  }

  /// The bytes of a list that a chunk holds behind its link: the address of the chunk before, with
  /// that one's doublings in the six bits that are 0 there; 0 where there is none.
  static func chunkBytes(doublings: Int) -> Int {
    (Entry.size << doublings - 4) / Entry.stagedBytes * Entry.stagedBytes
  }
}
