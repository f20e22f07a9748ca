// SPDX-License-Identifier: Apache-2.0

/// A hash table from keys to the first document that was looked up with each.
struct KeyTable {
  private var slots: [UInt64]
  private let mask: Int
  private let hash = TermHash(seed: UInt64.random(in: .min ... .max))

  init(capacity: Int) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
    mask = size - 1
  }

  /// Returns the document that has the key of a document, after putting that one in where there is
  /// none yet.
  mutating func find(_ document: UInt32, in keys: borrowing ByteColumn) -> UInt32 {
    let tag = keys.withBytes(at: Int(document)) { key -> UInt64 in
      guard let start = key.baseAddress else { return 0 }
      return hash(
        field: 0, term: start.assumingMemoryBound(to: UInt8.self), count: key.count)
    }
    var place = Int(truncatingIfNeeded: tag >> 32) & mask
    while slots[place] != 0 {
      let other = UInt32(truncatingIfNeeded: slots[place]) - 1
      if slots[place] >> 32 == tag >> 32, keys.isEqual(at: Int(document), Int(other)) {
        return other
      }
      place = (place + 1) & mask
    }
    slots[place] = (tag >> 32) << 32 | UInt64(document + 1)
    return document
  }
}
