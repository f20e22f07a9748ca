// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Which documents are kept, and in what order, where many score the same.
struct BestHitsTests {
  private static let query = CompiledQuery.term(
    CompiledTerm(fields: [.init(key: CompiledQuery.key("a"))]))

  /// Documents of one length with the word one to `most` times.
  private static func index(
    _ counts: [Int], most: Int, using random: inout SeededGenerator, sequence: (Int) -> UInt64
  ) throws -> SampleIndex {
    var number = 0
    let segments = counts.map { count in
      (0..<count).map { _ in
        let repeated = Int.random(in: 1...most, using: &random)
        var document = SampleIndex.Document(
          fields: [
            Array(repeating: "a", count: repeated) + Array(repeating: "b", count: 12 - repeated)
          ])
        document.sequence = sequence(number)
        number += 1
        return document
      }
    }
    return try SampleIndex(segments, hasPositions: [false])
  }

  private static func check(_ index: SampleIndex) throws {
    let all = try index.searcher.search(query, limit: 5_000).hits
    #expect(all.count == index.documents.reduce(0) { $0 + $1.count })
    for (hit, next) in zip(all, all.dropFirst()) {
      #expect(hit.score > next.score || hit.score == next.score && hit.sequence < next.sequence)
    }
    for limit in [1, 2, 7, 8, 9, 10, 60, 100, 128, 129, 300] {
      #expect(try index.searcher.search(query, limit: limit).hits == Array(all.prefix(limit)))
    }
  }

  @Test
  func `numbers that ascend without gaps`() throws {
    var random = SeededGenerator(seed: 41)
    for most in [1, 3, 9] {
      try Self.check(Self.index([700], most: most, using: &random) { UInt64($0) })
      try Self.check(Self.index([90], most: most, using: &random) { UInt64($0) })
    }
  }

  @Test
  func `numbers in no order, over several segments`() throws {
    var random = SeededGenerator(seed: 42)
    let numbers = (0..<900).map { UInt64($0) * 3 }.shuffled(using: &random)
    for most in [1, 3, 9] {
      try Self.check(Self.index([300, 20, 580], most: most, using: &random) { numbers[$0] })
    }
  }

  @Test
  func `numbers too far apart to be sorted by one word`() throws {
    var random = SeededGenerator(seed: 43)
    let numbers = (0..<900).map { UInt64($0) << 54 }.shuffled(using: &random)
    for most in [1, 3, 9] {
      try Self.check(Self.index([300, 600], most: most, using: &random) { numbers[$0] })
    }
  }
}
