// SPDX-License-Identifier: Apache-2.0

/// Numbers the multisets of two to six small numbers.
///
/// Multisets of one size are ordered by their greatest member, then by the next, so that the number of
/// one does not depend on how great members may become. With members in ascending order from index
/// 0, it is the sum of C(member + index, index + 1) (the combinatorial number system; Knuth, The Art
/// of Computer Programming, volume 4A, section 7.2.1.3).
enum MultisetCode {
  /// The greatest size of a multiset.
  static var largestCount: Int { 6 }
  /// The bits of a member in ``multisets``.
  static var highWidth: UInt32 { 5 }
  /// What leaves the member in the lowest bits.
  static var highMask: UInt32 { 31 }
  /// How many values members of a multiset have at most, by its size.
  ///
  /// There are 4,096 multisets of a size at most.
  private static let mostHighs = [0, 0, 32, 28, 16, 11, 9]

  /// Where ``ranks`` begin in ``PositionCode/table``.
  static var ranksStart: Int { PositionCode.tabulatedFrequencies * 256 }
  private static var membersPerRank: Int { 32 }
  /// Where ``multisets`` begin in ``PositionCode/table``.
  static var multisetsStart: Int {
    ranksStart + largestCount * membersPerRank + largestCount + 2
  }

  /// The number of multisets of `count` members below `highs`.
  private static func multisetCount(_ count: Int, highs: Int) -> Int {
    var result = 1
    for index in 0..<count { result = result * (highs + index) / (index + 1) }
    return result
  }

  /// The bits that the number of a multiset takes.
  ///
  /// - Parameters:
  ///   - count: The number of its members.
  ///   - highs: The number of values that they may have.
  /// - Returns: The bits; `nil` where such multisets are not numbered.
  static func width(count: Int, highs: Int) -> Int? {
    guard count >= 2, count <= largestCount, highs <= mostHighs[count] else { return nil }
    return Int.bitWidth - (multisetCount(count, highs: highs) - 1).leadingZeroBitCount
  }

  /// What a member adds to the number of a multiset, by index · 32 + member; then, by size, where the
  /// multisets of that size begin in ``multisets``.
  static let ranks: [UInt16] = {
    var ranks: [UInt16] = []
    for index in 0..<largestCount {
      for member in 0..<membersPerRank {
        ranks.append(UInt16(clamping: multisetCount(index + 1, highs: member)))
      }
    }
    var start = 0
    for count in 0...largestCount {
      ranks.append(UInt16(start))
      if count >= 2 { start += multisetCount(count, highs: mostHighs[count]) }
    }
    return ranks + [0]
  }()

  /// The multisets of each size in turn, each as two numbers of which the first is the lower half of
  /// all members' bits.
  static let multisets: [UInt16] = {
    var multisets: [UInt16] = []
    for count in 2...largestCount {
      var members = [UInt32](repeating: 0, count: count)
      for _ in 0..<multisetCount(count, highs: mostHighs[count]) {
        let bits = members.reversed().reduce(0) { $0 << highWidth | $1 }
        multisets.append(UInt16(truncatingIfNeeded: bits))
        multisets.append(UInt16(truncatingIfNeeded: bits >> 16))
        var index = 0
        while index + 1 < count, members[index] == members[index + 1] {
          members[index] = 0
          index += 1
        }
        members[index] += 1
      }
    }
    // The number in a damaged code may be too great for its size, up to 4,095.
    return multisets + [UInt16](repeating: 0, count: 2 * 1100)
  }()

  /// What a member adds to the number of a multiset.
  @inline(__always)
  static func rank(_ member: UInt32, at index: Int, table: UnsafePointer<UInt16>) -> UInt64 {
    UInt64(table[ranksStart + index * membersPerRank + Int(member)])
  }

  /// The members of a multiset, the first in the lowest bits.
  ///
  /// - Parameters:
  ///   - rank: Its number, of 12 bits at most; of a damaged one, any members are returned.
  ///   - count: The number of its members.
  ///   - table: ``PositionCode/table``.
  /// - Returns: The members, ``highWidth`` bits each.
  @inline(__always)
  static func multiset(
    _ rank: UInt64, count: Int, table: UnsafePointer<UInt16>
  ) -> UInt32 {
    members(multisets(of: count, table: table), rank)
  }

  /// Where the multisets of a size begin.
  @inline(__always)
  static func multisets(of count: Int, table: UnsafePointer<UInt16>) -> UnsafePointer<UInt16> {
    let start = Int(table[ranksStart &+ largestCount &* membersPerRank &+ count])
    return table + (multisetsStart &+ 2 &* start)
  }

  /// The members of a multiset, given where those of its size begin.
  @inline(__always)
  static func members(_ multisets: UnsafePointer<UInt16>, _ rank: UInt64) -> UInt32 {
    let place = 2 &* Int(truncatingIfNeeded: rank)
    return UInt32(multisets[place]) | UInt32(multisets[place &+ 1]) &<< 16
  }
}
