// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Candidates looked up in lists of every shape, a few or many in a block, against the oracle.
struct CandidateLookupTests {
  /// The words of one document: `w60` is in 60 % of all, and so on.
  private static func words(_ number: Int, using random: inout SeededGenerator) -> [String] {
    var words: [String] = []
    func add(_ word: String, _ isThere: Bool) {
      guard isThere else { return }
      words += Array(repeating: word, count: [1, 1, 1, 2, 3, 9].randomElement(using: &random) ?? 1)
    }
    for share in [60, 30, 13, 12, 4] {
      add("w\(share)", Int.random(in: 0..<100, using: &random) < share)
    }
    // Scattered lists of packed blocks, a short list of one run, and runs of neighbours.
    add("rare", number % 37 == 5)
    add("few", number % 97 == 11)
    add("run", number / 50 % 9 == 2)
    let rest = Int.random(in: 0...30, using: &random)
    return words + (0..<rest).map { _ in "x\(Int.random(in: 0..<50, using: &random))" }
  }

  private static func index(_ count: Int, deletesSome: Bool) throws -> SampleIndex {
    var random = SeededGenerator(seed: 31)
    let documents = (0..<count).map { number in
      var document = SampleIndex.Document(
        fields: [words(number, using: &random), []], isDeleted: deletesSome && number % 10 == 3)
      document.sequence = UInt64(number)
      return document
    }
    return try SampleIndex([documents], hasPositions: [false, false])
  }

  private static func query(_ words: String, all: Bool) -> CompiledQuery {
    let clauses = words.split(separator: " ").map {
      CompiledQuery.term(CompiledTerm(fields: [.init(key: CompiledQuery.key(String($0)))]))
    }
    return .boolean(all ? CompiledBoolean(must: clauses) : CompiledBoolean(should: clauses))
  }

  @Test(arguments: [false, true])
  func `candidates are found in lists of every shape`(deletesSome: Bool) throws {
    let index = try Self.index(9_000, deletesSome: deletesSome)
    let oracle = Oracle(index)
    var random = SeededGenerator(seed: 32)
    for words in [
      "w60 w30", "w30 w12", "w12 w60", "w30 w12 w60", "w30 w60 w12 w4", "w4 w12", "w4 w12 w30",
      "rare w12", "rare w60", "few w12", "few w30", "few rare", "rare w4", "w12 w13", "run w60",
      "run w12",
      "run w4 w30", "w12 run few w60", "w30 rare", "w60 few",
    ] {
      for all in [false, true] {
        let query = Self.query(words, all: all)
        for _ in 0..<2 {
          try OracleTests.compare(index, oracle, query, "\(words), all: \(all)", &random)
        }
      }
    }
  }

  /// Short lists are counted by marks in ranges of 32,768 documents, of which eight share their memory.
  @Test
  func `what short lists have in common is counted over many ranges`() throws {
    let count = 300_000
    let range = 32_768
    var random = SeededGenerator(seed: 33)
    var lists: [String: Set<Int>] = [:]
    for (word, size) in [("a", 900), ("b", 2_500), ("c", 60), ("d", 9_000), ("e", 3)] {
      lists[word] = Set((0..<size).map { _ in Int.random(in: 0..<count, using: &random) })
    }
    // At both ends of ranges, and in the same places of different ones.
    for start in stride(from: 0, to: count, by: range) {
      lists["a"]?.formUnion([start, start + 7, start + range - 1].filter { $0 < count })
      lists["b"]?.formUnion([start, start + range - 1, start + 9].filter { $0 < count })
      lists["d"]?.formUnion([start + (start / range % 2 == 0 ? 7 : 9)])
    }
    // The ninth range has the memory and the mark of the first.
    lists["a"]?.formUnion([5, 105, 205])
    lists["d"]?.formUnion([5, 105, 205].map { 8 * range + $0 })
    var words = [[String]](repeating: [], count: count)
    for (word, documents) in lists { for document in documents { words[document].append(word) } }
    let index = try SampleIndex(
      [
        words.enumerated().map { number, words in
          var document = SampleIndex.Document(fields: [words, []], isDeleted: false)
          document.sequence = UInt64(number)
          return document
        }
      ], hasPositions: [false, false])
    let searcher = index.searcher
    for words in ["a b", "b a", "a d", "c a", "c b", "e a", "c c", "b d", "a b d", "c a b e"] {
      let documents = words.split(separator: " ").compactMap { lists[String($0)] }
      let first = documents.first ?? []
      let common = documents.reduce(first) { $0.intersection($1) }.count
      let either = documents.reduce(first) { $0.union($1) }.count
      #expect(try searcher.count(Self.query(words, all: true)) == common, "all of \(words)")
      #expect(try searcher.count(Self.query(words, all: false)) == either, "any of \(words)")
    }
  }
}
