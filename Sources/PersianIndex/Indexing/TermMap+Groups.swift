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
    forEachGroup(of: tokens) { map, group in
      map.append(group, bytes: bytes, field: field) { map, token, address in
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
    forEachGroup(of: keys) { map, group in
      map.append(group, bytes: bytes, field: field) { map, _, address in
        map.add(document, to: address)
      } key: {
        $0
      }
    }
  }

  @inline(__always)
  private mutating func forEachGroup<Element>(
    of elements: UnsafeBufferPointer<Element>,
    _ body: (inout TermMap, UnsafeBufferPointer<Element>) -> Void
  ) {
    var first = 0
    while first < elements.count {
      let group = UnsafeBufferPointer(
        rebasing: elements[first..<min(first + Self.groupSize, elements.count)])
      body(&self, group)
      first += group.count
    }
  }

  @inline(__always)
  private mutating func append<Element>(
    _ group: UnsafeBufferPointer<Element>, bytes: UnsafePointer<UInt8>, field: UInt8,
    add: (inout TermMap, Element, UInt32) -> Void, key: (Element) -> KeyRange
  ) {
    let candidates = candidates
    for index in group.indices {
      let (start, length) = (key(group[index]).start, key(group[index]).length)
      let tag = hash(field: field, term: bytes + start, count: length) &>> 32
      var place = Int(tag) & slotMask
      var slot = slots[place]
      while slot != 0, slot &>> 32 != tag {
        place = (place &+ 1) & slotMask
        slot = slots[place]
      }
      candidates[index] = slot
    }
    for index in group.indices {
      let (start, length) = (key(group[index]).start, key(group[index]).length)
      let address = UInt32(truncatingIfNeeded: candidates[index])
      let isFound =
        address != 0 && isKey(at: address, field: field, term: bytes + start, termLength: length)
      candidates[index] = isFound ? UInt64(address) : 0
    }
    for index in group.indices {
      let (start, length) = (key(group[index]).start, key(group[index]).length)
      if length == 0 { continue }
      var address = UInt32(truncatingIfNeeded: candidates[index])
      // A new term, or one whose hash another one shares; it may be in the table by now.
      if address == 0 {
        address = find(field: field, term: bytes + start, termLength: length)
      }
      add(&self, group[index], address)
    }
  }
}
