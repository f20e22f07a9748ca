// SPDX-License-Identifier: Apache-2.0

/// Cuts the terms of several maps into parts of about the same number of postings, with all entries
/// of a term in one part.
///
///     while let part = cutter.next() { … }        // the entries of each map, in ascending order
struct TermCutter {
  /// Some terms: for each map, the places of their entries.
  typealias Part = [Range<Int>]

  private let maps: [TermMap.Lists]
  private let sorted: [[TermMap.Sorted]]
  private let partSize: Int
  private var next: [Int]

  /// - Parameters:
  ///   - maps: The maps.
  ///   - sorted: The entries of each in their order.
  ///   - threadCount: The number of threads that parts are for.
  init(_ maps: [TermMap.Lists], sorted: [[TermMap.Sorted]], threadCount: Int) {
    self.maps = maps
    self.sorted = sorted
    next = sorted.map { _ in 0 }
    let total = sorted.reduce(0) { $1.reduce($0) { $0 + Int($1.documentCount) } }
    // Threads end together where the last parts are small.
    partSize = min(max(total / (threadCount * 32), 1 << 12), 1 << 19)
  }

  /// Returns the next part; `nil` behind the last.
  ///
  /// - Complexity: O(*t*) in the terms of the part.
  mutating func nextPart() -> Part? {
    let starts = next
    var last: (map: Int, term: TermMap.Sorted)?
    var documents = 0
    while documents < partSize, let map = leastMap() {
      let term = sorted[map][next[map]]
      documents += Int(term.documentCount)
      next[map] += 1
      last = (map, term)
    }
    guard let last else { return nil }
    // Entries were taken by their first bytes; what counts is how they stand to the last one's key.
    for map in sorted.indices where map != last.map {
      next[map] = place(behind: last.term, of: maps[last.map], in: map, from: starts[map])
    }
    return zip(starts, next).map { $0..<$1 }
  }

  private func leastMap() -> Int? {
    var least: (map: Int, prefix: UInt64)?
    for map in sorted.indices where next[map] < sorted[map].count {
      let prefix = sorted[map][next[map]].prefix
      guard let other = least, other.prefix <= prefix else {
        least = (map, prefix)
        continue
      }
    }
    return least?.map
  }

  /// The place of a map's first entry whose key is greater than another map's.
  private func place(
    behind term: TermMap.Sorted, of other: TermMap.Lists, in map: Int, from start: Int
  ) -> Int {
    var (low, high) = (start, sorted[map].count)
    while low < high {
      let middle = (low + high) / 2
      if maps[map].compare(sorted[map][middle], term, of: other) <= 0 {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
