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
}
