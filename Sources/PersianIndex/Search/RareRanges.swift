// SPDX-License-Identifier: Apache-2.0

/// The ranges of doc ids in which terms that few documents have are evaluated.
enum RareRanges {
  /// The documents of a range; four bytes for each fit a small first-level cache.
  static let size = 1 << 13

  /// Calls a function for each range of a segment, in ascending order.
  ///
  /// - Parameters:
  ///   - documentCount: The segment's documents.
  ///   - isCancelled: Asked now and then.
  ///   - body: Gets the range's first document and its last.
  /// - Throws: `.cancelled`.
  @inline(__always)
  static func forEach(
    upTo documentCount: UInt32, isCancelled: (() -> Bool)?,
    _ body: (_ start: UInt32, _ last: UInt32) -> Void
  ) throws(IndexError) {
    for start in stride(from: 0, to: Int(documentCount), by: size) {
      try TopEvaluator.checkCancellation(isCancelled, at: start)
      body(UInt32(start), UInt32(truncatingIfNeeded: min(start + size, Int(UInt32.max)) - 1))
    }
  }
}
