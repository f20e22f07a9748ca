// SPDX-License-Identifier: Apache-2.0

/// One word's list, read from a document to its last.
///
/// It owns memory, which its one owner frees.
struct MemberWalk {
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
}
