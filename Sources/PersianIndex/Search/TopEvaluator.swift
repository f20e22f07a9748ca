// SPDX-License-Identifier: Apache-2.0

/// Chooses how the best documents of a query are found in one segment.
enum TopEvaluator {
  /// Offers the documents of a segment that can be among the best to a heap.
  static func collect(
    _ plan: borrowing QueryPlan, _ searcher: borrowing SegmentSearcher, segment: Int,
    into heap: inout TopHeap, isCancelled: (() -> Bool)?
  ) throws(IndexError) {
    let view = searcher.segments[segment]
    if view.documentCount == 0 || view.liveCount == 0 { return }
    heap.isStrict =
      view.isInSequenceOrder && (heap.count == 0 || view.sequence(0) > heap.greatestSequence)
    switch plan.root {
    case .none:
      return
    case .group(let group):
      try TermsEvaluator.collect(
        must: [], should: [group], filters: [], exclusions: [], plan, searcher,
        segment: segment, into: &heap, isCancelled: isCancelled)
    case .phrase(let phrase):
      try collect(
        phrase: plan.phrases[phrase], plan, searcher, segment: segment, into: &heap,
        isCancelled: isCancelled)
    case .boolean(let boolean):
      if let must = groups(boolean.must), let should = groups(boolean.should),
        boolean.minimumShould == (must.isEmpty ? 1 : 0)
      {
        try TermsEvaluator.collect(
          must: must, should: should, filters: boolean.filter, exclusions: boolean.mustNot, plan,
          searcher, segment: segment, into: &heap, isCancelled: isCancelled)
      } else {
        try collectAll(plan, searcher, segment: segment, into: &heap, isCancelled: isCancelled)
      }
    case .all, .anyTerm, .range, .constant:
      try collectAll(plan, searcher, segment: segment, into: &heap, isCancelled: isCancelled)
    }
  }

  /// The groups of clauses that are all groups.
  private static func groups(_ clauses: [QueryPlan.Node]) -> [Int]? {
    var groups: [Int] = []
    for clause in clauses {
      guard case .group(let group) = clause else { return nil }
      groups.append(group)
    }
    return groups
  }

  /// Finds the best documents of a phrase.
  private static func collect(
    phrase: QueryPlan.Phrase, _ plan: borrowing QueryPlan, _ searcher: borrowing SegmentSearcher,
    segment: Int, into heap: inout TopHeap, isCancelled: (() -> Bool)?
  ) throws(IndexError) {
    guard
      let matcher = try PhraseMatcher(
        phrase, scale: plan.scale, searcher, segment: segment)
    else { return }
    defer { matcher.deallocate() }
    let view = searcher.segments[segment]
    let live = view.live
    let scorer = matcher.lists
    for start in stride(from: 0, to: Int(view.documentCount), by: Window.size) {
      if start & 0xf_ffff == 0, let isCancelled, isCancelled() {
        throw IndexError(.cancelled, "the search was cancelled")
      }
      let start = UInt32(start)
      let stripes = matcher.stripes(start: start, needed: heap.needed)
      if stripes == 0 { continue }
      matcher.forEachMatch(start: start, stripes: stripes) { document, most, code in
        if let live, (live[Int(document >> 6)] &>> UInt64(document & 63)) & 1 == 0 {
          return false
        }
        if heap.needed <= 1 || most == .max { return true }
        return scorer.pointee.score(
          frequency: Float(Int32(truncatingIfNeeded: most & 0x7fff_ffff)), lengthCode: code,
          weight: matcher.weight) >= heap.needed
      } _: { document, frequency, code in
        let score = scorer.pointee.score(
          frequency: frequency, lengthCode: code, weight: matcher.weight)
        if score >= heap.needed {
          heap.insert(
            TopHeap.Entry(
              score: score, segment: Int32(segment), document: document,
              sequence: view.sequence(document)))
        }
      }
    }
    if matcher.isCorrupt { throw TermsEvaluator.corrupt }
  }

  /// Scores every document that matches.
  private static func collectAll(
    _ plan: borrowing QueryPlan, _ searcher: borrowing SegmentSearcher, segment: Int,
    into heap: inout TopHeap, isCancelled: (() -> Bool)?
  ) throws(IndexError) {
    let node = try WindowNode(
      plan.root, WindowNode.Context(plan, searcher, segment: segment, isScoring: true))
    let view = searcher.segments[segment]
    for start in stride(from: 0, to: Int(view.documentCount), by: Window.size) {
      if let isCancelled, isCancelled() {
        throw IndexError(.cancelled, "the search was cancelled")
      }
      node.evaluate(UInt32(start))
      for word in 0..<Window.stripeCount where node.bits[word] != 0 {
        var rest = node.bits[word]
        if let live = view.live { rest &= live[start / 64 + word] }
        while rest != 0 {
          let place = word * 64 + rest.trailingZeroBitCount
          rest &= rest - 1
          let score = node.scores[place]
          if score >= heap.needed {
            let document = UInt32(start + place)
            heap.insert(
              TopHeap.Entry(
                score: score, segment: Int32(segment), document: document,
                sequence: view.sequence(document)))
          }
        }
      }
    }
    if node.isCorrupt { throw TermsEvaluator.corrupt }
  }
}
