// SPDX-License-Identifier: Apache-2.0

/// Which members stand where in one document.
package struct MemberPlaces {
  // A bit for each member, by position; two more than there are positions.
  private var members = UnsafeMutablePointer<UInt64>.allocate(capacity: 1024)
  private var capacity = 1024
  private var touched = UnsafeMutablePointer<UInt32>.allocate(capacity: 1024)
  private var touchedCount = 0
  private var touchedCapacity = 1024

  package init() {
    members.initialize(repeating: 0, count: capacity)
  }

  package func deallocate() {
    members.deallocate()
    touched.deallocate()
  }

  /// Adds a position of a member.
  ///
  /// - Returns: Whether it is below ``PairListsFormat/mostPlaces``; where not, it is not added.
  @inline(__always)
  package mutating func add(_ member: Int, at place: Int) -> Bool {
    if place &+ 3 > capacity || touchedCount == touchedCapacity {
      guard makeRoom(for: place) else { return false }
    }
    let before = members[place]
    members[place] = before | 1 &<< UInt64(truncatingIfNeeded: member)
    touched[touchedCount] = UInt32(truncatingIfNeeded: place)
    touchedCount &+= before == 0 ? 1 : 0
    return true
  }

  @inline(never)
  private mutating func makeRoom(for place: Int) -> Bool {
    guard place < PairListsFormat.mostPlaces else { return false }
    if place + 3 > capacity { Self.grow(&members, &capacity, to: place + 3, kept: capacity) }
    if touchedCount == touchedCapacity {
      Self.grow(&touched, &touchedCapacity, to: touchedCount + 1, kept: touchedCount)
    }
    return true
  }

  private static func grow<Element: FixedWidthInteger & BitwiseCopyable>(
    _ memory: inout UnsafeMutablePointer<Element>, _ capacity: inout Int, to least: Int, kept: Int
  ) {
    let larger = max(least, 2 * capacity)
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    copy.initialize(from: memory, count: kept)
    (copy + kept).initialize(repeating: 0, count: larger - kept)
    memory.deallocate()
    (memory, capacity) = (copy, larger)
  }

  /// Calls a function with the members at each place that stands right before another member's, and
  /// forgets the positions.
  ///
  /// - Parameter body: Receives a bit for each member at the place, at the next, and at the one after
  ///   that, where there may be none.
  @inline(__always)
  package mutating func forEachRun(
    _ body: (_ first: UInt64, _ second: UInt64, _ third: UInt64) -> Void
  ) {
    for index in 0..<touchedCount {
      let place = Int(touched[index])
      let second = members[place &+ 1]
      if second != 0 { body(members[place], second, members[place &+ 2]) }
    }
    for index in 0..<touchedCount { members[Int(touched[index])] = 0 }
    touchedCount = 0
  }
}
