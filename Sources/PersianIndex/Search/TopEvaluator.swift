// SPDX-License-Identifier: Apache-2.0

/// Chooses how the best documents of a query are found in one segment.
enum TopEvaluator {
  /// Offers the documents of a segment that can be among the best to a heap.
  static func collect(
    _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher, segment: Int,
    into heap: inout TopHeap, isCancelled: (() -> Bool)?
  ) throws(IndexError) {
    let view = searcher.segments[segment]
    if view.documentCount == 0 || view.liveCount == 0 { return }
    setStrictness(&heap, view)
    switch plan.root {
    case .none:
      return
    case .group(let group) where plan.groups[group].lists.count == 1:
      let list = plan.groups[group].lists[0]
      if let info = list.infos[segment] {
        try TermEvaluator.collect(
          list, info, weight: plan.groups[group].weight * plan.scale, searcher,
          segment: segment, into: &heap, isCancelled: isCancelled)
      }
    case .group(let group):
      try TermsEvaluator.collect(
        must: [], should: [group], filters: [], exclusions: [], plan, searcher,
        segment: segment, into: &heap, isCancelled: isCancelled)
    case .phrase(let phrase):
      _ = try collect(
        phrase: plan.phrases[phrase], plan, searcher, segment: segment, into: &heap,
        needsCount: false, isCancelled: isCancelled)
    case .boolean(let boolean):
      if let must = conjunction(boolean),
        RarePairEvaluator.isSuitable(
          must, plan, segment: segment, documentCount: view.documentCount)
      {
        _ = try RarePairEvaluator.evaluate(
          must, plan, searcher, segment: segment, heap: &heap, needsCount: false,
          isCancelled: isCancelled)
      } else if let must = conjunction(boolean),
        ConjunctionEvaluator.isSuitable(
          must, plan, segment: segment, documentCount: view.documentCount, isCounting: false)
      {
        var top: TopHeap? = heap
        defer { if let top { heap = top } }
        _ = try ConjunctionEvaluator.evaluate(
          must, plan, searcher, segment: segment, heap: &top, needsCount: false)
      } else if let should = disjunction(boolean),
        RareTermsEvaluator.isSuitable(
          should, plan, segment: segment, documentCount: view.documentCount, isCounting: false)
      {
        _ = try RareTermsEvaluator.evaluate(
          should, plan, searcher, segment: segment, heap: &heap, needsCount: false,
          isCancelled: isCancelled)
      } else if let must = groups(boolean.must), let should = groups(boolean.should),
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

  /// Offers the best documents of a segment to a heap and counts all, where one pass can do both
  /// cheaply.
  ///
  /// - Returns: The number of documents that match; `nil` where nothing was done.
  static func collectAndCount(
    _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher, segment: Int,
    into heap: inout TopHeap, isCancelled: (() -> Bool)?
  ) throws(IndexError) -> Int? {
    let view = searcher.segments[segment]
    if view.documentCount == 0 || view.liveCount == 0 { return 0 }
    setStrictness(&heap, view)
    switch plan.root {
    case .phrase(let phrase):
      return try collect(
        phrase: plan.phrases[phrase], plan, searcher, segment: segment, into: &heap,
        needsCount: true, isCancelled: isCancelled)
    case .boolean(let boolean):
      if let should = disjunction(boolean),
        RareTermsEvaluator.isSuitable(
          should, plan, segment: segment, documentCount: view.documentCount, isCounting: true)
      {
        return try RareTermsEvaluator.evaluate(
          should, plan, searcher, segment: segment, heap: &heap, needsCount: true,
          isCancelled: isCancelled)
      }
      guard let must = conjunction(boolean) else { return nil }
      if RarePairEvaluator.isSuitable(
        must, plan, segment: segment, documentCount: view.documentCount)
      {
        return try RarePairEvaluator.evaluate(
          must, plan, searcher, segment: segment, heap: &heap, needsCount: true,
          isCancelled: isCancelled)
      }
      guard
        ConjunctionEvaluator.isSuitable(
          must, plan, segment: segment, documentCount: view.documentCount, isCounting: true)
      else { return nil }
      var top: TopHeap? = heap
      defer { if let top { heap = top } }
      return try ConjunctionEvaluator.evaluate(
        must, plan, searcher, segment: segment, heap: &top, needsCount: true)
    default:
      return nil
    }
  }

  /// Asks now and then, as ranges of documents are gone through, whether a search is to end.
  static func checkCancellation(_ isCancelled: (() -> Bool)?, at start: Int) throws(IndexError) {
    if start & 0xf_ffff == 0, let isCancelled, isCancelled() {
      throw IndexError(.cancelled, "the search was cancelled")
    }
  }

  /// The groups of a query that has nothing but groups that must match.
  static func conjunction(_ boolean: QueryPlan.Boolean) -> [Int]? {
    guard boolean.should.isEmpty, boolean.mustNot.isEmpty, boolean.filter.isEmpty else {
      return nil
    }
    return groups(boolean.must)
  }

  /// The groups of a query that has nothing but groups of which one must match.
  private static func disjunction(_ boolean: QueryPlan.Boolean) -> [Int]? {
    guard boolean.must.isEmpty, boolean.mustNot.isEmpty, boolean.filter.isEmpty,
      boolean.minimumShould == 1
    else { return nil }
    return groups(boolean.should)
  }

  private static func setStrictness(_ heap: inout TopHeap, _ view: borrowing SearchSegment) {
    heap.isStrict =
      view.isInSequenceOrder && (heap.count == 0 || view.sequence(0) > heap.greatestSequence)
  }

  /// The groups of clauses that are all groups.
  static func groups(_ clauses: [QueryPlan.Node]) -> [Int]? {
    var groups: [Int] = []
    for clause in clauses {
      guard case .group(let group) = clause else { return nil }
      groups.append(group)
    }
    return groups
  }

  /// Finds the best documents of a phrase.
  ///
  /// - Returns: The number of documents that match, where they are counted.
  private static func collect(
    phrase: QueryPlan.Phrase, _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher,
    segment: Int, into heap: inout TopHeap, needsCount: Bool, isCancelled: (() -> Bool)?
  ) throws(IndexError) -> Int {
    let pairs = PhrasePairs(phrase, searcher, segment: segment)
    if pairs.isAbsent { return 0 }
    if let info = pairs.whole {
      try TermEvaluator.collect(
        phrase.lists[0], info, weight: phrase.weight * plan.scale, pairs: pairs.lists, searcher,
        segment: segment, into: &heap, isCancelled: isCancelled)
      return needsCount
        ? try CountEvaluator.count(
          phrase.lists[0], info, pairs: pairs.lists, searcher, segment: segment) : 0
    }
    guard
      let matcher = try PhraseMatcher(
        phrase, scale: plan.scale, searcher, segment: segment)
    else { return 0 }
    defer { matcher.deallocate() }
    var total = 0
    let view = searcher.segments[segment]
    let scorer = matcher.lists
    func needed() -> Int32 { needsCount ? .min : heap.needed }
    func found(_ document: UInt32, _ frequency: Float, _ code: UInt8) {
      total &+= 1
      let score = scorer.pointee.score(
        frequency: frequency, lengthCode: code, weight: matcher.weight)
      if score >= heap.needed {
        heap.insert(
          TopHeap.Entry(
            score: score, segment: Int32(segment), document: document,
            sequence: view.sequence(document)))
      }
    }
    if matcher.isSparse(among: Int(view.documentCount)) {
      matcher.forEachSparseMatch(live: view.live, needed: needed, found)
    } else {
      for start in stride(from: 0, to: Int(view.documentCount), by: Window.size) {
        try checkCancellation(isCancelled, at: start)
        let stripes = matcher.stripes(
          start: UInt32(start), needed: needsCount ? 0 : heap.needed)
        if stripes == 0 { continue }
        matcher.forEachMatch(
          start: UInt32(start), stripes: stripes, live: view.live, needed: needed,
          found)
      }
    }
    if matcher.isCorrupt { throw TermsEvaluator.corrupt }
    return total
  }

  /// Scores every document that matches.
  private static func collectAll(
    _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher, segment: Int,
    into heap: inout TopHeap, isCancelled: (() -> Bool)?
  ) throws(IndexError) {
    let node = try WindowNode(
      plan.root, of: plan,
      WindowNode.Context(searcher: searcher, segment: segment, isScoring: true))
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
