// SPDX-License-Identifier: Apache-2.0

/// The sizes of the windows of doc ids in which queries are evaluated.
enum Window {
  /// The documents of a window.
  static let size = 4096
  /// The documents of a stripe, the unit of skipping inside a window.
  static let stripeSize = 64
  /// The stripes of a window; as many words hold one bit for each of its documents.
  static let stripeCount = 64

  /// The bits of the stripes from one to another, both included.
  @inline(__always)
  static func mask(_ first: Int, _ last: Int) -> UInt64 {
    (UInt64.max &<< UInt64(first)) & (UInt64.max &>> UInt64(63 &- last))
  }

  /// Which of 64 bounds of stripes, or scores of a stripe's documents, reach a score.
  @inline(__always)
  static func stripes(of bounds: UnsafeMutablePointer<Int32>, atLeast needed: Int32) -> UInt64 {
    bounds.withMemoryRebound(to: SIMD4<Int32>.self, capacity: 16) { rows in
      let least = SIMD4<Int32>(repeating: needed)
      let zero = SIMD4<UInt32>(repeating: 0)
      var halves: (UInt64, UInt64) = (0, 0)
      for half in 0..<2 {
        var gathered = zero
        for row in 0..<8 {
          let lanes = SIMD4<UInt32>(1, 2, 4, 8) &<< UInt32(row &* 4)
          gathered |= zero.replacing(with: lanes, where: rows[half &* 8 &+ row] .>= least)
        }
        let bits = UInt64(gathered[0] | gathered[1] | gathered[2] | gathered[3])
        if half == 0 { halves.0 = bits } else { halves.1 = bits }
      }
      return halves.0 | halves.1 &<< 32
    }
  }
}
