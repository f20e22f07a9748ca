// SPDX-License-Identifier: Apache-2.0

/// Finds the best documents of a single list: the blocks whose bound is high enough are decoded,
/// no others.
enum TermEvaluator {
  /// Evaluates one segment.
  static func collect(
    _ list: QueryPlan.List, _ info: TermInfo, weight: Float, pairs: PairLists? = nil,
    _ searcher: SegmentSearcher, segment: Int, into heap: inout TopHeap,
    isCancelled: (() -> Bool)?
  ) throws(IndexError) {
    var scorer = try ListScorer(
      list, info, searcher, segment: segment, weight: weight, pairs: pairs, isAlone: true)
    defer { scorer.deallocate() }
    let view = searcher.segments[segment]
    if view.live == nil { scorer.prime(&heap) }
    withUnsafeTemporaryAllocation(byteCount: 576, alignment: 16) { memory in
      guard let scores = memory.baseAddress?.assumingMemoryBound(to: Int32.self) else { return }
      for block in 0..<scorer.cursor.list.blockCount {
        if Int32(scorer.cursor.list.bound(block)) &* scorer.boundUnit < heap.needed { continue }
        scorer.cursor.loadDocuments(block)
        scorer.cursor.loadFrequencies()
        let count = scorer.cursor.count
        scorer.score(from: 0, to: count, weight: weight, into: scores)
        for start in stride(from: 0, to: count, by: 64) {
          // Bits are found without a branch, and few of them are set.
          var places = Window.stripes(of: scores + start, atLeast: heap.needed)
          if count &- start < 64 { places &= (1 &<< UInt64(count &- start)) &- 1 }
          while places != 0 {
            let index = start &+ places.trailingZeroBitCount
            places &= places &- 1
            let document = scorer.cursor.documents[index]
            if scores[index] < heap.needed { continue }
            if let live = view.live, (live[Int(document >> 6)] &>> UInt64(document & 63)) & 1 == 0 {
              continue
            }
            heap.insert(
              TopHeap.Entry(
                score: scores[index], segment: Int32(segment), document: document,
                sequence: view.sequence(document)))
          }
        }
      }
    }
    if scorer.cursor.isCorrupt { throw TermsEvaluator.corrupt }
  }
}
