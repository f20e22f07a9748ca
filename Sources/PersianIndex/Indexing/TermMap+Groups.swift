// SPDX-License-Identifier: Apache-2.0

extension TermMap {
  /// The number of tokens that are looked up together.
  static let groupSize = 32

  /// Where a key stands in some bytes.
  package struct KeyRange {
    /// The place of its first byte.
    var start: Int
    /// The number of its bytes.
    var length: Int

    /// Creates a value.
    package init(start: Int, length: Int) {
      self.start = start
      self.length = length
    }
  }

  /// Adds the occurrences of the terms of a text, with their positions.
  ///
  /// A token costs a load from the table and one from its entry, neither of which is likely to be in
  /// the cache once there are many terms. So the tokens of a group take each step together: their
  /// loads do not depend on each other, and the processor waits for many at once.
  ///
  /// - Parameters:
  ///   - tokens: The tokens, in text order.
  ///   - bytes: What their offsets count from.
  ///   - field: The number of the indexed field, one with positions.
  ///   - document: The number of the document, below 2^31; documents come in ascending order.
  package mutating func append(
    _ tokens: UnsafeBufferPointer<TokenBuffer.Token>, bytes: UnsafePointer<UInt8>, field: UInt8,
    document: UInt32
  ) {
    forEachGroup(of: tokens) { map, group, count in
      map.append(group, count: count, bytes: bytes, field: field) { map, token, address in
        map.add(document, position: token.position, to: address)
      } key: { token in
        KeyRange(start: Int(token.termStart), length: Int(token.termLength))
      }
    }
  }

  /// Adds occurrences of keys without positions, as ``append(_:bytes:field:document:)`` does.
  ///
  /// - Parameters:
  ///   - keys: Where the keys stand, in any order.
  ///   - bytes: What their places count from.
  ///   - field: The number of the indexed field, one without positions.
  ///   - document: The number of the document, below 2^31; documents come in ascending order.
  package mutating func append(
    keys: UnsafeBufferPointer<KeyRange>, bytes: UnsafePointer<UInt8>, field: UInt8,
    document: UInt32
  ) {
    forEachGroup(of: keys) { map, group, count in
      map.append(group, count: count, bytes: bytes, field: field) { map, _, address in
        map.add(document, to: address)
      } key: {
        $0
      }
    }
  }

  @inline(__always)
  private mutating func forEachGroup<Element>(
    of elements: UnsafeBufferPointer<Element>,
    _ body: (inout TermMap, UnsafePointer<Element>, _ count: Int) -> Void
  ) {
    guard let base = elements.baseAddress else { return }
    var first = 0
    while first < elements.count {
      let count = min(elements.count &- first, Self.groupSize)
      body(&self, base + first, count)
      first &+= count
    }
  }

  @inline(__always)
  private mutating func append<Element>(
    _ group: UnsafePointer<Element>, count: Int, bytes: UnsafePointer<UInt8>, field: UInt8,
    add: (inout TermMap, Element, UInt32) -> Void, key: (Element) -> KeyRange
  ) {
    let lookups = lookups
    let slots = slots
    let slotMask = UInt32(truncatingIfNeeded: slotMask)
    let arena = UnsafeRawPointer(arena)
    var index = 0
    while index < count {
      let key = key(group[index])
      let ends = TermHash.paddedEnds(of: bytes + key.start, count: key.length)
      let tag = hash(field: field, ends: ends, term: bytes + key.start, count: key.length) &>> 32
      lookups[index] = Lookup(ends: ends, tag: UInt32(truncatingIfNeeded: tag), address: 0)
      index &+= 1
    }
    // Memory is read ahead of its use, in loops so short that the processor has many turns under
    // way at once. The sum of what was read is kept so that the reads are not left out.
    var touched: UInt64 = 0
    index = 0
    while index < count {
      touched ^= slots[Int(lookups[index].tag & slotMask)]
      index &+= 1
    }
    index = 0
    while index < count {
      let tag = lookups[index].tag
      var place = tag & slotMask
      var slot = slots[Int(place)]
      while slot != 0, UInt32(truncatingIfNeeded: slot &>> 32) != tag {
        place = (place &+ 1) & slotMask
        slot = slots[Int(place)]
      }
      lookups[index].address = UInt32(truncatingIfNeeded: slot)
      index &+= 1
    }
    index = 0
    while index < count {
      touched ^= UInt64(
        arena.load(fromByteOffset: Int(lookups[index].address), as: UInt32.self))
      index &+= 1
    }
    self.touched = touched
    index = 0
    while index < count {
      let key = key(group[index])
      let lookup = lookups[index]
      var address = lookup.address
      // A new term, or one whose hash another one shares; it may be in the table by now.
      if address == 0
        || !isKey(
          at: address, field: field, ends: lookup.ends, term: bytes + key.start,
          termLength: key.length)
      {
        address = find(
          field: field, ends: lookup.ends, tag: lookup.tag, term: bytes + key.start,
          termLength: key.length)
      }
      add(&self, group[index], address)
      index &+= 1
    }
  }

  /// What is known of one token of a group.
  struct Lookup {
    var ends: TermHash.Ends
    var tag: UInt32
    /// The entry's address; 0 where it has not been found.
    var address: UInt32
  }
}
