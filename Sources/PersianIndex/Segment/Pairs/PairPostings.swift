// SPDX-License-Identifier: Apache-2.0

/// The list of one pair while it grows: varints of the gap and whether the pair occurs more than
/// once, and then of the occurrences less 2.
struct PairPostings {
  private(set) var bytes: [UInt8] = []
  private var next: UInt32 = 0

  /// Adds a document behind the last.
  mutating func append(_ document: UInt32, count: UInt32) {
    append(UInt64(document &- next) << 1 | (count > 1 ? 1 : 0))
    if count > 1 { append(UInt64(count &- 2)) }
    next = document &+ 1
  }

  @inline(__always)
  private mutating func append(_ value: UInt64) {
    var rest = value
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  func decode(_ documents: inout [UInt32], _ frequencies: inout [UInt32]) {
    documents.removeAll(keepingCapacity: true)
    frequencies.removeAll(keepingCapacity: true)
    var place = 0
    func read() -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let byte = bytes[place]
        place += 1
        value |= UInt64(byte & 127) << shift
        if byte < 128 { return value }
        shift += 7
      }
    }
    var next: UInt32 = 0
    while place < bytes.count {
      let value = read()
      let document = next &+ UInt32(truncatingIfNeeded: value >> 1)
      documents.append(document)
      frequencies.append(value & 1 == 0 ? 1 : UInt32(truncatingIfNeeded: read()) &+ 2)
      next = document &+ 1
    }
  }
}
