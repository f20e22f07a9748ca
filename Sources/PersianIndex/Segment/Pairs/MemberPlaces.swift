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

  /// Adds the positions of a member, which ascend.
  ///
  /// - Returns: Whether all are below ``PairListsFormat/mostPlaces``; where not, none is added.
  package mutating func add(_ member: Int, at positions: UnsafePointer<UInt32>, count: Int) -> Bool
  {
    guard count > 0 else { return true }
    let last = Int(positions[count &- 1])
    guard last < PairListsFormat.mostPlaces else { return false }
    if last &+ 2 > capacity { Self.grow(&members, &capacity, to: last &+ 2, kept: capacity) }
    if touchedCount &+ count > touchedCapacity {
      Self.grow(&touched, &touchedCapacity, to: touchedCount &+ count, kept: touchedCount)
    }
    let bit = UInt32(1) &<< UInt32(truncatingIfNeeded: member)
    for index in 0..<count {
      let place = Int(positions[index])
      let before = members[place]
      members[place] = before | bit
      touched[touchedCount] = UInt32(truncatingIfNeeded: place)
      touchedCount &+= before == 0 ? 1 : 0
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

  /// Calls a function with every two members of which one stands right before the other, then
  /// another with the same, and forgets the positions.
  @inline(__always)
  package mutating func forEachNeighbour(
    _ body: (_ first: Int, _ second: Int) -> Void,
    _ end: (_ first: Int, _ second: Int) -> Void
  ) {
    forEachPair(body)
    forEachPair(end)
    for index in 0..<touchedCount { members[Int(touched[index])] = 0 }
    touchedCount = 0
  }

  @inline(__always)
  private func forEachPair(_ body: (_ first: Int, _ second: Int) -> Void) {
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
  }
}
