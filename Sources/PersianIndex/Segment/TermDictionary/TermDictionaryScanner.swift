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

  /// Reads what is known of the next terms, of which ``info`` keeps the last.
  ///
  /// - Parameter count: How many terms, at least 1.
  /// - Returns: Whether all were whole.
  mutating func next(_ count: Int = 1) -> Bool {
    // Copies, so that they stay in registers.
    let bytes = bytes
    var (place, usualDistance, offset) = (place, usualDistance, info.offset)
    var (frequency, total, document): (UInt64, UInt64, UInt64) = (0, 0, 0)
    for _ in 0..<count {
      guard let first = readVarint(bytes, &place) else { return false }
      var distance = first >> 1
      (frequency, total, document) = (1, 1, 0)
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
      offset = offset &+ distance
    }
    self.place = place
    self.usualDistance = usualDistance
    info = TermInfo(
      documentFrequency: UInt32(truncatingIfNeeded: frequency), totalTermFrequency: total,
      offset: offset, singleDocument: UInt32(truncatingIfNeeded: document))
    return true
  }
}

/// Reads a number of up to 64 bits, seven bits a byte, lowest first.
@inline(__always)
private func readVarint(_ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> UInt64? {
  guard place < bytes.count else { return nil }
  let first = bytes[place]
  // Most are of one byte, and most of the others of two.
  if first < 128 {
    place &+= 1
    return UInt64(first)
  }
  let second = place &+ 1 < bytes.count ? bytes[place &+ 1] : .max
  if second < 128 {
    place &+= 2
    return UInt64(first & 127) | UInt64(second) &<< 7
  }
  let (value, end) = longVarint(bytes, at: place)
  guard end > 0 else { return nil }
  place = end
  return value
}

/// Reads a number of any length; its end is 0 where it is not whole.
///
/// It takes no address of its caller's, whose numbers therefore stay in registers.
@inline(never)
private func longVarint(
  _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
) -> (value: UInt64, end: Int) {
  var value: UInt64 = 0
  var shift: UInt64 = 0
  var place = start
  while place < bytes.count && shift < 64 {
    let byte = bytes[place]
    place &+= 1
    value |= UInt64(byte & 127) &<< shift
    if byte < 128 { return (value, place) }
    shift &+= 7
  }
  return (0, 0)
}
