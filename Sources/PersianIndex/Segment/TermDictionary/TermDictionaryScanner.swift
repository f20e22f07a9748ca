// SPDX-License-Identifier: Apache-2.0

/// Reads the front-coded keys of a block after its first.
struct KeyScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// Reads the next key: how many bytes it shares with the one before, and the others' codes.
  @inline(__always)
  mutating func next() -> (shared: Int, rest: UnsafeBufferPointer<UInt8>)? {
    guard place < bytes.count else { return nil }
    let byte = bytes[place]
    place &+= 1
    var shared = Int(byte & 15)
    var rest = Int(byte >> 4)
    if shared == 15 {
      guard let more = readVarint(bytes, &place), more < 1 << 16 else { return nil }
      shared &+= Int(truncatingIfNeeded: more)
    }
    if rest == 15 {
      guard let more = readVarint(bytes, &place), more < 1 << 16 else { return nil }
      rest &+= Int(truncatingIfNeeded: more)
    }
    guard rest <= bytes.count &- place, let base = bytes.baseAddress else { return nil }
    let start = base + place
    place &+= rest
    return (shared, UnsafeBufferPointer(start: start, count: rest))
  }

  /// What follows the keys read so far.
  var remaining: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: bytes[place...]) }
}

/// Reads what is known of the terms of a block.
struct InfoScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0
  /// The distance of the last term that occurs a single time, before there is one.
  static let firstUsualDistance: UInt64 = 1
  private var usualDistance = InfoScanner.firstUsualDistance
  /// What is known of the term read last.
  private(set) var info = TermInfo(documentFrequency: 0, totalTermFrequency: 0, offset: 0)

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// Reads the next term's; says whether it was whole.
  @inline(__always)
  mutating func next() -> Bool {
    guard let first = readVarint(bytes, &place) else { return false }
    var distance = first >> 1
    var frequency: UInt64 = 1
    var total: UInt64 = 1
    var document: UInt64 = 0
    if first & 1 != 0 {
      guard let counts = readVarint(bytes, &place) else { return false }
      frequency = (counts >> 1) &+ 1
      total = frequency
      if counts & 1 != 0 {
        guard let excess = readVarint(bytes, &place) else { return false }
        total = total &+ excess
      }
      if frequency == 1 {
        guard let single = readVarint(bytes, &place) else { return false }
        document = single
      }
    } else if first & 2 != 0 {
      distance = first >> 2
      usualDistance = distance
      guard let single = readVarint(bytes, &place) else { return false }
      document = single
    } else {
      distance = usualDistance
      document = first >> 2
    }
    guard frequency <= UInt64(UInt32.max), document <= UInt64(UInt32.max) else { return false }
    info = TermInfo(
      documentFrequency: UInt32(frequency), totalTermFrequency: total,
      offset: info.offset &+ distance, singleDocument: UInt32(document))
    return true
  }
}

/// Reads a number of up to 64 bits, seven bits a byte, lowest first.
@inline(__always)
private func readVarint(_ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> UInt64? {
  var value: UInt64 = 0
  var shift: UInt64 = 0
  while place < bytes.count && shift < 64 {
    let byte = bytes[place]
    place &+= 1
    value |= UInt64(byte & 127) &<< shift
    if byte < 128 { return value }
    shift &+= 7
  }
  return nil
}
