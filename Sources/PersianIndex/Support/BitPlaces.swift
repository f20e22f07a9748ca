// SPDX-License-Identifier: Apache-2.0

/// Finds the set bits of short bit strings, byte by byte.
///
/// A table has the places of the set bits of every byte. All eight are written whether they are
/// set or not, and the next byte's go over those that are not: there is no branch that depends on
/// the bits, which a processor would foresee badly.
package enum BitPlaces {
  /// The most set bits that are looked for.
  static let most = 128
  /// The places that there must be room for: those of the last word begin at the most of them or
  /// are the fourth 64, and those of a last byte are eight.
  static let room = 4 * 64 + 8

  /// For every byte, the places of its set bits; what follows them means nothing.
  private nonisolated(unsafe) static let places: UnsafePointer<SIMD8<UInt16>> = {
    let places = UnsafeMutablePointer<SIMD8<UInt16>>.allocate(capacity: 256)
    for byte in 0..<256 {
      var row = SIMD8<UInt16>(repeating: 0)
      var count = 0
      for bit in 0..<8 where byte >> bit & 1 == 1 {
        row[count] = UInt16(bit)
        count += 1
      }
      (places + byte).initialize(to: row)
    }
    return UnsafePointer(places)
  }()

  /// For every byte, the number of its set bits.
  private nonisolated(unsafe) static let counts: UnsafePointer<UInt8> = {
    let counts = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    for byte in 0..<256 { (counts + byte).initialize(to: UInt8(byte.nonzeroBitCount)) }
    return UnsafePointer(counts)
  }()

  /// Writes the places of set bits in ascending order, 64 bits at a time.
  ///
  /// Bits after the last byte count as well: up to 64 in all, or as many words as are read at least.
  ///
  /// - Parameters:
  ///   - source: The bits, the lowest of each byte first; whole words may be read.
  ///   - byteCount: The number of bytes, at most 8,191, so that places fit into 16 bits.
  ///   - leastWords: How many words are read in any case, at most 4: where most bit strings are not
  ///     longer, a processor foresees the end.
  ///   - destination: Room for ``room`` places.
  /// - Returns: The number of set bits; where there are more than ``most``, some number above it.
  @inline(__always)
  static func find(
    in source: UnsafeRawPointer, byteCount: Int, leastWords: Int,
    to destination: UnsafeMutablePointer<UInt16>
  ) -> Int {
    var (count, start) = (0, SIMD8<UInt16>(repeating: 0))
    for word in 0..<leastWords {
      add(load(source + word &* 8), to: destination, &count, &start)
    }
    var index = leastWords &* 8
    while index < byteCount && count <= most {
      add(load(source + index), to: destination, &count, &start)
      index = index &+ 8
    }
    return count
  }

  @inline(__always)
  private static func load(_ source: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: source.loadUnaligned(as: UInt64.self))
  }

  /// Writes the places of a word's set bits behind those there are.
  @inline(__always)
  private static func add(
    _ word: UInt64, to destination: UnsafeMutablePointer<UInt16>, _ count: inout Int,
    _ start: inout SIMD8<UInt16>
  ) {
    let (places, counts) = (places, counts)
    let output = UnsafeMutableRawPointer(destination)
    var rest = word
    for _ in 0..<8 {
      let byte = Int(truncatingIfNeeded: rest & 0xff)
      output.storeBytes(
        of: places[byte] &+ start, toByteOffset: count &* 2, as: SIMD8<UInt16>.self)
      count = count &+ Int(counts[byte])
      start = start &+ SIMD8(repeating: 8)
      rest &>>= 8
    }
  }

  /// Reads four of the places that were found.
  ///
  /// - Parameters:
  ///   - row: Which four, 0 for the first.
  ///   - places: What ``find(in:byteCount:leastWords:to:)`` wrote.
  /// - Returns: The places.
  @inline(__always)
  static func row(_ row: Int, of places: UnsafePointer<UInt16>) -> SIMD4<UInt32> {
    SIMD4(
      truncatingIfNeeded: UnsafeRawPointer(places)
        .loadUnaligned(fromByteOffset: row &* 8, as: SIMD4<UInt16>.self))
  }
}
