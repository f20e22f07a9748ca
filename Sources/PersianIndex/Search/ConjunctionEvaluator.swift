// SPDX-License-Identifier: Apache-2.0

/// Finds or counts the documents that hold all of several terms, one of which is rare: each of its
/// documents is looked up in the other lists.
struct ConjunctionEvaluator {
  private let lists: UnsafeMutablePointer<ListScorer>
  private let weights: UnsafeMutablePointer<Float>
  private let count: Int
  /// For each list, what it and those after it can score.
  private let remaining: UnsafeMutablePointer<Int32>
  private let blocks: UnsafeMutablePointer<Int>
  /// For each list, the place in its current block where the next document is looked for.
  private let places: UnsafeMutablePointer<Int>
  private let live: UnsafePointer<UInt64>?

  /// Whether this evaluator serves some groups that must match: all have one list, and the rarest
  /// has so few documents that looking at windows is not worth it.
  static func isSuitable(
    _ groups: [Int], _ plan: borrowing QueryPlan, segment: Int, documentCount: UInt32
  ) -> Bool {
    var least = Int.max
    for group in groups {
      if plan.groups[group].lists.count != 1 { return false }
      least = min(
        least, Int(plan.groups[group].lists[0].infos[segment]?.documentFrequency ?? 0))
    }
    return groups.count > 1 && least * 24 < Int(documentCount)
  }

  /// Evaluates one segment.
  ///
  /// - Parameters:
  ///   - groups: The groups, at least two.
  ///   - plan: The query.
  ///   - searcher: The snapshot.
  ///   - segment: The segment's index.
  ///   - heap: Receives the best documents; `nil` where they are only counted.
  ///   - needsCount: Whether all are counted.
  /// - Returns: How many documents match, where they are counted.
  /// - Throws: `.corrupt` when a damaged list is met.
  static func evaluate(
    _ groups: [Int], _ plan: borrowing QueryPlan, _ searcher: borrowing SegmentSearcher,
    segment: Int, heap: inout TopHeap?, needsCount: Bool
  ) throws(IndexError) -> Int {
    let capacity = groups.count
    let lists = UnsafeMutablePointer<ListScorer>.allocate(capacity: capacity)
    let weights = UnsafeMutablePointer<Float>.allocate(capacity: capacity)
    let remaining = UnsafeMutablePointer<Int32>.allocate(capacity: capacity + 1)
    let blocks = UnsafeMutablePointer<Int>.allocate(capacity: 2 * capacity)
    blocks.initialize(repeating: 0, count: 2 * capacity)
    var opened = 0
    defer {
      for index in 0..<opened { lists[index].deallocate() }
      lists.deallocate()
      weights.deallocate()
      remaining.deallocate()
      blocks.deallocate()
    }
    let all = plan.groups
    let sorted = groups.sorted {
      all[$0].lists[0].infos[segment]?.documentFrequency ?? 0
        < all[$1].lists[0].infos[segment]?.documentFrequency ?? 0
    }
    for group in sorted {
      let list = all[group].lists[0]
      guard let info = list.infos[segment] else { return 0 }
      let weight = all[group].weight * plan.scale
      (lists + opened).initialize(
        to: try ListScorer(list, info, searcher, segment: segment, weight: weight))
      weights[opened] = weight
      opened += 1
    }
    remaining[capacity] = 0
    for index in stride(from: capacity - 1, through: 0, by: -1) {
      remaining[index] = remaining[index + 1] &+ lists[index].maximumScore
    }
    let view = searcher.segments[segment]
    let evaluator = ConjunctionEvaluator(
      lists: lists, weights: weights, count: capacity, remaining: remaining, blocks: blocks,
      places: blocks + capacity, live: view.live)
    var total = 0
    if heap != nil {
      total = evaluator.collect(&heap, view, segment: segment, needsCount: needsCount)
    } else {
      total = evaluator.countAll()
    }
    for index in 0..<capacity where lists[index].cursor.isCorrupt {
      throw TermsEvaluator.corrupt
    }
    return total
  }

  @inline(__always)
  private func isLive(_ document: UInt32) -> Bool {
    guard let live else { return true }
    return (live[Int(document >> 6)] &>> UInt64(document & 63)) & 1 != 0
  }

  private func countAll() -> Int {
    var total = 0
    for block in 0..<lists[0].cursor.list.blockCount {
      lists[0].cursor.loadDocuments(block)
      for index in 0..<lists[0].cursor.count {
        let document = lists[0].cursor.documents[index]
        if !isLive(document) { continue }
        var other = 1
        while other < count && isInList(other, document) { other = other &+ 1 }
        total = total &+ (other == count ? 1 : 0)
      }
    }
    return total
  }

  @inline(__always)
  private func isInList(_ index: Int, _ document: UInt32) -> Bool {
    let list = lists + index
    let block = list.pointee.cursor.list.block(containing: document, from: blocks[index])
    blocks[index] = block
    if block >= list.pointee.cursor.list.blockCount { return false }
    if block == list.pointee.cursor.block { return find(document, list, index, block) != nil }
    places[index] = 0
    return list.pointee.contains(document, block: block)
  }

  /// Finds the place of a document in a block of a list.
  @inline(__always)
  private func find(
    _ document: UInt32, _ list: UnsafeMutablePointer<ListScorer>, _ index: Int, _ block: Int
  ) -> Int? {
    if list.pointee.cursor.block != block {
      let postings = list.pointee.cursor.list
      if postings.hasSkips {
        let first = block == 0 ? 0 : postings.lastDocument(block &- 1) &+ 1
        if document < first { return nil }
        if let words = list.pointee.cursor.bitSetWords(
          block, base: first, last: postings.lastDocument(block))
        {
          return list.pointee.place(of: document, in: words, base: first)
        }
      }
      list.pointee.cursor.loadDocuments(block)
      places[index] = 0
    }
    let place = list.pointee.cursor.index(of: document, from: places[index])
    places[index] = place
    if place < list.pointee.cursor.count && list.pointee.cursor.documents[place] == document {
      return place
    }
    return nil
  }

  private func collect(
    _ heap: inout TopHeap?, _ view: borrowing SearchSegment, segment: Int, needsCount: Bool
  ) -> Int {
    var total = 0
    withUnsafeTemporaryAllocation(byteCount: 576, alignment: 16) { memory in
      guard let scores = memory.baseAddress?.assumingMemoryBound(to: Int32.self), var top = heap
      else { return }
      defer { heap = top }
      let lead = lists
      for block in 0..<lead.pointee.cursor.list.blockCount {
        let bound = Int32(lead.pointee.cursor.list.bound(block)) &* lead.pointee.boundUnit
        if !needsCount && bound &+ remaining[1] < top.needed { continue }
        lead.pointee.cursor.loadDocuments(block)
        lead.pointee.cursor.loadFrequencies()
        let end = lead.pointee.cursor.count
        lead.pointee.score(from: 0, to: end, weight: weights[0], into: scores)
        for index in 0..<end {
          if !needsCount && scores[index] &+ remaining[1] < top.needed { continue }
          let document = lead.pointee.cursor.documents[index]
          let score = score(
            document, scores[index], needed: needsCount ? Int32.min : top.needed)
          guard score > 0, isLive(document) else { continue }
          total = total &+ 1
          if score >= top.needed {
            top.insert(
              TopHeap.Entry(
                score: score, segment: Int32(segment), document: document,
                sequence: view.sequence(document)))
          }
        }
      }
    }
    return total
  }

  /// Adds up a document's scores in the other lists; 0 where it is not in all, or cannot reach what
  /// is needed.
  @inline(__always)
  private func score(_ document: UInt32, _ leadScore: Int32, needed: Int32) -> Int32 {
    var score = leadScore
    for index in 1..<count {
      let list = lists + index
      let block = list.pointee.cursor.list.block(containing: document, from: blocks[index])
      blocks[index] = block
      if block >= list.pointee.cursor.list.blockCount { return 0 }
      let bound = Int32(list.pointee.cursor.list.bound(block)) &* list.pointee.boundUnit
      if score &+ bound &+ remaining[index &+ 1] < needed { return 0 }
      guard let place = find(document, list, index, block) else { return 0 }
      let frequency: UInt32
      if list.pointee.cursor.isFull(block) {
        frequency = list.pointee.cursor.frequency(at: place, ofFullBlock: block)
      } else {
        list.pointee.cursor.loadFrequencies()
        frequency = list.pointee.cursor.frequencies[place]
      }
      score =
        score
        &+ list.pointee.score(document: document, frequency: frequency, weight: weights[index])
    }
    return score
  }
}
