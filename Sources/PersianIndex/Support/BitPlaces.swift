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

  /// For every byte, the places of its set bits, and after that, for every byte, how many it has.
  ///
  /// Places are 8 numbers of 16 bits; what follows them means nothing. Numbers of bits have 8 bits. It is
  /// one piece of memory, because each use of a global variable asks whether it is there.
  private nonisolated(unsafe) static let table: UnsafeRawPointer = {
    let table = UnsafeMutableRawPointer.allocate(byteCount: 256 * 16 + 256, alignment: 16)
    for byte in 0..<256 {
      var row = SIMD8<UInt16>(repeating: 0)
      var count = 0
      for bit in 0..<8 where byte >> bit & 1 == 1 {
        row[count] = UInt16(bit)
        count += 1
      }
      table.storeBytes(of: row, toByteOffset: byte * 16, as: SIMD8<UInt16>.self)
      table.storeBytes(of: UInt8(count), toByteOffset: countsStart + byte, as: UInt8.self)
    }
    return UnsafeRawPointer(table)
  }()

  /// Where the numbers of set bits begin in ``table``.
  private static var countsStart: Int { 256 * 16 }

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
    let table = table
    var (count, start) = (0, SIMD8<UInt16>(repeating: 0))
    for word in 0..<leastWords {
      add(load(source + word &* 8), table, to: destination, &count, &start)
    }
    var index = leastWords &* 8
    while index < byteCount && count <= most {
      add(load(source + index), table, to: destination, &count, &start)
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
    _ word: UInt64, _ table: UnsafeRawPointer, to destination: UnsafeMutablePointer<UInt16>,
    _ count: inout Int, _ start: inout SIMD8<UInt16>
  ) {
    let output = UnsafeMutableRawPointer(destination)
    var rest = word
    for _ in 0..<8 {
      let byte = Int(truncatingIfNeeded: rest & 0xff)
      let places = table.load(fromByteOffset: byte &* 16, as: SIMD8<UInt16>.self)
      output.storeBytes(of: places &+ start, toByteOffset: count &* 2, as: SIMD8<UInt16>.self)
      count = count &+ Int(table.load(fromByteOffset: countsStart &+ byte, as: UInt8.self))
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
