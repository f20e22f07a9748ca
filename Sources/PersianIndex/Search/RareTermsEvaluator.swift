// SPDX-License-Identifier: Apache-2.0

/// Finds, and counts if asked to, the best documents that hold one of several terms that are all rather
/// rare.
///
/// The scores of all postings in a range of documents are added up, and the sums looked at posting by
/// posting: where few of the documents have a score, that takes less than looking at all of them, and
/// the documents are counted by the way.
struct RareTermsEvaluator {
  let set: GroupSet
  /// The score of each document of the range; all 0 between ranges.
  let sums: UnsafeMutablePointer<Int32>
  /// The postings of the range, by the places of their documents; a document may be there repeatedly.
  let places: UnsafeMutablePointer<UInt16>
  let placeCapacity: Int
  /// The scores of a block.
  let scores: UnsafeMutablePointer<Int32>
  /// What each list can score at most in the range.
  let bounds: UnsafeMutablePointer<Int32>

  /// Whether this evaluator serves some groups of which one must match.
  ///
  /// All must have one list, of few of the documents. Where documents are not counted, the longest may
  /// not be much longer than the shortest: it is better looked up then.
  static func isSuitable(
    _ groups: [Int], _ plan: borrowing QueryPlan, segment: Int, documentCount: UInt32,
    isCounting: Bool
  ) -> Bool {
    guard groups.count > 1, groups.count <= 8 else { return false }
    var (least, most) = (Int.max, 0)
    for group in groups {
      let lists = plan.groups[group].lists
      guard lists.count == 1 else { return false }
      let frequency = Int(lists[0].infos[segment]?.documentFrequency ?? 0)
      least = min(least, frequency)
      most = max(most, frequency)
    }
    return isCounting
      ? most * 4 < Int(documentCount) : most * 8 < Int(documentCount) && least * 32 >= most
  }

  /// Evaluates one segment.
  ///
  /// - Parameters:
  ///   - groups: The groups.
  ///   - plan: The query.
  ///   - searcher: The snapshot.
  ///   - segment: The segment's index.
  ///   - heap: Receives the best documents.
  ///   - needsCount: Whether all are counted.
  ///   - isCancelled: Asked now and then.
  /// - Returns: How many documents match, where they are counted.
  /// - Throws: `.corrupt` when a damaged list is met; `.cancelled`.
  static func evaluate(
    _ groups: [Int], _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher, segment: Int,
    heap: inout TopHeap, needsCount: Bool, isCancelled: (() -> Bool)?
  ) throws(IndexError) -> Int {
    let all = plan.groups
    let set = try GroupSet(
      groups.sorted { all[$0].weight > all[$1].weight }, of: plan, searcher, segment: segment)
    defer { set.deallocate() }
    if set.listCount == 0 { return 0 }
    let view = searcher.segments[segment]
    let capacity = RareRanges.size * set.listCount + PostingsFormat.blockSize
    let sumBytes = RareRanges.size * MemoryLayout<Int32>.stride
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: sumBytes + 576 + 64 + 2 * capacity, alignment: 64)
    defer { memory.deallocate() }
    let evaluator = RareTermsEvaluator(
      set: set,
      sums: memory.initializeMemory(as: Int32.self, repeating: 0, count: RareRanges.size),
      places: (memory + sumBytes + 640).bindMemory(to: UInt16.self, capacity: capacity),
      placeCapacity: capacity,
      scores: (memory + sumBytes).bindMemory(to: Int32.self, capacity: 144),
      bounds: (memory + sumBytes + 576).bindMemory(to: Int32.self, capacity: 16))
    if view.live == nil {
      for index in 0..<set.listCount { set.lists[index].prime(&heap) }
    }
    // The documents of a range do not come in their order.
    heap.isStrict = false
    let leastEssential = needsCount ? set.listCount - (view.live == nil ? 1 : 0) : 0
    var total = 0
    try RareRanges.forEach(upTo: view.documentCount, isCancelled: isCancelled) { start, last in
      var range = PostingRange(start: start, last: last)
      evaluator.addUp(
        &range, needed: heap.needed, needsCount: needsCount, leastEssential: leastEssential)
      total &+= range.others &+ evaluator.offer(range, view, segment: segment, to: &heap)
    }
    if set.isCorrupt { throw TermsEvaluator.corrupt }
    return total
  }

  /// Offers the documents of a range that have a score, and clears the sums.
  ///
  /// - Returns: How many live documents have one.
  @inline(__always)
  private func offer(
    _ range: PostingRange, _ view: borrowing SearchSegment, segment: Int, to heap: inout TopHeap
  ) -> Int {
    var total = 0
    var needed = heap.needed
    let live = view.live
    var index = 0
    while index < range.count {
      let place = Int(places[index])
      var score = sums[place]
      sums[place] = 0
      if let live {
        let document = Int(range.start) &+ place
        if (live[document >> 6] &>> UInt64(document & 63)) & 1 == 0 { score = 0 }
      }
      total = total &+ Self.one(where: score)
      if score >= needed {
        let document = range.start &+ UInt32(truncatingIfNeeded: place)
        heap.insert(
          TopHeap.Entry(
            score: score, segment: Int32(segment), document: document,
            sequence: view.sequence(document)))
        needed = heap.needed
      }
      index = index &+ 1
    }
    return total
  }

  /// 1 where a score is greater than 0, else 0; without a branch.
  @inline(__always)
  static func one(where score: Int32) -> Int {
    Int(UInt32(bitPattern: 0 &- score) >> 31)
  }
}
