// SPDX-License-Identifier: Apache-2.0

extension RareTermsEvaluator {
  /// The documents that are looked at together.
  struct PostingRange {
    let start: UInt32
    let last: UInt32
    /// The number of postings whose places were noted.
    var count = 0
    /// The number of documents, not noted, that have too low a score.
    var others = 0
  }

  /// Adds the scores of all lists' postings in a range up.
  ///
  /// The lists at the end that together cannot reach what is needed are looked at only where the
  /// others have a score (MAXSCORE).
  ///
  /// - Parameters:
  ///   - range: The range.
  ///   - needed: Documents that cannot reach this are left out.
  ///   - needsCount: Whether all documents are counted.
  ///   - leastEssential: How many lists have all their postings noted at least. What is only looked up
  ///     is not noted, so that it is told apart neither from what other lists have nor from what is
  ///     deleted.
  @inline(__always)
  func addUp(
    _ range: inout PostingRange, needed: Int32, needsCount: Bool, leastEssential: Int
  ) {
    var most: Int32 = 0
    for index in 0..<set.listCount {
      bounds[index] = set.lists[index].greatestBound(from: range.start, through: range.last)
      most = most &+ bounds[index]
    }
    if !needsCount && most < needed { return }
    var essential = set.listCount
    var rest: Int32 = 0
    while essential > leastEssential {
      rest = rest &+ bounds[essential &- 1]
      if rest >= needed { break }
      essential = essential &- 1
    }
    for index in 0..<set.listCount where bounds[index] > 0 {
      let list = set.lists + index
      let weight = set.groups[index].weight
      ListScorer.forEachBlock(
        of: list, from: range.start, through: range.last,
        least: needsCount ? .min : needed &- (most &- bounds[index])
      ) { from, to in
        if index < essential {
          add(list, weight: weight, from..<to, &range)
        } else {
          lookUp(list, weight: weight, from..<to, &range)
        }
      }
    }
  }

  /// Adds the scores of postings of a list's current block up, and notes their places.
  @inline(__always)
  private func add(
    _ list: UnsafeMutablePointer<ListScorer>, weight: Float, _ postings: Range<Int>,
    _ range: inout PostingRange
  ) {
    // The blocks of a damaged list may hold more documents than there are.
    if range.count &+ postings.count > placeCapacity { return }
    let (sums, scores) = (sums, scores)
    list.pointee.cursor.loadFrequencies()
    list.pointee.score(
      from: postings.lowerBound & ~3, to: postings.upperBound,
      weight: weight, into: scores)
    let documents = UnsafePointer(list.pointee.cursor.documents)
    let target = places + (range.count &- postings.lowerBound)
    let start = range.start
    for index in postings {
      let place = Int(documents[index] &- start) & (RareRanges.size &- 1)
      target[index] = UInt16(truncatingIfNeeded: place)
      sums[place] = sums[place] &+ scores[index]
    }
    range.count = range.count &+ postings.count
  }

  /// Adds the scores of postings of a list's current block to the sums that are not 0.
  @inline(__always)
  private func lookUp(
    _ list: UnsafeMutablePointer<ListScorer>, weight: Float, _ postings: Range<Int>,
    _ range: inout PostingRange
  ) {
    let (sums, found) = (sums, scores)
    let documents = UnsafePointer(list.pointee.cursor.documents)
    let start = range.start
    var count = 0
    var index = postings.lowerBound
    while index < postings.upperBound {
      let place = Int(documents[index] &- start) & (RareRanges.size &- 1)
      found[count] = Int32(truncatingIfNeeded: index)
      count = count &+ Self.one(where: sums[place])
      index = index &+ 1
    }
    range.others = range.others &+ (postings.count &- count)
    let block = list.pointee.cursor.block
    for number in 0..<count {
      let index = Int(found[number])
      let document = documents[index]
      let place = Int(document &- start) & (RareRanges.size &- 1)
      let score = list.pointee.score(
        document: document, frequency: list.pointee.cursor.frequency(at: index, of: block),
        weight: weight)
      sums[place] = sums[place] &+ score
    }
  }
}
