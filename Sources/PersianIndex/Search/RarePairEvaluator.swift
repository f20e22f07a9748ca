// SPDX-License-Identifier: Apache-2.0

/// Finds, and counts if asked to, the best documents that hold two terms that are both rather rare, and
/// neither much rarer than the other.
///
/// In a range of documents, each posting of the one list leaves its number at the place of its document,
/// and those of the other look there; no branch depends on what they find. Only what both have is scored.
struct RarePairEvaluator {
  private let lists: UnsafeMutablePointer<ListScorer>
  private let weights: (Float, Float)
  /// For each document of the range, the number of the first list's posting; where there is none,
  /// anything.
  private let numbers: UnsafeMutablePointer<UInt16>
  /// The places of the first list's postings.
  private let places: UnsafeMutablePointer<UInt16>
  /// The first list's postings by block: the number of the block's first posting in the range, its index
  /// in the block, and the block.
  private let blocks: UnsafeMutablePointer<(number: Int, index: Int, block: Int)>
  /// The postings of a block of the second list that the first has too: their indexes, and the numbers
  /// there.
  private let found: UnsafeMutablePointer<(index: UInt16, number: UInt16)>

  /// How many postings of a block are scored at least for all of its frequencies to be decoded.
  private static var leastForAll: Int { 8 }

  /// The most blocks of a list that have documents of a range.
  private static let blockCapacity = RareRanges.size / PostingsFormat.blockSize + 2

  /// Whether this evaluator serves some groups that must match: two of one list each, the shorter of
  /// which is not worth being looked up in the longer one.
  static func isSuitable(
    _ groups: [Int], _ plan: borrowing QueryPlan, segment: Int, documentCount: UInt32
  ) -> Bool {
    guard groups.count == 2, plan.groups[groups[0]].lists.count == 1,
      plan.groups[groups[1]].lists.count == 1
    else { return false }
    let first = Int(plan.groups[groups[0]].lists[0].infos[segment]?.documentFrequency ?? 0)
    let second = Int(plan.groups[groups[1]].lists[0].infos[segment]?.documentFrequency ?? 0)
    return max(first, second) * 16 < Int(documentCount)
      && min(first, second) * 16 >= max(first, second)
  }

  /// Evaluates one segment.
  ///
  /// - Parameters:
  ///   - groups: The two groups.
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
    func frequency(_ group: Int) -> UInt32 {
      all[group].lists[0].infos[segment]?.documentFrequency ?? 0
    }
    let isAscending = frequency(groups[0]) <= frequency(groups[1])
    let set = try GroupSet(
      isAscending ? groups : groups.reversed(), of: plan, searcher, segment: segment)
    defer { set.deallocate() }
    if set.listCount < 2 { return 0 }
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: 24 * blockCapacity + 4 * 136 + 2 * 2 * RareRanges.size, alignment: 64)
    defer { memory.deallocate() }
    let size = RareRanges.size
    let rest = memory + 24 * blockCapacity
    let evaluator = RarePairEvaluator(
      lists: set.lists, weights: (set.groups[0].weight, set.groups[1].weight),
      numbers: (rest + 4 * 136).initializeMemory(as: UInt16.self, repeating: 0, count: size),
      places: (rest + 4 * 136 + 2 * size).bindMemory(to: UInt16.self, capacity: size),
      blocks: memory.bindMemory(
        to: (number: Int, index: Int, block: Int).self, capacity: blockCapacity),
      found: rest.bindMemory(to: (index: UInt16, number: UInt16).self, capacity: 136))
    var total = 0
    let view = searcher.segments[segment]
    try RareRanges.forEach(upTo: view.documentCount, isCancelled: isCancelled) { start, last in
      total &+= evaluator.collect(
        from: start, through: last, view, segment: segment, into: &heap, needsCount: needsCount)
    }
    if set.isCorrupt { throw TermsEvaluator.corrupt }
    return total
  }

  /// Offers the documents of a range.
  ///
  /// - Returns: How many match, where they are counted.
  @inline(__always)
  private func collect(
    from start: UInt32, through last: UInt32, _ view: borrowing SearchSegment, segment: Int,
    into heap: inout TopHeap, needsCount: Bool
  ) -> Int {
    let first = lists[0].greatestBound(from: start, through: last)
    let second = lists[1].greatestBound(from: start, through: last)
    if first == 0 || second == 0 { return 0 }
    let needed = heap.needed
    if !needsCount && first &+ second < needed { return 0 }
    let noted = note(from: start, through: last, least: needsCount ? .min : needed &- second)
    if noted.postings == 0 { return 0 }
    var total = 0
    ListScorer.forEachBlock(
      of: lists + 1, from: start, through: last, least: needsCount ? .min : needed &- first
    ) { from, to in
      let found = find(from..<to, from: start, among: noted.postings)
      total &+= score(found, noted.blocks, view, segment: segment, &heap)
    }
    return total
  }

  /// Leaves the number of each posting of the first list in a range at the place of its document.
  ///
  /// - Returns: The numbers of postings and of blocks.
  @inline(__always)
  private func note(
    from start: UInt32, through last: UInt32, least: Int32
  ) -> (postings: Int, blocks: Int) {
    var (count, blockCount) = (0, 0)
    let (numbers, places, blocks) = (numbers, places, blocks)
    let list = lists
    ListScorer.forEachBlock(of: list, from: start, through: last, least: least) { from, to in
      // The blocks of a damaged list may hold more documents than there are.
      if count &+ (to &- from) > RareRanges.size || blockCount == Self.blockCapacity { return }
      blocks[blockCount] = (count, from, list.pointee.cursor.block)
      blockCount = blockCount &+ 1
      let documents = UnsafePointer(list.pointee.cursor.documents)
      var index = from
      while index < to {
        let place = (documents[index] &- start) & UInt32(RareRanges.size &- 1)
        places[count] = UInt16(truncatingIfNeeded: place)
        numbers[Int(place)] = UInt16(truncatingIfNeeded: count)
        count = count &+ 1
        index = index &+ 1
      }
    }
    return (count, blockCount)
  }

  /// Finds those postings of a block of the second list whose documents the first list has noted.
  ///
  /// - Returns: Their number.
  @inline(__always)
  private func find(_ postings: Range<Int>, from start: UInt32, among noted: Int) -> Int {
    let (numbers, places, found) = (numbers, places, found)
    let documents = UnsafePointer(lists[1].cursor.documents)
    var count = 0
    var index = postings.lowerBound
    while index < postings.upperBound {
      let place = (documents[index] &- start) & UInt32(RareRanges.size &- 1)
      // What no document noted may be anything, but is below the size of a range.
      let number = numbers[Int(place)]
      found[count] = (UInt16(truncatingIfNeeded: index), number)
      let isHeld = UInt32(places[Int(number)]) == place && Int(number) < noted
      count = count &+ (isHeld ? 1 : 0)
      index = index &+ 1
    }
    return count
  }

  /// Scores and offers the documents found in the current block of the second list.
  ///
  /// - Returns: The number of those that are live.
  @inline(__always)
  private func score(
    _ count: Int, _ blockCount: Int, _ view: borrowing SearchSegment, segment: Int,
    _ heap: inout TopHeap
  ) -> Int {
    let list = lists + 1
    if count >= Self.leastForAll { list.pointee.cursor.loadFrequencies() }
    var total = 0
    var block = 0
    for place in 0..<count {
      let (index, number) = (Int(found[place].index), Int(found[place].number))
      let document = list.pointee.cursor.documents[index]
      if let live = view.live,
        (live[Int(document >> 6)] &>> UInt64(document & 63)) & 1 == 0
      {
        continue
      }
      total = total &+ 1
      while block &+ 1 < blockCount && blocks[block &+ 1].number <= number {
        block = block &+ 1
      }
      let entry = blocks[block]
      let frequency = lists[0].cursor.frequency(
        at: number &- entry.number &+ entry.index, of: entry.block)
      let score =
        lists[0].score(document: document, frequency: frequency, weight: weights.0)
        &+ list.pointee.score(
          document: document,
          frequency: list.pointee.cursor.frequency(at: index, of: list.pointee.cursor.block),
          weight: weights.1)
      if score >= heap.needed {
        heap.insert(
          TopHeap.Entry(
            score: score, segment: Int32(segment), document: document,
            sequence: view.sequence(document)))
      }
    }
    return total
  }
}
