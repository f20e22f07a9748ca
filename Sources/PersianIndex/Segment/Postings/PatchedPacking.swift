// SPDX-License-Identifier: Apache-2.0

/// How 128 values are packed with the same number of bits each, but for exceptions: their high parts
/// follow (Zukowski et al., "Super-scalar RAM-CPU cache compression", 2006).
///
/// Of `exceptions` values that have bits above the width, `large` have more above it than the
/// number 1.
struct PatchedPacking {
  /// The most exceptions of a block.
  private static let mostExceptions = 31

  let width: Int
  var exceptions = 0
  var large = 0

  /// The bytes of the packed values and their exceptions.
  var size: Int { 16 * width + exceptions + large }

  /// Chooses the packing of the fewest bytes.
  ///
  /// - Parameters:
  ///   - values: 128 values.
  ///   - widest: The greatest width beside which there may be exceptions.
  init(for values: UnsafePointer<UInt32>, exceptionsUpTo widest: Int) {
    var seen = SIMD4<UInt32>(repeating: 0)
    for row in 0..<32 { seen |= Self.load(values, row) }
    let all = seen[0] | seen[1] | seen[2] | seen[3]
    let whole = UInt32.bitWidth - all.leadingZeroBitCount
    var best = PatchedPacking(width: whole)
    var packing = best
    // The high part of an exception has 8 bits at most.
    while packing.width > 0 && whole - packing.width < 8 {
      let width = packing.width - 1
      let exceptions = Self.count(of: values, above: width)
      if exceptions > Self.mostExceptions { break }
      packing = PatchedPacking(width: width, exceptions: exceptions, large: packing.exceptions)
      if width <= widest && packing.size < best.size { best = packing }
    }
    self = best
  }

  private init(width: Int, exceptions: Int = 0, large: Int = 0) {
    self.width = width
    self.exceptions = exceptions
    self.large = large
  }

  /// Counts the values that have bits above a width, of 0 to 31.
  private static func count(of values: UnsafePointer<UInt32>, above width: Int) -> Int {
    let shift = SIMD4(repeating: UInt32(truncatingIfNeeded: width))
    var counts = SIMD4<UInt32>(repeating: 0)
    for row in 0..<32 {
      let high = load(values, row) &>> shift
      // The highest bit of a number or of its negative is set, unless it is 0.
      counts &+= (high | (0 &- high)) &>> 31
    }
    return Int(counts.wrappedSum())
  }

  @inline(__always)
  private static func load(_ values: UnsafePointer<UInt32>, _ row: Int) -> SIMD4<UInt32> {
    UnsafeRawPointer(values).loadUnaligned(fromByteOffset: row &* 16, as: SIMD4<UInt32>.self)
  }

  /// Packs the values in their order of memory and appends the exceptions.
  func append(_ values: UnsafePointer<UInt32>, to output: inout RawBuffer) {
    let place = output.reserve(size)
    BitPacking.pack(values, width: width, to: place)
    if exceptions > 0 {
      var next = 16 * width
      var nextLarge = next + exceptions
      for index in 0..<128 where values[index] >> UInt32(width) != 0 {
        let high = UInt8(truncatingIfNeeded: values[index] >> UInt32(width))
        let mark: UInt8 = high > 1 ? 0x80 : 0
        place.storeBytes(of: UInt8(index) | mark, toByteOffset: next, as: UInt8.self)
        next += 1
        if high > 1 {
          place.storeBytes(of: high, toByteOffset: nextLarge, as: UInt8.self)
          nextLarge += 1
        }
      }
    }
    output.advance(by: size)
  }

  /// Unpacks values.
  ///
  /// Of damaged bytes, it may read as many bytes after them as there are exceptions.
  ///
  /// - Parameters:
  ///   - source: The packed values.
  ///   - width: Their width, at most 32.
  ///   - exceptions: The number of exceptions.
  ///   - addsOne: Whether each is made one greater, modulo 2^32.
  ///   - values: Room for 128 values, aligned to 16 bytes.
  @inline(__always)
  static func unpack(
    _ source: UnsafeRawPointer, width: Int, exceptions: Int, addsOne: Bool = false,
    to values: UnsafeMutablePointer<UInt32>
  ) {
    values.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { rows in
      if addsOne {
        BitPacking.unpackSuccessors(source, width: width, to: rows)
      } else {
        BitPacking.unpack(source, width: width, to: rows)
      }
    }
    if exceptions == 0 { return }
    let places = source + width &* 16
    var next = exceptions
    for exception in 0..<exceptions {
      let place = places.load(fromByteOffset: exception, as: UInt8.self)
      let large = UInt32(places.load(fromByteOffset: next, as: UInt8.self))
      let isLarge = Int(place >> 7)
      let high = isLarge != 0 ? large : 1
      next = next &+ isLarge
      let index = Int(place & 127)
      values[index] = values[index] &+ high &<< UInt32(width & 31)
    }
  }
}
