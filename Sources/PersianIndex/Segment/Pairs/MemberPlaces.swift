// SPDX-License-Identifier: Apache-2.0

/// Which members stand where in some documents that follow one another.
///
///     guard places.begin(range, lengths: codes) else { return }   // a document is too long
///     places.visit(walk, member: 3, &buffer)                      // each member once
///     for id in 0..<places.count { places.forEachRun(id) { first, second, third in … } }
///
/// Each member's positions in all these documents are read before the next one's: a processor foresees
/// the branches of that, but not those of one document's members. It owns memory, which its one owner
/// frees.
package struct MemberPlaces {
  /// The most documents at once.
  private static var mostDocuments: Int { PositionCodes.capacity }
  /// The places of documents that are taken up together; a longer one is alone.
  private static var mostTogether: Int { 1 << 15 }

  /// The documents.
  package private(set) var documents: Range<UInt32> = 0..<0
  // A bit for each member, by place. A document has a place for each position that it may have, and one
  // behind them that stays empty; behind the last document's there are two more.
  private var members: UnsafeMutablePointer<UInt64>
  private var runs: UnsafeMutablePointer<UInt32>
  private var capacity = mostTogether + 3
  // The first place of each document, and of two more: what damaged lists have of others comes there.
  private let starts = UnsafeMutablePointer<Int>.allocate(capacity: mostDocuments + 2)
  private let lengthCodes = UnsafeMutablePointer<UInt8>.allocate(capacity: mostDocuments + 1)
  private let universes = UnsafeMutablePointer<UInt32>.allocate(capacity: 256)
  private let ids = UnsafeMutablePointer<UInt16>.allocate(capacity: mostDocuments)
  private let codes = PositionCodes()

  package init() {
    members = .allocate(capacity: capacity)
    runs = .allocate(capacity: capacity)
    for code in 0..<256 {
      (universes + code).initialize(to: FieldLengthCode.universe(UInt8(code)))
    }
  }

  package func deallocate() {
    members.deallocate()
    runs.deallocate()
    starts.deallocate()
    lengthCodes.deallocate()
    universes.deallocate()
    ids.deallocate()
    codes.deallocate()
  }

  /// The number of documents.
  package var count: Int { documents.count }

  /// Takes up the first documents of a range, as many as fit, and forgets those before.
  ///
  /// - Parameters:
  ///   - range: The documents, at least one.
  ///   - lengths: The code of the field's length in every document.
  /// - Returns: Whether no document is longer than ``PairListsFormat/mostPlaces``.
  package mutating func begin(_ range: Range<UInt32>, lengths: UnsafePointer<UInt8>) -> Bool {
    var (count, end) = (0, 0)
    let first = Int(range.lowerBound)
    while count < min(range.count, Self.mostDocuments) {
      let universe = Int(universes[Int(lengths[first &+ count])])
      if universe > PairListsFormat.mostPlaces { return false }
      if count > 0 && end &+ universe >= Self.mostTogether { break }
      lengthCodes[count] = lengths[first &+ count]
      starts[count] = end
      end = end &+ universe &+ 1
      count = count &+ 1
    }
    lengthCodes[count] = 0
    starts[count] = end
    starts[count &+ 1] = end &+ 1
    if end &+ 2 > capacity {
      members.deallocate()
      runs.deallocate()
      capacity = end + 2
      members = .allocate(capacity: capacity)
      runs = .allocate(capacity: capacity)
    }
    members.initialize(repeating: 0, count: end &+ 2)
    documents = range.lowerBound..<(range.lowerBound &+ UInt32(count))
    return true
  }

  /// Notes where a member stands in the documents.
  ///
  /// - Parameters:
  ///   - walk: The member's list, which is not behind the first of them.
  ///   - member: Its number, below 64.
  ///   - buffer: Memory for long codes.
  package func visit(_ walk: inout MemberWalk, member: Int, _ buffer: inout PositionBuffer) {
    let found = walk.note(documents, ids, codes)
    if found == 0 { return }
    let isWhole = codes.visitPositions(
      of: ids, count: found, record: walk.cursor.list.record, lengthCodes: lengthCodes,
      table: walk.cursor.positionTable, buffer: &buffer,
      MemberVisitor(members: members, starts: starts, bit: 1 &<< UInt64(member)))
    if !isWhole { walk.noteDamage() }
  }

  /// Calls a function with the members at each place of a document that stands right before another
  /// member's.
  ///
  /// - Parameters:
  ///   - id: The document, counted from the first.
  ///   - body: Receives a bit for each member at the place, at the next, and at the one after that, where
  ///     there may be none.
  @inline(__always)
  package func forEachRun(
    _ id: Int, _ body: (_ first: UInt64, _ second: UInt64, _ third: UInt64) -> Void
  ) {
    let (members, runs) = (members, runs)
    var count = 0
    for place in starts[id]..<(starts[id &+ 1] &- 1) {
      runs[count] = UInt32(truncatingIfNeeded: place)
      count = count &+ ((members[place] != 0 ? 1 : 0) & (members[place &+ 1] != 0 ? 1 : 0))
    }
    for run in 0..<count {
      let place = Int(runs[run])
      body(members[place], members[place &+ 1], members[place &+ 2])
    }
  }
}

/// Notes a member at positions.
private struct MemberVisitor: PositionVisitor {
  let members: UnsafeMutablePointer<UInt64>
  let starts: UnsafePointer<Int>
  let bit: UInt64

  @inline(__always)
  func begin(_ id: Int) -> (members: UnsafeMutablePointer<UInt64>, last: UInt) {
    (members + starts[id], UInt(bitPattern: starts[id &+ 1] &- starts[id] &- 1))
  }

  @inline(__always)
  func visit(
    _ document: (members: UnsafeMutablePointer<UInt64>, last: UInt), _ position: Int
  ) -> Int {
    let place = min(UInt(bitPattern: position), document.last)
    document.members[Int(bitPattern: place)] |= bit
    return 0
  }

  @inline(__always)
  func end(_ id: Int, _ sum: Int) {}
}
