// SPDX-License-Identifier: Apache-2.0

/// The list of one pair while it grows: varints of the gap and whether the pair occurs more than
/// once, and then of the occurrences less 2.
///
/// It owns memory, which its one owner frees.
struct PairPostings {
  // The most bytes that a document takes.
  private static let mostBytes = 12

  private var bytes: UnsafeMutablePointer<UInt8>?
  private var count = 0
  private var capacity = 0
  private var next: UInt32 = 0

  var isEmpty: Bool { count == 0 }

  func deallocate() {
    bytes?.deallocate()
  }

  /// Adds a document behind the last.
  @inline(__always)
  mutating func append(_ document: UInt32, count occurrences: UInt32) {
    if count &+ Self.mostBytes > capacity { grow() }
    append(UInt64(document &- next) << 1 | (occurrences > 1 ? 1 : 0))
    if occurrences > 1 { append(UInt64(occurrences &- 2)) }
    next = document &+ 1
  }

  @inline(never)
  private mutating func grow() {
    let larger = max(64, 2 * capacity)
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    if let bytes {
      copy.update(from: bytes, count: count)
      bytes.deallocate()
    }
    (bytes, capacity) = (copy, larger)
  }

  @inline(__always)
  private mutating func append(_ value: UInt64) {
    guard let bytes else { return }
    var rest = value
    while rest >= 128 {
      bytes[count] = UInt8(truncatingIfNeeded: rest) | 128
      count &+= 1
      rest &>>= 7
    }
    bytes[count] = UInt8(truncatingIfNeeded: rest)
    count &+= 1
  }

  /// Appends the documents and their occurrences to two arrays.
  func decode(_ documents: inout [UInt32], _ frequencies: inout [UInt32]) {
    guard let bytes else { return }
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
    while place < count {
      let value = read()
      let document = next &+ UInt32(truncatingIfNeeded: value >> 1)
      documents.append(document)
      frequencies.append(value & 1 == 0 ? 1 : UInt32(truncatingIfNeeded: read()) &+ 2)
      next = document &+ 1
    }
  }
}
