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
      forEachBlock(
        set.lists + index, range, least: needsCount ? .min : needed &- (most &- bounds[index])
      ) { from, to in
        if index < essential {
          add(index, from..<to, &range)
        } else {
          lookUp(index, from..<to, &range)
        }
      }
    }
  }

  /// Calls a function for each block of a list that has documents in a range, with its documents
  /// decoded.
  ///
  /// - Parameters:
  ///   - list: The list.
  ///   - range: The range.
  ///   - least: Blocks whose postings all score less are left out.
  ///   - body: Gets the first place in the range and one past the last.
  @inline(__always)
  private func forEachBlock(
    _ list: UnsafeMutablePointer<ListScorer>, _ range: PostingRange, least: Int32,
    _ body: (_ from: Int, _ to: Int) -> Void
  ) {
    let postings = list.pointee.cursor.list
    var block = list.pointee.block
    while block < postings.blockCount {
      var first: UInt32 = 0
      var end = UInt32.max
      var bound = list.pointee.maximumScore
      if postings.hasSkips {
        first = block == 0 ? 0 : postings.lastDocument(block &- 1) &+ 1
        end = postings.lastDocument(block)
        bound = Int32(postings.bound(block)) &* list.pointee.boundUnit
      }
      if bound >= least {
        list.pointee.cursor.loadDocuments(block)
        let from = first >= range.start ? 0 : list.pointee.cursor.index(of: range.start)
        let to =
          end <= range.last
          ? list.pointee.cursor.count : list.pointee.cursor.index(of: range.last &+ 1)
        if from < to { body(from, to) }
      }
      if end >= range.last { return }
      block = block &+ 1
    }
  }

  /// Adds the scores of postings of a list's current block up, and notes their places.
  @inline(__always)
  private func add(_ term: Int, _ postings: Range<Int>, _ range: inout PostingRange) {
    // The blocks of a damaged list may hold more documents than there are.
    if range.count &+ postings.count > placeCapacity { return }
    let list = set.lists + term
    let (sums, scores) = (sums, scores)
    list.pointee.cursor.loadFrequencies()
    list.pointee.score(
      from: postings.lowerBound & ~3, to: postings.upperBound,
      weight: set.groups[term].weight, into: scores)
    let documents = UnsafePointer(list.pointee.cursor.documents)
    let target = places + (range.count &- postings.lowerBound)
    let start = range.start
    for index in postings {
      let place = Int(documents[index] &- start) & (Self.rangeSize &- 1)
      target[index] = UInt16(truncatingIfNeeded: place)
      sums[place] = sums[place] &+ scores[index]
    }
    range.count = range.count &+ postings.count
  }

  /// Adds the scores of postings of a list's current block to the sums that are not 0.
  @inline(__always)
  private func lookUp(_ term: Int, _ postings: Range<Int>, _ range: inout PostingRange) {
    let list = set.lists + term
    let (sums, found) = (sums, scores)
    let documents = UnsafePointer(list.pointee.cursor.documents)
    let start = range.start
    var count = 0
    var index = postings.lowerBound
    while index < postings.upperBound {
      let place = Int(documents[index] &- start) & (Self.rangeSize &- 1)
      found[count] = Int32(truncatingIfNeeded: index)
      count = count &+ Self.one(where: sums[place])
      index = index &+ 1
    }
    range.others = range.others &+ (postings.count &- count)
    let block = list.pointee.cursor.block
    let weight = set.groups[term].weight
    for number in 0..<count {
      let index = Int(found[number])
      let document = documents[index]
      let place = Int(document &- start) & (Self.rangeSize &- 1)
      let score = list.pointee.score(
        document: document, frequency: list.pointee.cursor.frequency(at: index, of: block),
        weight: weight)
      sums[place] = sums[place] &+ score
    }
  }
}

extension ListScorer {
  /// What the list's blocks may score at most in a range of documents.
  ///
  /// - Parameters:
  ///   - start: The range's first document; none may be less than in calls before.
  ///   - last: The last one.
  /// - Returns: The bound; 0 where the list has no document there.
  fileprivate mutating func greatestBound(from start: UInt32, through last: UInt32) -> Int32 {
    guard skip(to: start) else { return 0 }
    let list = cursor.list
    if !list.hasSkips { return maximumScore }
    var greatest = list.bound(block)
    var next = block
    while list.lastDocument(next) < last && next &+ 1 < list.blockCount {
      next = next &+ 1
      greatest = max(greatest, list.bound(next))
    }
    return Int32(greatest) &* boundUnit
  }
}
