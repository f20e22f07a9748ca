// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct BitPackingTests {
  /// 128 numbers of a width, the greatest among them, and their packed bytes before others.
  private struct Packed {
    let values: [UInt32]
    let bytes: [UInt8]

    init(width: Int, seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      let greatest = width == 0 ? 0 : UInt32.max >> UInt32(32 - width)
      var values = (0..<128).map { _ in UInt32.random(in: 0...greatest, using: &random) }
      for index in stride(from: Int(seed % 7), to: 128, by: 7) { values[index] = greatest }
      self.values = values
      var bytes = [UInt8](repeating: 0xff, count: 16 * width + 64)
      bytes.withUnsafeMutableBytes { bytes in
        if let base = bytes.baseAddress {
          BitPacking.pack(values, width: width, to: base)
        }
      }
      self.bytes = bytes
    }

    /// What is unpacked into 32 rows, of which those that nothing is written to are `untouched`.
    func unpacked(
      _ unpack: (UnsafeRawPointer, UnsafeMutablePointer<SIMD4<UInt32>>) -> Void
    ) -> [UInt32] {
      let rows = UnsafeMutablePointer<SIMD4<UInt32>>.allocate(capacity: 32)
      defer { rows.deallocate() }
      rows.initialize(repeating: SIMD4(repeating: Self.untouched), count: 32)
      bytes.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { unpack(base, rows) }
      }
      return (0..<128).map { rows[$0 / 4][$0 % 4] }
    }

    static let untouched: UInt32 = 0xdead_beef

    /// Each number with those before it in its lane added.
    var sums: [UInt32] {
      var sums = values
      for index in 4..<128 { sums[index] &+= sums[index - 4] }
      return sums
    }
  }

  @Test(arguments: 0...32)
  func `numbers of every width are unpacked, one greater, and added up`(width: Int) {
    for seed in UInt64(0)..<8 {
      let packed = Packed(width: width, seed: seed)
      #expect(
        packed.unpacked { BitPacking.unpack($0, width: width, to: $1) } == packed.values)
      #expect(
        packed.unpacked { BitPacking.unpackSuccessors($0, width: width, to: $1) }
          == packed.values.map { $0 &+ 1 })
      #expect(
        packed.unpacked { BitPacking.unpackSums($0, width: width, to: $1) } == packed.sums)
    }
  }

  @Test(arguments: 0...11)
  func `sums below two to the sixteenth stand two in one`(width: Int) {
    for seed in UInt64(0)..<8 {
      let packed = Packed(width: width, seed: seed)
      let sums = packed.sums
      let halves = (0..<64).map { index in
        // Rows 2 r and 2 r + 1 of lane l.
        let (row, lane) = (index / 4, index % 4)
        return sums[row * 8 + lane] | sums[row * 8 + 4 + lane] << 16
      }
      #expect(
        packed.unpacked { BitPacking.unpackHalfSums($0, width: width, to: $1) }
          == halves + [UInt32](repeating: Packed.untouched, count: 64))
    }
  }
}
