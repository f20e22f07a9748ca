// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Indexes of awkward shapes, larger than a window, against the oracle.
struct AdversarialTests {
  /// Queries over the terms `a` (frequent), `b`, `c` (rare) and `z` (nowhere).
  static let queries: [CompiledQuery] = {
    func term(_ text: String) -> CompiledQuery {
      .term(CompiledTerm(fields: [.init(key: CompiledQuery.key(text))]))
    }
    return [
      term("a"), term("b"), term("c"), term("z"),
      .boolean(CompiledBoolean(should: [term("a"), term("b")])),
      .boolean(CompiledBoolean(should: [term("a"), term("b"), term("c"), term("z")])),
      .boolean(CompiledBoolean(must: [term("a"), term("b")])),
      .boolean(CompiledBoolean(must: [term("a"), term("c")])),
      .boolean(CompiledBoolean(must: [term("b"), term("c")])),
      .boolean(CompiledBoolean(must: [term("a")], should: [term("c")])),
      .boolean(CompiledBoolean(should: [term("b"), term("c")], mustNot: [term("a")])),
      .phrase(
        CompiledPhrase(
          keys: [CompiledQuery.key("c"), CompiledQuery.key("b")], offsets: [0, 1])),
      .phrase(
        CompiledPhrase(keys: [CompiledQuery.key("a"), CompiledQuery.key("b")], offsets: [0, 1])),
      .phrase(
        CompiledPhrase(keys: [CompiledQuery.key("b"), CompiledQuery.key("a")], offsets: [0, 1])),
      .phrase(
        CompiledPhrase(keys: [CompiledQuery.key("a"), CompiledQuery.key("a")], offsets: [0, 1])),
    ]
  }()

  static func check(_ documents: [[String]], isDeleted: (Int) -> Bool = { _ in false }) throws {
    var segment: [SampleIndex.Document] = []
    for (number, tokens) in documents.enumerated() {
      var document = SampleIndex.Document(fields: [tokens], isDeleted: isDeleted(number))
      document.sequence = UInt64(number)
      segment.append(document)
    }
    let index = try SampleIndex([segment], hasPositions: [true])
    var random = SeededGenerator(seed: 7)
    let oracle = Oracle(index)
    for query in queries { try OracleTests.compare(index, oracle, query, "\(query)", &random) }
  }

  @Test
  func `one term in all of ten thousand documents`() throws {
    try Self.check((0..<10_000).map { ["a"] + ($0 % 700 == 3 ? ["c"] : []) })
  }

  @Test
  func `ten thousand documents of one token`() throws {
    try Self.check((0..<10_000).map { [$0 % 3 == 0 ? "a" : $0 % 991 == 0 ? "c" : "b"] })
  }

  @Test
  func `one document of a hundred thousand tokens among short ones`() throws {
    var documents = (0..<300).map { ["a", $0 % 9 == 0 ? "b" : "d", "c"] }
    documents[150] = (0..<100_000).map { $0 % 3 == 0 ? "a" : $0 % 501 == 1 ? "b" : "d\($0 % 50)" }
    try Self.check(documents)
  }

  @Test
  func `empty documents, and none but empty ones`() throws {
    try Self.check([[String]](repeating: [], count: 5_000))
    try Self.check((0..<9_000).map { $0 % 4_500 == 4_400 ? ["a", "b"] : [] })
    try Self.check([])
  }

  @Test
  func `lists of middling density, whose blocks are packed`() throws {
    var random = SeededGenerator(seed: 42)
    try Self.check(
      (0..<12_000).map { _ in
        ["d"] + (Int.random(in: 0..<18, using: &random) == 0 ? ["b"] : [])
          + (Int.random(in: 0..<30, using: &random) == 0 ? ["c", "b"] : [])
          + (Int.random(in: 0..<7, using: &random) == 0 ? ["a"] : [])
      })
  }

  @Test
  func `clusters, gaps and deletions over several windows`() throws {
    let documents = (0..<13_000).map { number -> [String] in
      let isInCluster = number / 900 % 3 == 0
      let isRare = number % 613 == 0
      return (number % 2 == 0 ? ["a"] : ["d", "a", "a"]) + (isInCluster ? ["b", "a"] : ["d"])
        + (isRare ? ["c"] : []) + (number % 5 == 0 ? ["b"] : [])
    }
    try Self.check(documents)
    try Self.check(documents) { $0 % 3 == 1 || (4_000..<9_000).contains($0) }
  }
}
