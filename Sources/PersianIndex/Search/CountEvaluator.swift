// SPDX-License-Identifier: Apache-2.0

/// Counts the documents of a query in one segment, without scoring any.
enum CountEvaluator {
  /// Counts the live documents that match.
  static func count(
    _ plan: borrowing QueryPlan, _ searcher: borrowing SegmentSearcher, segment: Int,
    isCancelled: (() -> Bool)?
  ) throws(IndexError) -> Int {
    let view = searcher.segments[segment]
    if view.documentCount == 0 { return 0 }
    switch plan.root {
    case .none:
      return 0
    case .all:
      return Int(view.liveCount)
    case .group(let index) where view.live == nil && plan.groups[index].lists.count == 1:
      return Int(plan.groups[index].lists[0].infos[segment]?.documentFrequency ?? 0)
    default:
      break
    }
    var total = 0
    try forEachWindow(plan, searcher, segment: segment, isCancelled: isCancelled) { start, bits in
      if let live = view.live {
        let words = min(Window.stripeCount, (Int(view.documentCount) - start + 63) / 64)
        for word in 0..<words {
          total += (bits[word] & live[start / 64 + word]).nonzeroBitCount
        }
      } else {
        for word in 0..<Window.stripeCount { total += bits[word].nonzeroBitCount }
      }
    }
    return total
  }

  /// Returns the live documents that match, as bits.
  static func matches(
    _ plan: borrowing QueryPlan, _ searcher: borrowing SegmentSearcher, segment: Int
  ) throws(IndexError) -> [UInt64] {
    let view = searcher.segments[segment]
    let count = (Int(view.documentCount) + 63) / 64
    var words = [UInt64](repeating: 0, count: count)
    if count == 0 { return words }
    try forEachWindow(plan, searcher, segment: segment, isCancelled: nil) { start, bits in
      for word in 0..<min(Window.stripeCount, count - start / 64) {
        words[start / 64 + word] =
          bits[word] & (view.live?[start / 64 + word] ?? .max)
      }
    }
    return words
  }

  private static func forEachWindow(
    _ plan: borrowing QueryPlan, _ searcher: borrowing SegmentSearcher, segment: Int,
    isCancelled: (() -> Bool)?, _ body: (Int, UnsafePointer<UInt64>) -> Void
  ) throws(IndexError) {
    let node = try WindowNode(
      plan.root, WindowNode.Context(plan, searcher, segment: segment, isScoring: false))
    let documentCount = Int(searcher.segments[segment].documentCount)
    for start in stride(from: 0, to: documentCount, by: Window.size) {
      if start & 0xf_ffff == 0, let isCancelled, isCancelled() {
        throw IndexError(.cancelled, "counting was cancelled")
      }
      node.evaluate(UInt32(start))
      body(start, node.bits)
    }
    if node.isCorrupt { throw TermsEvaluator.corrupt }
  }
}
