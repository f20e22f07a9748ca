// SPDX-License-Identifier: Apache-2.0

/// Counts the documents of a query in one segment, without scoring any.
enum CountEvaluator {
  /// Counts the live documents that match.
  static func count(
    _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher, segment: Int,
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
    case .boolean(let boolean):
      if let must = TopEvaluator.conjunction(boolean) {
        if !isBalancedPair(must, plan, segment: segment, view),
          ConjunctionEvaluator.isSuitable(
            must, plan, segment: segment, documentCount: view.documentCount, isCounting: true)
        {
          var heap: TopHeap?
          return try ConjunctionEvaluator.evaluate(
            must, plan, searcher, segment: segment, heap: &heap, needsCount: true)
        }
        return try countWindows(must, isUnion: false, plan, searcher, segment: segment)
      }
      if boolean.must.isEmpty && boolean.filter.isEmpty && boolean.mustNot.isEmpty
        && boolean.minimumShould == 1, let should = TopEvaluator.groups(boolean.should)
      {
        return try countWindows(should, isUnion: true, plan, searcher, segment: segment)
      }
    case .phrase(let phrase) where view.live == nil:
      return try count(phrase: plan.phrases[phrase], plan, searcher, segment: segment)
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

  /// Whether groups are two rather short lists of which neither is much shorter than the other, so
  /// that it does not pay to look for the documents of the one in the other.
  private static func isBalancedPair(
    _ groups: [Int], _ plan: borrowing QueryPlan, segment: Int, _ view: borrowing SearchSegment
  ) -> Bool {
    guard groups.count == 2, view.live == nil else { return false }
    func frequency(_ group: Int) -> Int {
      let lists = plan.groups[group].lists
      return lists.count == 1 ? Int(lists[0].infos[segment]?.documentFrequency ?? 0) : 0
    }
    let (first, second) = (frequency(groups[0]), frequency(groups[1]))
    return isRare(max(first, second), in: view)
      && min(first, second) * balance >= max(first, second)
  }

  /// How many times longer the longer of two lists may be for both to be marked.
  private static let balance = 16

  /// Whether a list has so few documents that it is not looked at by windows of bits.
  private static func isRare(_ frequency: Int, in view: borrowing SearchSegment) -> Bool {
    frequency * 16 < Int(view.documentCount)
  }

  /// Counts the documents of a segment without deletions that hold a phrase.
  private static func count(
    phrase: QueryPlan.Phrase, _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher,
    segment: Int
  ) throws(IndexError) -> Int {
    let pairs = PhrasePairs(phrase, searcher, segment: segment)
    if pairs.isAbsent { return 0 }
    if let info = pairs.whole { return Int(info.documentFrequency) }
    guard
      let matcher = try PhraseMatcher(phrase, scale: plan.scale, searcher, segment: segment)
    else { return 0 }
    defer { matcher.deallocate() }
    var total = 0
    let documentCount = Int(searcher.segments[segment].documentCount)
    if matcher.isSparse(among: documentCount) {
      matcher.forEachSparseMatch { _, _, _ in
        total &+= 1
      }
    } else {
      for start in stride(from: 0, to: documentCount, by: Window.size) {
        let stripes = matcher.stripes(start: UInt32(start), needed: 0)
        if stripes == 0 { continue }
        matcher.forEachMatch(
          start: UInt32(start), stripes: stripes
        ) { _, _, _ in
          total &+= 1
        }
      }
    }
    if matcher.isCorrupt { throw TermsEvaluator.corrupt }
    return total
  }

  /// Counts the live documents of a list.
  static func count(
    _ list: QueryPlan.List, _ info: TermInfo, pairs: PairLists?,
    _ searcher: SegmentSearcher, segment: Int
  ) throws(IndexError) -> Int {
    guard let live = searcher.segments[segment].live else { return Int(info.documentFrequency) }
    var scorer = try ListScorer(
      list, info, searcher, segment: segment, weight: 0, pairs: pairs)
    defer { scorer.deallocate() }
    var total = 0
    for block in 0..<scorer.cursor.list.blockCount {
      scorer.cursor.loadDocuments(block)
      for index in 0..<scorer.cursor.count {
        let document = scorer.cursor.documents[index]
        total &+= Int((live[Int(document >> 6)] &>> UInt64(document & 63)) & 1)
      }
    }
    if scorer.cursor.isCorrupt { throw TermsEvaluator.corrupt }
    return total
  }

  /// Counts the live documents that hold one or all of some terms, by a bit for each document of a
  /// window.
  private static func countWindows(
    _ groups: [Int], isUnion: Bool, _ plan: borrowing QueryPlan,
    _ searcher: SegmentSearcher, segment: Int
  ) throws(IndexError) -> Int {
    let view = searcher.segments[segment]
    let all = plan.groups
    func frequency(_ group: Int) -> Int {
      all[group].lists.reduce(0) { $0 + Int($1.infos[segment]?.documentFrequency ?? 0) }
    }
    let sorted = groups.sorted { frequency($0) < frequency($1) }
    let set = try GroupSet(sorted, of: plan, searcher, segment: segment)
    defer { set.deallocate() }
    if set.groupCount == 0 || (!isUnion && set.groupCount < groups.count) { return 0 }
    let greatest = set.groups[set.groupCount - 1].documentFrequency
    if view.live == nil && isRare(greatest, in: view) && (isUnion || set.listCount == 2) {
      let repeated = try countRepeated(set, documentCount: view.documentCount)
      if !isUnion { return repeated }
      return (0..<set.listCount).reduce(-repeated) {
        $0 + set.lists[$1].cursor.list.documentFrequency
      }
    }
    var total = 0
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * Window.stripeCount) { memory in
      guard let bits = memory.baseAddress else { return }
      for start in stride(from: 0, to: Int(view.documentCount), by: Window.size) {
        bits.initialize(repeating: 0, count: Window.stripeCount)
        let first = set.groups[0]
        for list in 0..<(isUnion ? set.listCount : first.listCount) {
          set.lists[list].addDocuments(start: UInt32(start), stripes: .max, to: bits)
        }
        if !isUnion { intersect(set, bits, start: UInt32(start)) }
        let words = min(Window.stripeCount, (Int(view.documentCount) - start + 63) / 64)
        for word in 0..<words {
          var rest = bits[word]
          if let live = view.live { rest &= live[start / 64 + word] }
          total &+= rest.nonzeroBitCount
        }
      }
    }
    if set.isCorrupt { throw TermsEvaluator.corrupt }
    return total
  }

  /// The documents whose marks are kept at once; they fit a small first-level cache.
  private static let rareRange = 1 << 15

  /// Counts the documents of lists that are all rather short which were seen in a list before: what
  /// two lists have in common, or what the lengths of several are more than their union.
  private static func countRepeated(_ set: GroupSet, documentCount: UInt32) throws(IndexError)
    -> Int
  {
    if set.listCount == 1 { return 0 }
    var total = 0
    let size = min(rareRange, Int(documentCount))
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { memory in
      guard let marks = memory.baseAddress else { return }
      // Eight ranges have a bit each, so that marks are cleared for one of eight.
      var bit = 0
      for start in stride(from: 0, to: Int(documentCount), by: size) {
        if bit == 0 { marks.initialize(repeating: 0, count: size) }
        for list in 0..<set.listCount {
          let use: ListScorer.MarkUse =
            list == 0 ? .mark : list == set.listCount - 1 ? .count : .countAndMark
          total &+=
            set.lists[list].useMarks(
              use, start: UInt32(start), last: UInt32(start + size - 1), mark: 1 &<< UInt8(bit),
              in: marks) &>> bit
        }
        bit = (bit &+ 1) & 7
      }
    }
    if set.isCorrupt { throw TermsEvaluator.corrupt }
    return total
  }

  /// Clears those bits of a window whose documents are not in all groups but the first.
  private static func intersect(
    _ set: GroupSet, _ bits: UnsafeMutablePointer<UInt64>, start: UInt32
  ) {
    let other = bits + Window.stripeCount
    for index in 1..<max(1, set.groupCount) {
      var stripes: UInt64 = 0
      for word in 0..<Window.stripeCount {
        stripes |= (bits[word] != 0 ? 1 : 0) &<< UInt64(word)
      }
      if stripes == 0 { return }
      let group = set.groups[index]
      if group.listCount == 1 {
        set.lists[group.firstList].keepDocuments(start: start, stripes: stripes, in: bits)
        continue
      }
      other.initialize(repeating: 0, count: Window.stripeCount)
      for list in 0..<group.listCount {
        set.lists[group.firstList + list].addDocuments(
          start: start, stripes: stripes, to: other)
      }
      for word in 0..<Window.stripeCount { bits[word] &= other[word] }
    }
  }

  /// Returns the live documents that match, as bits.
  static func matches(
    _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher, segment: Int
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
    _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher, segment: Int,
    isCancelled: (() -> Bool)?, _ body: (Int, UnsafePointer<UInt64>) -> Void
  ) throws(IndexError) {
    let node = try WindowNode(
      plan.root, of: plan,
      WindowNode.Context(searcher: searcher, segment: segment, isScoring: false))
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
