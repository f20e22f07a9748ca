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
      source.loadUnaligned(fromByteOffset: word &* 16, as: SIMD4<UInt32>.self)
    #else
      SIMD4(
        UInt32(
          littleEndian: source.loadUnaligned(fromByteOffset: word &* 16, as: UInt32.self)),
        UInt32(
          littleEndian: source.loadUnaligned(fromByteOffset: word &* 16 &+ 4, as: UInt32.self)),
        UInt32(
          littleEndian: source.loadUnaligned(fromByteOffset: word &* 16 &+ 8, as: UInt32.self)),
        UInt32(
          littleEndian: source.loadUnaligned(fromByteOffset: word &* 16 &+ 12, as: UInt32.self)))
    #endif
  }

  /// What becomes of the integers that are unpacked.
  private enum Output {
    /// The rows as they are.
    case values
    /// Each integer is one greater.
    case successors
    /// Each row with those before it added.
    case sums
    /// As ``sums``, modulo 2^16 and two rows in one: the first in the lower halves.
    case halfSums
  }

  /// Reads one row.
  ///
  /// All parameters but the source are known when compiled, so that shifts are constants and nothing
  /// depends on the row before.
  @inline(__always)
  private static func row(
    _ row: Int, _ width: Int, _ source: UnsafeRawPointer
  ) -> SIMD4<UInt32> {
    let (word, bit) = ((row &* width) >> 5, (row &* width) & 31)
    var lanes = load(source, word) &>> SIMD4(repeating: UInt32(truncatingIfNeeded: bit))
    if bit &+ width > 32 {
      lanes |=
        load(source, word &+ 1) &<< SIMD4(repeating: UInt32(truncatingIfNeeded: 32 &- bit))
    }
    if bit &+ width == 32 { return lanes }
    return lanes & SIMD4(repeating: (1 &<< UInt32(truncatingIfNeeded: width)) &- 1)
  }

  /// Unpacks two rows.
  @inline(__always)
  private static func unpackTwo(
    _ first: Int, _ width: Int, _ source: UnsafeRawPointer,
    _ rows: UnsafeMutablePointer<SIMD4<UInt32>>, _ output: Output, _ sum: inout SIMD4<UInt32>
  ) {
    let one = row(first, width, source)
    let other = row(first &+ 1, width, source)
    switch output {
    case .values:
      rows[first] = one
      rows[first &+ 1] = other
    case .successors:
      rows[first] = one &+ SIMD4(repeating: 1)
      rows[first &+ 1] = other &+ SIMD4(repeating: 1)
    case .sums:
      rows[first] = sum &+ one
      sum = sum &+ one &+ other
      rows[first &+ 1] = sum
    case .halfSums:
      let before = sum &+ one
      sum = before &+ other
      rows[first >> 1] = before | sum &<< SIMD4(repeating: 16)
    }
  }

  /// Unpacks with a width known when compiled.
  ///
  /// The rows are written out, because the compiler does not unroll a loop over them. That makes much code,
  /// so there is one copy for each kind of output.
  @inline(__always)
  private static func unpack(
    constant width: Int, _ source: UnsafeRawPointer, _ rows: UnsafeMutablePointer<SIMD4<UInt32>>,
    _ output: Output
  ) {
    var sum = SIMD4<UInt32>(repeating: 0)
    unpackTwo(0, width, source, rows, output, &sum)
    unpackTwo(2, width, source, rows, output, &sum)
    unpackTwo(4, width, source, rows, output, &sum)
    unpackTwo(6, width, source, rows, output, &sum)
    unpackTwo(8, width, source, rows, output, &sum)
    unpackTwo(10, width, source, rows, output, &sum)
    unpackTwo(12, width, source, rows, output, &sum)
    unpackTwo(14, width, source, rows, output, &sum)
    unpackTwo(16, width, source, rows, output, &sum)
    unpackTwo(18, width, source, rows, output, &sum)
    unpackTwo(20, width, source, rows, output, &sum)
    unpackTwo(22, width, source, rows, output, &sum)
    unpackTwo(24, width, source, rows, output, &sum)
    unpackTwo(26, width, source, rows, output, &sum)
    unpackTwo(28, width, source, rows, output, &sum)
    unpackTwo(30, width, source, rows, output, &sum)
  }

  /// Unpacks 128 integers.
  ///
  /// - Parameters:
  ///   - source: 16 · `width` bytes.
  ///   - width: From 0 to 32; above, 32 is taken.
  ///   - rows: Room for 32 rows.
  @inline(never)
  package static func unpack(
    _ source: UnsafeRawPointer, width: Int, to rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) {
    unpack(source, width: width, to: rows, .values)
  }

  /// Unpacks 128 integers that were made one less, modulo 2^32.
  ///
  /// - Parameters:
  ///   - source: 16 · `width` bytes.
  ///   - width: From 0 to 32; above, 32 is taken.
  ///   - rows: Room for 32 rows.
  @inline(never)
  package static func unpackSuccessors(
    _ source: UnsafeRawPointer, width: Int, to rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) {
    unpack(source, width: width, to: rows, .successors)
  }

  /// Unpacks 128 integers and adds to each those before it in its lane, modulo 2^32.
  ///
  /// - Parameters:
  ///   - source: 16 · `width` bytes.
  ///   - width: From 0 to 32; above, 32 is taken.
  ///   - rows: Room for 32 rows.
  @inline(never)
  package static func unpackSums(
    _ source: UnsafeRawPointer, width: Int, to rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) {
    unpack(source, width: width, to: rows, .sums)
  }

  /// Unpacks 128 integers and adds to each those before it in its lane, where these sums are below
  /// 2^16.
  ///
  /// - Parameters:
  ///   - source: 16 · `width` bytes.
  ///   - width: From 0 to 11, so that no sum is too great.
  ///   - rows: Room for 16 rows. Row *r* receives rows 2 *r* and 2 *r* + 1: of each lane, the lower half
  ///     and the upper one.
  @inline(never)
  package static func unpackHalfSums(
    _ source: UnsafeRawPointer, width: Int, to rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) {
    unpack(source, width: width, to: rows, .halfSums)
  }

  @inline(__always)
  private static func unpack(
    _ source: UnsafeRawPointer, width: Int, to rows: UnsafeMutablePointer<SIMD4<UInt32>>,
    _ output: Output
  ) {
    switch width {
    case 0:
      rows.update(
        repeating: SIMD4(repeating: output == .successors ? 1 : 0),
        count: output == .halfSums ? 16 : 32)
    case 1: unpack(constant: 1, source, rows, output)
    case 2: unpack(constant: 2, source, rows, output)
    case 3: unpack(constant: 3, source, rows, output)
    case 4: unpack(constant: 4, source, rows, output)
    case 5: unpack(constant: 5, source, rows, output)
    case 6: unpack(constant: 6, source, rows, output)
    case 7: unpack(constant: 7, source, rows, output)
    case 8: unpack(constant: 8, source, rows, output)
    case 9: unpack(constant: 9, source, rows, output)
    case 10: unpack(constant: 10, source, rows, output)
    case 11: unpack(constant: 11, source, rows, output)
    case 12: unpack(constant: 12, source, rows, output)
    case 13: unpack(constant: 13, source, rows, output)
    case 14: unpack(constant: 14, source, rows, output)
    case 15: unpack(constant: 15, source, rows, output)
    case 16: unpack(constant: 16, source, rows, output)
    default: unpackWide(source, width: min(width, 32), to: rows, output)
    }
  }

  /// Unpacks with any width, which is rare above 16.
  @inline(never)
  private static func unpackWide(
    _ source: UnsafeRawPointer, width: Int, to rows: UnsafeMutablePointer<SIMD4<UInt32>>,
    _ output: Output
  ) {
    var sum = SIMD4<UInt32>(repeating: 0)
    for row in stride(from: 0, to: 32, by: 2) {
      unpackTwo(row, width, source, rows, output, &sum)
    }
  }
}
