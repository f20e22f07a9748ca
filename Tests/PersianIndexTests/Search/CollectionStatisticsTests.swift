// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct CollectionStatisticsTests {
  private let schema = Schema(.text("title", weight: 2), .text("body"), .keyword("kind"))
  private let words = ["کتاب", "تاریخ", "شهر", "خانه", "دریا", "کوه", "راه", "نان", "آب", "باغ"]

  /// Documents of random words, the first ones far more frequent than the last.
  private func documents(_ count: Int, seed: UInt64) -> [Document] {
    var generator = SeededGenerator(seed: seed)
    func text(_ length: Int) -> String {
      (0..<length).map { _ in
        words[
          min(
            Int.random(in: 0..<words.count, using: &generator),
            Int.random(in: 0..<words.count, using: &generator))]
      }.joined(separator: " ")
    }
    return (0..<count).map { number in
      Document(
        key: DocumentKey("d\(number)"),
        [
          "title": .text(text(Int.random(in: 0...5, using: &generator))),
          "body": .text(text(Int.random(in: 1...40, using: &generator))),
          "kind": .text(number % 3 == 0 ? "a" : "b"),
        ])
    }
  }

  private func index(_ documents: [Document]) throws -> SearchIndex {
    let index = try SearchIndex.inMemory(schema: schema)
    try index.write { writer in for document in documents { try writer.add(document) } }
    return index
  }

  private let queries: [Query] = [
    .words("کتاب تاریخ"), .words("باغ"), .words("آب نان راه"), .phrase("کتاب شهر"),
    .boolean(must: [.words("کوه")], should: [.words("خانه دریا")]),
    .boolean(must: [.words("شهر راه")], filter: [.keyword("kind", "a")]),
    .field("title", .words("باغ کتاب")), .words("ناموجود کتاب"),
  ]

  private func results(
    _ searcher: Searcher, _ query: Query, limit: Int = 20
  ) throws -> [(key: DocumentKey, score: Double)] {
    let options = SearchOptions(limit: limit)
    return try searcher.best(query, options: options).documents.map {
      (try searcher.key(at: $0.address), $0.score)
    }
  }

  /// Sums of floats depend on their order in the last bit, so that near ties may change places.
  private func expectSame(
    _ found: [(key: DocumentKey, score: Double)], _ expected: [(key: DocumentKey, score: Double)]
  ) {
    #expect(found.count == expected.count)
    for (left, right) in zip(found, expected) { #expect(abs(left.score - right.score) < 1e-5) }
    let least = (expected.last?.score ?? 0) + 1e-5
    #expect(
      Set(found.filter { $0.score > least }.map(\.key))
        == Set(expected.filter { $0.score > least }.map(\.key)))
  }

  @Test(arguments: [2, 3, 7])
  func `Several indexes searched as one give the hits and scores of one`(parts: Int) throws {
    let all = documents(500, seed: 7)
    let whole = try index(all).searcher()
    let size = (all.count + parts - 1) / parts
    let shards = try stride(from: 0, to: all.count, by: size).map { start in
      try index(Array(all[start..<min(start + size, all.count)]))
    }
    let joined = try Searcher(over: shards)
    #expect(joined.documentCount == 500)
    for query in queries {
      let expected = try results(whole, query)
      let found = try results(joined, query)
      expectSame(found, expected)
      #expect(try joined.count(query) == whole.count(query))
    }
  }

  /// What parts that rank by the sum of their statistics find together.
  private func joined(
    _ parts: [Searcher], _ sum: CollectionStatistics, _ query: Query, limit: Int,
    rescoredCount: Int
  ) throws -> SearchResults {
    var options = SearchOptions(limit: max(limit, rescoredCount))
    options.ranking.rescoredCount = rescoredCount
    options.countsAll = true
    return SearchResults.joining(
      try parts.map { try $0.ranked(by: sum).search(query, options: options) }, limit: limit,
      rescoredCount: rescoredCount)
  }

  @Test(arguments: [0, 1, 5, 32, 1_000])
  func `Parts that rank by the sum of their statistics give the hits and scores of one index`(
    rescoredCount: Int
  ) throws {
    // Ties go by key in parts and by insertion in one index, so the keys are in that order.
    let all = documents(500, seed: 8).sorted { $0.key.text < $1.key.text }
    let whole = try index(all).searcher()
    let parts = try (0..<3).map { part in
      try index(all.enumerated().filter { $0.offset % 3 == part }.map(\.element)).searcher()
    }
    var sum = try parts[0].collectionStatistics(for: queries)
    for part in parts.dropFirst() { try sum.add(part.collectionStatistics(for: queries)) }
    let travelled = try CollectionStatistics(json: sum.json)
    for query in queries {
      for limit in [3, 20, 500] {
        var options = SearchOptions(limit: limit)
        options.ranking.rescoredCount = rescoredCount
        options.countsAll = true
        let expected = try whole.search(query, options: options)
        let found = try joined(
          parts, travelled, query, limit: limit, rescoredCount: rescoredCount)
        expectSame(found.map { ($0.key, $0.score) }, expected.map { ($0.key, $0.score) })
        #expect(found.map(\.rank) == expected.map(\.rank))
        #expect(found.totalCount == expected.totalCount)
      }
    }
  }

  @Test func `The sum decides whether a word is cut or joined, not what one part knows`() throws {
    // No word of these is in the lexicon: what the collection has decides.
    func document(_ key: String, _ body: String) -> Document {
      Document(key: DocumentKey(key), ["body": .text(body)])
    }
    let all = [
      document("a", "زخگفا در شهر"), document("b", "زخگ و فاچپ"), document("c", "زخگ فاچپ آمد"),
      document("d", "زخگفاچپ رفت"), document("e", "کتاب تاریخ"), document("f", "فاچپ زخگ"),
      document("g", "کتاب زخگفاچپ"), document("h", "کتاب زخگفاچپها"),
    ]
    let queries: [Query] = [
      .words("زخگ فاچپ"), .words("زخگفاچپ"), .words("فاچپزخگ"), .words("زخگ‌فاچپ رفت"),
      .words("کتاب زخگفاچچپ"), .words("کتاب زخفاچپ"),
    ]
    let whole = try index(all).searcher()
    let parts = try all.map { try index([$0]).searcher() }
    var sum = try parts[0].collectionStatistics(for: queries)
    for part in parts.dropFirst() { try sum.add(part.collectionStatistics(for: queries)) }
    for query in queries {
      let expected = try whole.search(query)
      let found = try joined(parts, sum, query, limit: 10, rescoredCount: 32)
      #expect(!expected.isEmpty)
      expectSame(found.map { ($0.key, $0.score) }, expected.map { ($0.key, $0.score) })
    }
  }

  @Test func `A query that the statistics were not gathered for is refused`() throws {
    let searcher = try index(documents(20, seed: 1)).searcher()
    let ranked = try searcher.ranked(by: searcher.collectionStatistics(for: [.words("کتاب")]))
    #expect(try !ranked.search("کتاب").isEmpty)
    let error = #expect(throws: IndexError.self) { try ranked.search("تاریخ") }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("تاریخ") == true)
  }

  @Test func `Statistics of another analyzer neither add up nor rank`() throws {
    let searcher = try index(documents(5, seed: 1)).searcher()
    let other = try SearchIndex.inMemory(schema: schema, analyzer: WhitespaceAnalyzer())
    let foreign = try other.searcher().collectionStatistics(for: queries)
    var sum = try searcher.collectionStatistics(for: queries)
    #expect(throws: IndexError.self) { try sum.add(foreign) }
    #expect(throws: IndexError.self) { try searcher.ranked(by: foreign) }
    #expect(throws: IndexError.self) { try Searcher(over: [index([]), other]) }
  }

  @Test func `The JSON text is what it is documented to be`() throws {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("text")), analyzer: WhitespaceAnalyzer())
    try index.write { writer in
      try writer.add(Document(key: "1", ["text": "کتاب \"نو\""]))
      try writer.add(Document(key: "2", ["text": "کتاب"]))
    }
    let statistics = try index.searcher().collectionStatistics(
      for: [.words("کتاب \"نو\" هیچ")], ranking: Ranking(writtenFormWeight: 0))
    #expect(
      statistics.json == """
        {"type":"statistics","formatVersion":1,\
        "analyzer":"\(WhitespaceAnalyzer().identity)","documentCount":2,"fields":[{"name":"text",\
        "totalLength":3,"terms":{"\\"نو\\"":1,"هیچ":0,"کتاب":2},"writtenForms":{}}]}
        """)
    #expect(try CollectionStatistics(json: statistics.json) == statistics)
  }

  @Test(arguments: [
    "", "{}", "[]", "{\"type\":\"statistics\"}",
    #"{"type":"other","formatVersion":1,"analyzer":"a","documentCount":1,"fields":[]}"#,
    #"{"type":"statistics","formatVersion":2,"analyzer":"a","documentCount":1,"fields":[]}"#,
    #"{"type":"statistics","formatVersion":1,"analyzer":"a","documentCount":-1,"fields":[]}"#,
    #"{"type":"statistics","formatVersion":1,"analyzer":"a","documentCount":01,"fields":[]}"#,
    #"{"type":"statistics","formatVersion":1,"analyzer":"a","documentCount":1,"fields":[]}x"#,
    #"{"type":"statistics","formatVersion":1,"analyzer":"a","documentCount":1,"x":1,"fields":[]}"#,
    #"{"type":"statistics","type":"statistics","formatVersion":1,"analyzer":"a","documentCount":1,"fields":[]}"#,
    #"{"type":"statistics","formatVersion":1,"analyzer":"\ud800","documentCount":1,"fields":[]}"#,
    #"{"type":"statistics","formatVersion":1,"analyzer":"a","documentCount":99999999999999999999,"fields":[]}"#,
    #"{"type":"statistics","formatVersion":1,"analyzer":"a","documentCount":1,"fields":[{"name":"t"}]}"#,
  ])
  func `Malformed JSON text is refused`(json: String) {
    let error = #expect(throws: IndexError.self) { try CollectionStatistics(json: json) }
    #expect(error?.code == .invalidArgument)
  }

  @Test func `Spaces, escapes and the order of members do not matter`() throws {
    let statistics = try CollectionStatistics(
      json: """
        { "fields" : [ { "writtenForms" : { } , "terms" : { "\\u06a9\\u062a\\u0627\\u0628" : 4,
        "\\ud83d\\ude00": 1 }, "totalLength" : 9 , "name" : "t" } ] , "documentCount" : 5,
        "analyzer" : "a\\/1" , "formatVersion" : 1, "type" : "statistics" }
        """)
    #expect(statistics.analyzer == "a/1")
    #expect(statistics.documentCount == 5)
    #expect(statistics.fields.map(\.terms) == [["کتاب": 4, "😀": 1]])
  }

  @Test func `Sums that do not fit are refused, and nothing is added`() throws {
    let text = """
      {"type":"statistics","formatVersion":1,"analyzer":"a","documentCount":9223372036854775807,\
      "fields":[]}
      """
    var sum = try CollectionStatistics(json: text)
    let before = sum
    #expect(throws: IndexError.self) { try sum.add(before) }
    #expect(sum == before)
  }
}
