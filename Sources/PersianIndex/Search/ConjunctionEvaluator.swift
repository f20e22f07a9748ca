// SPDX-License-Identifier: Apache-2.0

/// Finds or counts the documents that hold all of several terms, one of which is rare: the documents
/// of each of its blocks are candidates, which the other lists thin out in turn.
struct ConjunctionEvaluator {
  private let lists: UnsafeMutablePointer<ListScorer>
  private let weights: UnsafeMutablePointer<Float>
  private let count: Int
  /// For each list, what it and those after it can score.
  private let remaining: UnsafeMutablePointer<Int32>
  private let places: UnsafeMutablePointer<ListPlace>
  /// The candidates: at most 128, ascending.
  private let documents: UnsafeMutablePointer<UInt32>
  /// What the candidates score in the lists looked at so far; 0 where nothing is scored.
  private let scores: UnsafeMutablePointer<Int32>
  private let live: UnsafePointer<UInt64>?

  /// Whether this evaluator serves some groups that must match.
  ///
  /// All must have one list, and the rarest so few documents that looking at windows is not worth
  /// it. Windows count faster than they score.
  static func isSuitable(
    _ groups: [Int], _ plan: borrowing QueryPlan, segment: Int, documentCount: UInt32,
    isCounting: Bool
  ) -> Bool {
    var least = Int.max
    for group in groups {
      if plan.groups[group].lists.count != 1 { return false }
      least = min(
        least, Int(plan.groups[group].lists[0].infos[segment]?.documentFrequency ?? 0))
    }
    return groups.count > 1 && least * (isCounting ? 16 : 10) < Int(documentCount)
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
    _ groups: [Int], _ plan: borrowing QueryPlan, _ searcher: SegmentSearcher,
    segment: Int, heap: inout TopHeap?, needsCount: Bool
  ) throws(IndexError) -> Int {
    let capacity = groups.count
    let lists = UnsafeMutablePointer<ListScorer>.allocate(capacity: capacity)
    let weights = UnsafeMutablePointer<Float>.allocate(capacity: capacity)
    let remaining = UnsafeMutablePointer<Int32>.allocate(capacity: capacity + 1)
    let places = UnsafeMutablePointer<ListPlace>.allocate(capacity: capacity)
    places.initialize(repeating: ListPlace(), count: capacity)
    let candidates = UnsafeMutableRawPointer.allocate(
      byteCount: 2 * 576 + Candidates.memorySize, alignment: 64)
    candidates.initializeMemory(as: UInt64.self, repeating: 0, count: 144)
    var opened = 0
    defer {
      for index in 0..<opened { lists[index].deallocate() }
      lists.deallocate()
      weights.deallocate()
      remaining.deallocate()
      places.deallocate()
      candidates.deallocate()
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
      lists: lists, weights: weights, count: capacity, remaining: remaining,
      places: places,
      documents: candidates.assumingMemoryBound(to: UInt32.self),
      scores: (candidates + 576).assumingMemoryBound(to: Int32.self), live: view.live)
    let total: Int
    if var top = heap {
      total = evaluator.collect(&top, view, segment: segment, needsCount: needsCount)
      heap = top
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
      var left = lists[0].cursor.count
      documents.update(from: lists[0].cursor.documents, count: left)
      for other in 1..<count where left > 0 {
        left = thinOut(left, by: other, needed: .min, isScoring: false)
      }
      if live == nil {
        total = total &+ left
      } else {
        for index in 0..<left where isLive(documents[index]) { total = total &+ 1 }
      }
    }
    return total
  }

  private func collect(
    _ top: inout TopHeap, _ view: borrowing SearchSegment, segment: Int, needsCount: Bool
  ) -> Int {
    var total = 0
    let lead = lists
    for block in 0..<lead.pointee.cursor.list.blockCount {
      let bound = Int32(lead.pointee.cursor.list.bound(block)) &* lead.pointee.boundUnit
      if !needsCount && bound &+ remaining[1] < top.needed { continue }
      lead.pointee.cursor.loadDocuments(block)
      lead.pointee.cursor.loadFrequencies()
      let end = lead.pointee.cursor.count
      lead.pointee.score(from: 0, to: end, weight: weights[0], into: scores)
      let needed = needsCount ? Int32.min : top.needed
      let floor = needsCount ? needed : needed &- remaining[1]
      var left = 0
      for index in 0..<end {
        let score = scores[index]
        documents[left] = lead.pointee.cursor.documents[index]
        scores[left] = score
        left = left &+ (score >= floor ? 1 : 0)
      }
      for other in 1..<count where left > 0 {
        left = thinOut(left, by: other, needed: needed, isScoring: true)
      }
      for index in 0..<left where isLive(documents[index]) {
        total = total &+ 1
        if scores[index] >= top.needed {
          top.insert(
            TopHeap.Entry(
              score: scores[index], segment: Int32(segment), document: documents[index],
              sequence: view.sequence(documents[index])))
        }
      }
    }
    return total
  }

  @inline(__always)
  private func thinOut(_ candidates: Int, by index: Int, needed: Int32, isScoring: Bool) -> Int {
    lists[index].thinOut(
      Candidates(
        documents: documents, scores: scores, count: candidates,
        memory: UnsafeMutableRawPointer(scores + 144).assumingMemoryBound(to: UInt8.self)),
      from: &places[index],
      needed: needed > 0 ? needed &- remaining[index &+ 1] : .min,
      weight: isScoring ? weights[index] : nil)
  }
}
