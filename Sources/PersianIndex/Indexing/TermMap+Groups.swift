// SPDX-License-Identifier: Apache-2.0

extension TermMap {
  /// The number of tokens that are looked up together.
  static let groupSize = 32

  /// What of each token is counted.
  package enum Part {
    /// The term, with its position.
    case term
    /// The written form, where the token carries one.
    case writtenForm
  }

  /// Adds the occurrences of all tokens of a text.
  ///
  /// A token costs a load from the table and one from its entry, neither of which is likely to be in
  /// the cache once there are many terms. So the tokens of a group take each step together: their
  /// loads do not depend on each other, and the processor waits for many at once.
  ///
  /// - Parameters:
  ///   - tokens: The tokens, in text order.
  ///   - bytes: What their offsets count from.
  ///   - part: What of each token is counted.
  ///   - field: The number of the indexed field; one with positions for terms, one without for
  ///     written forms.
  ///   - document: The number of the document, below 2^31; documents come in ascending order.
  package mutating func append(
    _ tokens: UnsafeBufferPointer<TokenBuffer.Token>, bytes: UnsafePointer<UInt8>, part: Part,
    field: UInt8, document: UInt32
  ) {
    var first = 0
    while first < tokens.count {
      let group = UnsafeBufferPointer(
        rebasing: tokens[first..<min(first + Self.groupSize, tokens.count)])
      switch part {
      case .term:
        append(group, bytes: bytes, field: field) { map, token, address in
          map.add(document, position: token.position, to: address)
        } key: { token in
          (Int(token.termStart), Int(token.termLength))
        }
      case .writtenForm:
        append(group, bytes: bytes, field: field) { map, _, address in
          map.add(document, to: address)
        } key: { token in
          (Int(token.formStart), Int(token.formLength))
        }
      }
      first += group.count
    }
  }

  @inline(__always)
  private mutating func append(
    _ group: UnsafeBufferPointer<TokenBuffer.Token>, bytes: UnsafePointer<UInt8>, field: UInt8,
    add: (inout TermMap, TokenBuffer.Token, UInt32) -> Void,
    key: (TokenBuffer.Token) -> (start: Int, length: Int)
  ) {
    let candidates = candidates
    for index in group.indices {
      let (start, length) = key(group[index])
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
      let (start, length) = key(group[index])
      let address = UInt32(truncatingIfNeeded: candidates[index])
      let isFound =
        address != 0 && isKey(at: address, field: field, term: bytes + start, termLength: length)
      candidates[index] = isFound ? UInt64(address) : 0
    }
    for index in group.indices {
      let (start, length) = key(group[index])
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
