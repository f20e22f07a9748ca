// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Phrases over documents of all lengths and frequencies of all sizes, against the oracle: each way
/// of coding positions and of looking at a document is met, many times in one batch.
struct PhraseBatchTests {
  private static func phrase(_ words: String, offsets: [UInt32]? = nil)
    -> CompiledQuery
  {
    let keys = words.split(separator: " ").map { CompiledQuery.key(String($0)) }
    return .phrase(
      CompiledPhrase(
        keys: keys, offsets: offsets ?? (0..<UInt32(keys.count)).map { $0 }))
  }

  private static let queries: [CompiledQuery] = [
    phrase("a b"), phrase("b a"), phrase("a a"), phrase("c a"), phrase("a c"), phrase("c d"),
    phrase("e a"), phrase("a e"), phrase("e e"), phrase("a z"), phrase("a b a"), phrase("a b c"),
    phrase("c a b"), phrase("e a b"), phrase("d c a"), phrase("a a a"), phrase("a b a b"),
    phrase("d a b c"), phrase("a b", offsets: [0, 3]), phrase("a c b", offsets: [0, 2, 5]),
    phrase("c a", offsets: [0, 90]),
    .boolean(CompiledBoolean(must: [phrase("a b"), phrase("c a")])),
    .boolean(CompiledBoolean(should: [phrase("a b c"), phrase("e d")])),
  ]

  /// Words of which `a` and `b` are common, `c` and `d` less so, and `e` is rare; of all, there are as
  /// many times fewer as `rarity` says.
  private static func words(
    _ count: Int, rarity: Int, using random: inout SeededGenerator
  ) -> [String] {
    (0..<count).map { _ in
      switch Int.random(in: 0..<100 * rarity, using: &random) {
      case 0..<22: "a"
      case 22..<37: "b"
      case 37..<42: "c"
      case 42..<44: "d"
      case 44: Int.random(in: 0..<60, using: &random) == 0 ? "e" : "f"
      default: "g\(Int.random(in: 0..<40, using: &random))"
      }
    }
  }

  private static func check(
    _ lengths: [Int], seed: UInt64, segments: Int = 1, rarity: Int = 1,
    isDeleted: (Int) -> Bool = { _ in false }
  ) throws {
    var random = SeededGenerator(seed: seed)
    var number = 0
    var parts: [[SampleIndex.Document]] = []
    for part in 0..<segments {
      var documents: [SampleIndex.Document] = []
      for length in lengths[
        (lengths.count * part / segments)..<(lengths.count * (part + 1) / segments)]
      {
        var document = SampleIndex.Document(
          fields: [words(length, rarity: rarity, using: &random)], isDeleted: isDeleted(number))
        document.sequence = UInt64(number)
        documents.append(document)
        number += 1
      }
      parts.append(documents)
    }
    let index = try SampleIndex(parts, hasPositions: [true])
    let oracle = Oracle(index)
    for query in queries { try OracleTests.compare(index, oracle, query, "\(query)", &random) }
  }

  @Test
  func `short documents, of which a batch is full`() throws {
    var random = SeededGenerator(seed: 11)
    let lengths = (0..<2_600).map { _ in Int.random(in: 4..<60, using: &random) }
    try Self.check(lengths, seed: 12)
    try Self.check(lengths, seed: 13, segments: 3) { $0 % 3 == 1 }
  }

  @Test
  func `frequencies with codes of every form`() throws {
    var random = SeededGenerator(seed: 21)
    try Self.check((0..<500).map { _ in Int.random(in: 40..<400, using: &random) }, seed: 22)
  }

  @Test
  func `words that few documents have`() throws {
    var random = SeededGenerator(seed: 41)
    let lengths = (0..<9_000).map { _ in Int.random(in: 4..<30, using: &random) }
    try Self.check(lengths, seed: 42, rarity: 12)
    try Self.check(lengths, seed: 43, segments: 2, rarity: 16) { $0 % 5 == 2 }
  }

  @Test
  func `documents too long for a batch among short ones`() throws {
    var random = SeededGenerator(seed: 31)
    let lengths = (0..<500).map { number in
      number % 90 == 7
        ? Int.random(in: 3_900..<6_000, using: &random) : Int.random(in: 8..<90, using: &random)
    }
    try Self.check(lengths, seed: 32)
    try Self.check(lengths, seed: 33, segments: 2) { $0 % 90 == 7 && $0 % 4 == 1 }
  }
}
