// SPDX-License-Identifier: Apache-2.0

/// One word's list, read from a document to its last.
///
/// It owns memory, which its one owner frees.
package struct MemberWalk {
  private(set) var cursor: PostingsCursor
  private var place = 0
  /// The document stood at; no document's number behind the last.
  private var document: UInt32 = 0

  init(_ list: PostingList, lengths: UnsafePointer<UInt8>, positionTable: UnsafePointer<UInt16>) {
    cursor = PostingsCursor(list: list, lengths: lengths, positionTable: positionTable)
    load(0)
  }

  func deallocate() { cursor.deallocate() }

  private mutating func load(_ block: Int) {
    place = 0
    document = .max
    guard block < cursor.list.blockCount else { return }
    cursor.loadDocuments(block)
    cursor.loadFrequencies()
    if cursor.count > 0 { document = cursor.documents[0] }
  }

  /// Goes on to the first document that is not before another; says whether it is that one.
  @inline(__always)
  mutating func advance(to target: UInt32) -> Bool {
    if document < target { skip(to: target) }
    return document == target
  }

  @inline(__always)
  private mutating func skip(to target: UInt32) {
    if cursor.documents[cursor.count &- 1] < target { loadBlock(with: target) }
    while document < target {
      place &+= 1
      document = cursor.documents[place]
    }
  }

  @inline(never)
  private mutating func loadBlock(with target: UInt32) {
    load(cursor.list.block(containing: target, from: cursor.block &+ 1))
    // A damaged block can end before what it is said to have.
    if document != .max && cursor.documents[cursor.count &- 1] < target { document = .max }
  }

  /// Calls a function with each position in the document stood at, as long as it wants more.
  @inline(__always)
  mutating func forEachPosition(_ buffer: inout PositionBuffer, _ body: (Int) -> Bool) {
    cursor.forEachPosition(at: place, &buffer, body)
  }

  /// Notes where the positions of the documents of a range are, and goes on behind it.
  ///
  /// - Parameters:
  ///   - range: The documents, at most ``PositionCodes/capacity``, and none before that stood at.
  ///   - ids: Receives what they are known by, counted from the first of the range.
  ///   - codes: Receives the places, and how often each has the word.
  /// - Returns: The number of documents that have the word.
  mutating func note(
    _ range: Range<UInt32>, _ ids: UnsafeMutablePointer<UInt16>, _ codes: PositionCodes
  ) -> Int {
    _ = advance(to: range.lowerBound)
    var count = 0
    while document < range.upperBound {
      // Of a damaged list, documents need not ascend.
      let end = max(place &+ 1, cursor.index(of: range.upperBound, from: place))
      guard count &+ end &- place <= range.count,
        cursor.notePositions(place..<end, of: range, to: ids + count, codes)
      else {
        noteDamage()
        document = .max
        return 0
      }
      count = count &+ end &- place
      if end < cursor.count {
        place = end
        document = cursor.documents[end]
        return count
      }
      load(cursor.block &+ 1)
    }
    return count
  }

  /// Notes that the list turned out to be damaged.
  mutating func noteDamage() { cursor.noteDamage() }
}
