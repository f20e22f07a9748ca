// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Any-of of words that few documents have, and all-of of two, in ranges of 8,192 documents.
struct RareTermsTests {
  private static let count = 18_000

  /// How many documents have each word: blocks that span ranges, runs of neighbours, one short run.
  private static func words(_ number: Int, using random: inout SeededGenerator) -> [String] {
    var words: [String] = []
    func add(_ word: String, _ isThere: Bool) {
      guard isThere else { return }
      let frequency = [1, 1, 1, 2, 3].randomElement(using: &random) ?? 1
      // In few documents so often, and not in all blocks.
      words += Array(repeating: word, count: number % 151 == 3 ? 4 + number % 13 : frequency)
    }
    for (word, share) in [("a", 200), ("b", 110), ("c", 40), ("d", 12), ("e", 5)] {
      add(word, Int.random(in: 0..<1000, using: &random) < share)
    }
    add("run", number / 400 % 19 == 3)
    add("few", number % 900 == 7)
    // In many documents of the first range, and in few of those after it.
    add("early", number < 8192 ? number % 16 == 4 : number % 800 == 1)
    // Both ends of the ranges.
    add("end", number % 8192 == 0 || number % 8192 == 8191)
    // Nearly all documents are equally long, so that many score the same.
    return words + Array(repeating: "x", count: max(0, 24 - words.count))
  }

  /// An index of one segment, or of two of which the later documents have the first ids.
  private static func index(deletesSome: Bool, inOrder: Bool = true) throws -> SampleIndex {
    var random = SeededGenerator(seed: 41)
    var documents = (0..<count).map { number in
      var document = SampleIndex.Document(
        fields: [words(number, using: &random), []],
        isDeleted: deletesSome && (number % 10 == 3 || number % 151 == 3))
      document.sequence = UInt64(number)
      return document
    }
    if inOrder { return try SampleIndex([documents], hasPositions: [false, false]) }
    documents.reverse()
    return try SampleIndex(
      [Array(documents[..<10_000]), Array(documents[10_000...])], hasPositions: [false, false])
  }

  private static func query(_ words: String, weights: [Float], all: Bool) -> CompiledQuery {
    let clauses = zip(words.split(separator: " "), weights).map { word, weight in
      let key = CompiledQuery.key(String(word))
      return CompiledQuery.term(CompiledTerm(fields: [.init(key: key)], weight: weight))
    }
    return .boolean(all ? CompiledBoolean(must: clauses) : CompiledBoolean(should: clauses))
  }

  private static let queries = [
    "a b", "b a", "c d", "d a", "e b", "run c", "a run", "few e", "end few", "end a", "b b",
    "c run", "e c", "early c", "a b c", "e d c b",
    "few run a end b c d e",
  ]

  /// Words that weigh much less than others are only looked up once these are known to score more.
  private static let weights: [[Float]] = [
    [1, 1, 1, 1, 1, 1, 1, 1], [8, 1, 0.5, 0.3, 0.2, 0.1, 0.1, 0.1], [0.1, 1, 8, 0.05, 2, 2, 4, 4],
  ]

  @Test(arguments: [(false, true), (true, false)])
  func `the best of rare words are those of the textbook formula, ties by their sequence`(
    deletesSome: Bool, inOrder: Bool
  ) throws {
    let index = try Self.index(deletesSome: deletesSome, inOrder: inOrder)
    let oracle = Oracle(index)
    for words in Self.queries {
      for weights in Self.weights {
        try Self.compare(
          index, oracle, Self.query(words, weights: weights, all: false),
          "any of \(words), \(weights)")
      }
    }
    for words in Self.queries where words.split(separator: " ").count == 2 {
      try Self.compare(
        index, oracle, Self.query(words, weights: [1, 3], all: true), "all of \(words)")
    }
  }

  private static func compare(
    _ index: SampleIndex, _ oracle: Oracle, _ query: CompiledQuery, _ label: String
  ) throws {
    let expected = oracle.matches(query)
    for limit in [1, 10, 100, 1001, Self.count] {
      for needsTotal in [false, true] {
        let label = "\(label), \(limit), \(needsTotal)"
        let found = try index.searcher.search(query, limit: limit, needsTotal: needsTotal)
        #expect(found.total == (needsTotal ? expected.count : nil), "\(label)")
        #expect(found.hits.count == min(limit, expected.count), "\(label)")
        let wrong = zip(found.hits, expected).first {
          $0.segment != $1.segment || Int($0.document) != $1.document
            || abs(Double($0.score) - $1.score) > 1e-4
        }
        if let wrong { Issue.record("\(label): \(wrong.0) in place of \(wrong.1)") }
      }
    }
  }
}
