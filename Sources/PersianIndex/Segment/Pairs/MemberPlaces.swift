// SPDX-License-Identifier: Apache-2.0

/// Which members stand where in one document.
package struct MemberPlaces {
  // A bit for each member, by position; one more than there are positions.
  private var members = UnsafeMutablePointer<UInt32>.allocate(capacity: 1024)
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
    if place &+ 2 > capacity || touchedCount == touchedCapacity {
      guard makeRoom(for: place) else { return false }
    }
    let before = members[place]
    members[place] = before | 1 &<< UInt32(truncatingIfNeeded: member)
    touched[touchedCount] = UInt32(truncatingIfNeeded: place)
    touchedCount &+= before == 0 ? 1 : 0
    return true
  }

  @inline(never)
  private mutating func makeRoom(for place: Int) -> Bool {
    guard place < PairListsFormat.mostPlaces else { return false }
    if place + 2 > capacity { Self.grow(&members, &capacity, to: place + 2, kept: capacity) }
    if touchedCount == touchedCapacity {
      Self.grow(&touched, &touchedCapacity, to: touchedCount + 1, kept: touchedCount)
    }
    return true
  }

  private static func grow(
    _ memory: inout UnsafeMutablePointer<UInt32>, _ capacity: inout Int, to least: Int, kept: Int
  ) {
    let larger = max(least, 2 * capacity)
    let copy = UnsafeMutablePointer<UInt32>.allocate(capacity: larger)
    copy.initialize(from: memory, count: kept)
    (copy + kept).initialize(repeating: 0, count: larger - kept)
    memory.deallocate()
    (memory, capacity) = (copy, larger)
  }

  /// Calls a function with every two members of which one stands right before the other, and
  /// forgets the positions.
  @inline(__always)
  package mutating func forEachNeighbour(_ body: (_ first: Int, _ second: Int) -> Void) {
    for index in 0..<touchedCount {
      let place = Int(touched[index])
      let seconds = members[place &+ 1]
      if seconds == 0 { continue }
      var firsts = members[place]
      while firsts != 0 {
        let first = firsts.trailingZeroBitCount
        firsts &= firsts &- 1
        var rest = seconds
        while rest != 0 {
          body(first, rest.trailingZeroBitCount)
          rest &= rest &- 1
        }
      }
    }
    for index in 0..<touchedCount { members[Int(touched[index])] = 0 }
    touchedCount = 0
  }
}
