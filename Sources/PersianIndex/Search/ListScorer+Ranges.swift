// SPDX-License-Identifier: Apache-2.0

extension ListScorer {
  /// What the list's blocks may score at most in a range of documents.
  ///
  /// - Parameters:
  ///   - start: The range's first document; none may be less than in calls before.
  ///   - last: The last one.
  /// - Returns: The bound; 0 where the list has no document there.
  mutating func greatestBound(from start: UInt32, through last: UInt32) -> Int32 {
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

  /// Calls a function for each block of a list that has documents in a range, with its documents
  /// decoded.
  ///
  /// ``greatestBound(from:through:)`` was called for the range.
  ///
  /// - Parameters:
  ///   - list: The list.
  ///   - start: The range's first document.
  ///   - last: The last one.
  ///   - least: Blocks whose postings all score less are left out.
  ///   - body: Gets the first place in the range and one past the last.
  @inline(__always)
  static func forEachBlock(
    of list: UnsafeMutablePointer<ListScorer>, from start: UInt32, through last: UInt32,
    least: Int32, _ body: (_ from: Int, _ to: Int) -> Void
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
        let from = first >= start ? 0 : list.pointee.cursor.index(of: start)
        let to =
          end <= last ? list.pointee.cursor.count : list.pointee.cursor.index(of: last &+ 1)
        if from < to { body(from, to) }
      }
      if end >= last { return }
      block = block &+ 1
    }
  }
}
