// SPDX-License-Identifier: Apache-2.0

/// Which three members one after another have a list.
///
/// It owns memory, which its one owner frees: threads that read arrays would count their references,
/// and wait for each other.
struct TripleChoice {
  /// The threes, ascending: the first member · *m*² + the second · *m* + the third.
  let codes: [Int]
  private let memberCount: Int
  // A bit for each member that some begin with.
  private let firsts: UInt64
  // For each two members, a bit for each third.
  private let thirds: UnsafeMutablePointer<UInt64>
  // For each code, its place in ``codes``.
  private let places: UnsafeMutablePointer<UInt8>

  /// Prepares to find some threes.
  ///
  /// - Parameters:
  ///   - triples: The members of each, by their numbers.
  ///   - memberCount: The number of members, at most 64.
  init(_ triples: [[Int]], memberCount: Int) {
    self.memberCount = memberCount
    codes = triples.map { $0.reduce(0) { $0 * memberCount + $1 } }.sorted()
    let pairs = memberCount * memberCount
    thirds = .allocate(capacity: pairs)
    thirds.initialize(repeating: 0, count: pairs)
    places = .allocate(capacity: pairs * memberCount)
    places.initialize(repeating: 0, count: pairs * memberCount)
    for (place, code) in codes.enumerated() {
      thirds[code / memberCount] |= 1 << UInt64(code % memberCount)
      places[code] = UInt8(place)
    }
    firsts = codes.reduce(0) { $0 | 1 << UInt64($1 / pairs) }
  }

  func deallocate() {
    thirds.deallocate()
    places.deallocate()
  }

  /// The members of a three, by its place in ``codes``.
  func members(at place: Int) -> [Int] {
    let code = codes[place]
    return [
      code / (memberCount * memberCount), code / memberCount % memberCount, code % memberCount,
    ]
  }

  /// Calls a function with the place in ``codes`` of each chosen three of members that stand one
  /// after another.
  @inline(__always)
  func forEach(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ body: (Int) -> Void) {
    forEachBit(first & firsts) { first in
      forEachBit(second) { second in
        let pair = first &* memberCount &+ second
        forEachBit(thirds[pair] & third) { third in
          body(Int(places[pair &* memberCount &+ third]))
        }
      }
    }
  }
}

/// Calls a function with the number of each bit that is set.
@inline(__always)
func forEachBit(_ bits: UInt64, _ body: (Int) -> Void) {
  var rest = bits
  while rest != 0 {
    body(rest.trailingZeroBitCount)
    rest &= rest &- 1
  }
}
