// SPDX-License-Identifier: Apache-2.0

/// Finds the best documents of a query whose clauses are terms: some that must match, some that
/// may.
///
/// Documents are looked at in windows. The bounds of all lists' blocks give, for each stripe of a
/// window, what a document can score there; where that is less than what is needed, nothing
/// is decoded. In the other stripes, the postings of the *essential* terms are added up: those
/// without which no document can reach what is needed (MAXSCORE: Turtle and Flood, "Query evaluation:
/// strategies and optimizations", 1995; by blocks: Ding and Suel, "Faster top-k document retrieval
/// using block-max indexes", 2011). The other terms are looked up for the few documents left. Where
/// terms must match, the rarest of them is the essential one.
struct TermsEvaluator {
  private let set: GroupSet
  /// The first groups of the set must match, the rarest first.
  private let mustCount: Int
  private let memory: WindowMemory
  private let segment: Int
  private let documentCount: UInt32
  private let live: UnsafePointer<UInt64>?
  private let filters: [WindowNode]
  private let exclusions: [WindowNode]
  private let order: UnsafeMutablePointer<Int>

  /// Evaluates one segment.
  ///
  /// - Parameters:
  ///   - must: The groups that must match.
  ///   - should: The groups that may match; one at least must where `must` is empty.
  ///   - filters: What else must match.
  ///   - exclusions: What must not match.
  ///   - plan: The query.
  ///   - searcher: The snapshot.
  ///   - segment: The segment's index.
  ///   - heap: Receives the best documents.
  ///   - isCancelled: Asked now and then.
  /// - Throws: `.corrupt` when a damaged list is met; `.cancelled`.
  static func collect(
    must: [Int], should: [Int], filters: [QueryPlan.Node], exclusions: [QueryPlan.Node],
    _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher, segment: Int,
    into heap: inout TopHeap, isCancelled: (() -> Bool)?
  ) throws(IndexError) {
    let groups = plan.groups
    for group in must where !groups[group].lists.contains(where: { $0.infos[segment] != nil }) {
      return
    }
    func frequency(_ group: Int) -> Int {
      groups[group].lists.reduce(0) { $0 + Int($1.infos[segment]?.documentFrequency ?? 0) }
    }
    let set = try GroupSet(
      must.sorted { frequency($0) < frequency($1) } + should, of: plan, searcher,
      segment: segment)
    defer { set.deallocate() }
    if set.groupCount == 0 { return }
    let memory = WindowMemory()
    defer { memory.deallocate() }
    let order = UnsafeMutablePointer<Int>.allocate(capacity: set.groupCount)
    defer { order.deallocate() }
    let context = WindowNode.Context(searcher: searcher, segment: segment, isScoring: false)
    let filterNodes = try WindowNode.nodes(filters, of: plan, context)
    let exclusionNodes = try WindowNode.nodes(exclusions, of: plan, context)
    let view = searcher.segments[segment]
    let evaluator = TermsEvaluator(
      set: set, mustCount: must.count, memory: memory, segment: segment,
      documentCount: view.documentCount, live: view.live, filters: filterNodes,
      exclusions: exclusionNodes, order: order)
    if must.isEmpty && filters.isEmpty && exclusions.isEmpty && view.live == nil {
      evaluator.prime(&heap)
    }
    try evaluator.collect(into: &heap, view, isCancelled)
    for node in filterNodes + exclusionNodes where node.isCorrupt { throw Self.corrupt }
    if set.isCorrupt { throw Self.corrupt }
  }

  static var corrupt: IndexError {
    IndexError(.corrupt, "a posting list does not decode; run verify")
  }

  /// Tells the heap what single postings are known to score.
  private func prime(_ heap: inout TopHeap) {
    for index in 0..<set.listCount { set.lists[index].prime(&heap) }
  }

  private func collect(
    into heap: inout TopHeap, _ view: borrowing SearchSegment, _ isCancelled: (() -> Bool)?
  ) throws(IndexError) {
    var start: UInt32 = 0
    var windows = 0
    while start < documentCount {
      windows += 1
      if windows & 63 == 0, let isCancelled, isCancelled() {
        throw IndexError(.cancelled, "the search was cancelled")
      }
      let stripes = computeBounds(start, needed: heap.needed)
      if stripes != 0 { evaluate(start, stripes, &heap, view) }
      if start >= UInt32.max - UInt32(Window.size) { return }
      start += UInt32(Window.size)
    }
  }

  /// Computes all groups' bounds in a window and returns the stripes worth looking at.
  @inline(__always)
  private func computeBounds(_ start: UInt32, needed: Int32) -> UInt64 {
    let totals = memory.totals
    totals.update(repeating: 0, count: Window.stripeCount)
    var required = UInt64.max
    for group in 0..<set.groupCount {
      let seen = set.computeBounds(group, start: start)
      if group < mustCount { required &= seen }
      if required == 0 { return 0 }
      if seen == 0 { continue }
      let bounds = set.groups[group].bounds
      totals.withMemoryRebound(to: SIMD4<Int32>.self, capacity: 16) { totals in
        bounds.withMemoryRebound(to: SIMD4<Int32>.self, capacity: 16) { bounds in
          for row in 0..<16 { totals[row] = totals[row] &+ bounds[row] }
        }
      }
    }
    let stripes = Window.stripes(of: totals, atLeast: needed)
    return stripes & required
  }

  /// Puts the groups in the order of evaluation.
  ///
  /// - Returns: The number of essential groups, which come first.
  @inline(__always)
  private func partition(needed: Int32) -> Int {
    let count = set.groupCount
    for group in 0..<count { order[group] = group }
    // The terms that may match come in descending order of what they can score in the window.
    for index in max(1, mustCount)..<max(count, 1, mustCount) {
      let group = order[index]
      var place = index
      while place > mustCount
        && set.groups[order[place &- 1]].windowBound < set.groups[group].windowBound
      {
        order[place] = order[place &- 1]
        place = place &- 1
      }
      order[place] = group
    }
    var essential = 1
    if mustCount == 0 {
      essential = count
      var sum: Int32 = 0
      while essential > 1 {
        sum = sum &+ set.groups[order[essential &- 1]].windowBound
        if sum >= needed { break }
        essential = essential &- 1
      }
    }
    return essential
  }

  private func evaluate(
    _ start: UInt32, _ stripes: UInt64, _ heap: inout TopHeap, _ view: borrowing SearchSegment
  ) {
    let needed = heap.needed
    let essential = partition(needed: needed)
    let totals = memory.totals
    // From here on, `totals` is what the terms looked up later can add.
    totals.update(repeating: 0, count: Window.stripeCount)
    for index in stride(from: set.groupCount &- 1, through: essential, by: -1) {
      let group = set.groups[order[index]]
      totals.withMemoryRebound(to: SIMD4<Int32>.self, capacity: 16) { totals in
        group.bounds.withMemoryRebound(to: SIMD4<Int32>.self, capacity: 32) { bounds in
          // The memory of `remaining` follows that of `bounds`.
          for row in 0..<16 {
            totals[row] = totals[row] &+ bounds[row]
            bounds[row &+ 16] = totals[row]
          }
        }
      }
    }
    var count: Int
    let lead = set.groups[order[0]]
    if essential == 1 && lead.listCount == 1 {
      count = stream(
        set.lists + lead.firstList, weight: lead.weight, start, stripes, needed: needed)
    } else {
      var touched: UInt64 = 0
      for index in 0..<essential {
        let group = set.groups[order[index]]
        if group.listCount == 1 {
          touched |= addUp(set.lists + group.firstList, weight: group.weight, start, stripes)
        } else {
          touched |= addUpFields(group, start, stripes)
        }
      }
      count = gather(start, stripes, touched, needed: needed)
    }
    if count == 0 { return }
    count = filter(count, start)
    for index in essential..<max(essential, set.groupCount) where count > 0 {
      let group = set.groups[order[index]]
      // The first candidates were made of nothing hopeless.
      if index > essential { count = dropHopeless(group, count, start, needed: needed) }
      count = lookUp(order[index], count, start)
    }
    for index in 0..<count where memory.candidateScores[index] >= heap.needed {
      let document = memory.candidates[index]
      heap.insert(
        TopHeap.Entry(
          score: memory.candidateScores[index], segment: Int32(segment), document: document,
          sequence: view.sequence(document)))
    }
  }

  /// Calls a function for each block of a list that has documents in some stripes of a window, with
  /// its postings decoded.
  @inline(__always)
  private func forEachBlock(
    _ list: UnsafeMutablePointer<ListScorer>, _ start: UInt32, _ stripes: UInt64,
    _ body: (_ first: Int, _ end: Int, _ stripes: UInt64) -> Void
  ) {
    let last = start &+ UInt32(Window.size &- 1)
    let postings = list.pointee.cursor.list
    var block = list.pointee.block
    while block < postings.blockCount {
      var first: UInt32 = 0
      var end = UInt32.max
      if postings.hasSkips {
        first = block == 0 ? 0 : postings.lastDocument(block &- 1) &+ 1
        end = postings.lastDocument(block)
      }
      if first > last { return }
      let low = first <= start ? 0 : Int((first &- start) >> 6)
      let high = end >= last ? Window.stripeCount &- 1 : min(63, Int((end &- start) >> 6))
      let mask = low <= high ? Window.mask(low, high) : 0
      if mask & stripes != 0 {
        list.pointee.cursor.loadDocuments(block)
        list.pointee.cursor.loadFrequencies()
        let count = list.pointee.cursor.count
        let from = first >= start ? 0 : list.pointee.cursor.index(of: start)
        let to = end <= last ? count : list.pointee.cursor.index(of: last &+ 1)
        if from < to { body(from, to, mask) }
      }
      if end >= last { return }
      block = block &+ 1
    }
  }

  /// Makes candidates of the postings of the only essential list.
  private func stream(
    _ list: UnsafeMutablePointer<ListScorer>, weight: Float, _ start: UInt32, _ stripes: UInt64,
    needed: Int32
  ) -> Int {
    var count = 0
    let scores = memory.scores
    let candidates = memory.candidates
    let candidateScores = memory.candidateScores
    let totals = memory.totals
    forEachBlock(list, start, stripes) { from, to, _ in
      list.pointee.score(from: from & ~3, to: to, weight: weight, into: scores)
      let documents = list.pointee.cursor.documents
      for index in from..<to {
        let document = documents[index]
        let stripe = Int((document &- start) >> 6) & 63
        let score = scores[index]
        candidates[count & 4095] = document
        candidateScores[count & 4095] = score
        let isEnough = score &+ totals[stripe] >= needed
        let isLive = (stripes &>> UInt64(stripe)) & 1 != 0
        count = count &+ (isEnough && isLive ? 1 : 0)
      }
    }
    return min(count, Window.size)
  }

  /// Adds the scores of a list to the window's sums; returns the stripes touched.
  private func addUp(
    _ list: UnsafeMutablePointer<ListScorer>, weight: Float, _ start: UInt32, _ stripes: UInt64
  ) -> UInt64 {
    var touched: UInt64 = 0
    let scores = memory.scores
    let sums = memory.sums
    forEachBlock(list, start, stripes) { from, to, mask in
      touched |= mask
      list.pointee.score(from: from & ~3, to: to, weight: weight, into: scores)
      let documents = list.pointee.cursor.documents
      for index in from..<to {
        let place = Int(documents[index] &- start) & 4095
        sums[place] = sums[place] &+ scores[index]
      }
    }
    return touched
  }

  /// Adds the scores of a group of several lists to the window's sums.
  ///
  /// Each list raises a document's pseudo-frequency, and the sum by what the score grows.
  private func addUpFields(_ group: GroupScorer, _ start: UInt32, _ stripes: UInt64) -> UInt64 {
    var touched: UInt64 = 0
    let sums = memory.sums
    let gathered = memory.pseudoFrequencies
    let weight = group.weight
    for index in 0..<group.listCount {
      let list = set.lists + (group.firstList &+ index)
      forEachBlock(list, start, stripes) { from, to, mask in
        touched |= mask
        let documents = list.pointee.cursor.documents
        for index in from..<to {
          let place = Int(documents[index] &- start) & 4095
          let before = gathered[place]
          let after = before + list.pointee.pseudoFrequency(at: index)
          gathered[place] = after
          let old = before > 0 ? Self.saturated(before, weight) : 0
          sums[place] = sums[place] &+ (Self.saturated(after, weight) &- old)
        }
      }
    }
    var rest = touched
    while rest != 0 {
      let stripe = rest.trailingZeroBitCount
      (gathered + stripe &* Window.stripeSize).update(repeating: 0, count: Window.stripeSize)
      rest &= rest &- 1
    }
    return touched
  }

  @inline(__always)
  static func saturated(_ pseudoFrequency: Float, _ weight: Float) -> Int32 {
    ListScorer.integer(weight * pseudoFrequency / (1 + pseudoFrequency))
  }

  /// Makes candidates of the sums that may be enough, and clears the sums.
  private func gather(
    _ start: UInt32, _ stripes: UInt64, _ touched: UInt64, needed: Int32
  ) -> Int {
    var count = 0
    let sums = memory.sums
    let candidates = memory.candidates
    let candidateScores = memory.candidateScores
    var rest = touched
    while rest != 0 {
      let stripe = rest.trailingZeroBitCount
      rest &= rest &- 1
      let base = sums + stripe &* Window.stripeSize
      if (stripes &>> UInt64(stripe)) & 1 != 0 {
        let first = start &+ UInt32(stripe &* Window.stripeSize)
        var places = Window.stripes(
          of: base, atLeast: max(1, needed &- memory.totals[stripe]))
        while places != 0 {
          let place = places.trailingZeroBitCount
          places &= places &- 1
          candidates[count] = first &+ UInt32(truncatingIfNeeded: place)
          candidateScores[count] = base[place]
          count = count &+ 1
        }
      }
      base.update(repeating: 0, count: Window.stripeSize)
    }
    return count
  }

  /// Drops candidates that are deleted or that a filter drops.
  private func filter(_ count: Int, _ start: UInt32) -> Int {
    var count = count
    let candidates = memory.candidates
    let candidateScores = memory.candidateScores
    func keep(_ isKept: (UInt32) -> Bool) {
      var kept = 0
      for index in 0..<count {
        let document = candidates[index]
        candidates[kept] = document
        candidateScores[kept] = candidateScores[index]
        kept = kept &+ (isKept(document) ? 1 : 0)
      }
      count = kept
    }
    if let live {
      keep { (live[Int($0 >> 6)] &>> UInt64($0 & 63)) & 1 != 0 }
    }
    for node in filters where count > 0 {
      node.evaluate(start)
      let bits = node.bits
      keep { (bits[Int(($0 &- start) >> 6)] &>> UInt64($0 & 63)) & 1 != 0 }
    }
    for node in exclusions where count > 0 {
      node.evaluate(start)
      let bits = node.bits
      keep { (bits[Int(($0 &- start) >> 6)] &>> UInt64($0 & 63)) & 1 == 0 }
    }
    return count
  }

  /// Drops candidates that cannot reach what is needed, whatever they score in a group and those
  /// after it.
  @inline(__always)
  private func dropHopeless(
    _ group: GroupScorer, _ count: Int, _ start: UInt32, needed: Int32
  ) -> Int {
    let candidates = memory.candidates
    let candidateScores = memory.candidateScores
    var kept = 0
    for index in 0..<count {
      let document = candidates[index]
      let score = candidateScores[index]
      candidates[kept] = document
      candidateScores[kept] = score
      let most = score &+ group.remaining[Int((document &- start) >> 6) & 63]
      kept = kept &+ (most >= needed ? 1 : 0)
    }
    return kept
  }

  /// Looks up a group for all candidates; drops those that lack a group that must match.
  private func lookUp(_ index: Int, _ count: Int, _ start: UInt32) -> Int {
    let group = set.groups[index]
    let isRequired = index < mustCount
    let candidates = memory.candidates
    let candidateScores = memory.candidateScores
    if group.listCount == 1 {
      return set.lists[group.firstList].lookUp(
        count, in: memory, start: start, weight: group.weight, isRequired: isRequired)
    }
    var kept = 0
    for index in 0..<count {
      let document = candidates[index]
      let score = candidateScores[index]
      var gathered: Float = 0
      for index in 0..<group.listCount {
        let list = set.lists + (group.firstList &+ index)
        let postings = list.pointee.cursor.list
        let block = postings.block(containing: document, from: list.pointee.block)
        if block >= postings.blockCount { continue }
        list.pointee.cursor.loadDocuments(block)
        let place = list.pointee.cursor.index(of: document)
        if place < list.pointee.cursor.count
          && list.pointee.cursor.documents[place] == document
        {
          list.pointee.cursor.loadFrequencies()
          gathered += list.pointee.pseudoFrequency(at: place)
        }
      }
      if isRequired && gathered == 0 { continue }
      candidates[kept] = document
      candidateScores[kept] =
        gathered > 0 ? score &+ Self.saturated(gathered, group.weight) : score
      kept = kept &+ 1
    }
    return kept
  }
}
