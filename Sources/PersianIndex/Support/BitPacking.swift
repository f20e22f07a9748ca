// SPDX-License-Identifier: Apache-2.0

/// Packs 128 integers with the same number of bits each, four lanes side by side, so that SIMD
/// instructions unpack them.
///
/// The integers form 32 rows of four lanes; each lane's 32 integers fill *w* 32-bit words, and the
/// words of the four lanes alternate (the vertical layout of Lemire and Boytsov, "Decoding billions
/// of integers per second through vectorization", 2015). Packed bytes: 16 · *w*.
package enum BitPacking {
  /// The number of integers packed at once.
  package static let count = 128

  /// Packs 128 integers below 2^width.
  ///
  /// - Parameters:
  ///   - values: 128 integers: row 0's four lanes, then row 1's, and so on; bits above the width
  ///     are cut off.
  ///   - width: From 0 to 32.
  ///   - destination: Room for 16 · `width` bytes.
  package static func pack(
    _ values: UnsafePointer<UInt32>, width: Int, to destination: UnsafeMutableRawPointer
  ) {
    if width == 0 { return }
    let mask = SIMD4<UInt32>(repeating: width == 32 ? .max : (1 &<< UInt32(width)) &- 1)
    var word = SIMD4<UInt32>(repeating: 0)
    var bit = 0
    var out = destination
    for row in 0..<32 {
      let lanes =
        SIMD4(values[row * 4], values[row * 4 + 1], values[row * 4 + 2], values[row * 4 + 3])
        & mask
      word |= lanes &<< SIMD4(repeating: UInt32(bit))
      bit += width
      if bit >= 32 {
        store(word, to: out)
        out += 16
        bit -= 32
        word =
          bit == 0
          ? SIMD4(repeating: 0) : lanes &>> SIMD4(repeating: UInt32(width - bit))
      }
    }
  }

  private static func store(_ word: SIMD4<UInt32>, to destination: UnsafeMutableRawPointer) {
    for lane in 0..<4 {
      destination.storeBytes(of: word[lane].littleEndian, toByteOffset: lane * 4, as: UInt32.self)
    }
  }

  @inline(__always)
  private static func load(_ source: UnsafeRawPointer, _ word: Int) -> SIMD4<UInt32> {
    #if _endian(little)
      source.loadUnaligned(fromByteOffset: word * 16, as: SIMD4<UInt32>.self)
    #else
      SIMD4(
        UInt32(
          littleEndian: source.loadUnaligned(fromByteOffset: word * 16, as: UInt32.self)),
        UInt32(
          littleEndian: source.loadUnaligned(fromByteOffset: word * 16 + 4, as: UInt32.self)),
        UInt32(
          littleEndian: source.loadUnaligned(fromByteOffset: word * 16 + 8, as: UInt32.self)),
        UInt32(
          littleEndian: source.loadUnaligned(fromByteOffset: word * 16 + 12, as: UInt32.self)))
    #endif
  }

  /// Unpacks with a width known when compiled: the loop unrolls and all shifts are constants.
  @inline(__always)
  private static func unpack(
    constant width: Int, _ source: UnsafeRawPointer, _ rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) {
    let mask = SIMD4<UInt32>(repeating: width == 32 ? .max : (1 &<< UInt32(width)) &- 1)
    var word = load(source, 0)
    var index = 0
    var bit = 0
    for row in 0..<32 {
      var lanes = word &>> SIMD4(repeating: UInt32(truncatingIfNeeded: bit))
      bit = bit &+ width
      if bit >= 32 {
        bit = bit &- 32
        if row < 31 {
          index = index &+ 1
          word = load(source, index)
        }
        if bit > 0 {
          lanes |= word &<< SIMD4(repeating: UInt32(truncatingIfNeeded: width &- bit))
        }
      }
      rows[row] = lanes & mask
    }
  }

  /// Unpacks 128 integers.
  ///
  /// - Parameters:
  ///   - source: 16 · `width` bytes.
  ///   - width: From 0 to 32; above, 32 is taken.
  ///   - rows: Room for 32 rows.
  package static func unpack(
    _ source: UnsafeRawPointer, width: Int, to rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) {
    switch width {
    case 0: rows.update(repeating: SIMD4(repeating: 0), count: 32)
    case 1: unpack(constant: 1, source, rows)
    case 2: unpack(constant: 2, source, rows)
    case 3: unpack(constant: 3, source, rows)
    case 4: unpack(constant: 4, source, rows)
    case 5: unpack(constant: 5, source, rows)
    case 6: unpack(constant: 6, source, rows)
    case 7: unpack(constant: 7, source, rows)
    case 8: unpack(constant: 8, source, rows)
    case 9: unpack(constant: 9, source, rows)
    case 10: unpack(constant: 10, source, rows)
    case 11: unpack(constant: 11, source, rows)
    case 12: unpack(constant: 12, source, rows)
    case 13: unpack(constant: 13, source, rows)
    case 14: unpack(constant: 14, source, rows)
    case 15: unpack(constant: 15, source, rows)
    case 16: unpack(constant: 16, source, rows)
    default: unpackWide(source, width: min(width, 32), to: rows)
    }
  }

  @inline(never)
  private static func unpackWide(
    _ source: UnsafeRawPointer, width: Int, to rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) {
    unpack(constant: width, source, rows)
  }
}
