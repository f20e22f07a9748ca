// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Documents and queries that nobody writes in good faith.
struct HostileInputTests {
  private static let analyzers: [any Analyzer & Sendable] = [
    PersianAnalyzer(), StandardAnalyzer(), WhitespaceAnalyzer(),
  ]

  private static func index(_ analyzer: any Analyzer, _ texts: [String]) throws -> SearchIndex {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("body"), .keyword("tag")), analyzer: analyzer)
    try index.write(options: IndexWriterOptions(memoryBudget: 4 << 20, threadCount: 1)) { writer in
      for (number, text) in texts.enumerated() {
        try writer.add(Document(key: DocumentKey("\(number)"), ["body": .text(text)]))
      }
    }
    return index
  }

  @Test(arguments: analyzers.indices)
  func `a token of ten million bytes spoils nothing around it`(analyzer: Int) throws {
    let huge = String(repeating: "ب", count: 5_000_000)
    let index = try Self.index(Self.analyzers[analyzer], ["پیش \(huge) پس", "پیش و پس"])
    let searcher = try index.searcher()
    #expect(try searcher.count(.words("پیش")) == 2)
    #expect(try searcher.count(.words("پس")) == 2)
    _ = try searcher.search(.words(huge), options: SearchOptions(limit: 1))
    #expect(
      try searcher.search("پیش", limit: 2).hits.allSatisfy {
        !$0.snippet(of: "body").description.isEmpty
      })
    #expect(try index.check().isWhole)
  }

  @Test(arguments: analyzers.indices)
  func `a query of a million words gets an answer or an error`(analyzer: Int) throws {
    let index = try Self.index(Self.analyzers[analyzer], ["یک دو سه", "چهار پنج شش"])
    let searcher = try index.searcher()
    // Without optimization the analyzers take long.
    let count = analyzer == 2 ? 1_000_000 : 5000
    let words = (0..<5000).map { "و\($0)" }.joined(separator: " ")
    let queries: [Query] = [
      .words(String(repeating: "یک ", count: count)), .words(words), .phrase(words),
      .boolean(should: (0..<5000).map { .words("و\($0)") }),
      .boolean(mustNot: (0..<1500).map { .prefix("و\($0)") }),
      QueryParser(schema: index.schema).parse(words).query,
    ]
    for query in queries {
      do throws(IndexError) {
        _ = try searcher.search(query)
      } catch {
        #expect(error.code == .invalidQuery)
      }
    }
    #expect(try searcher.count(.words("یک")) == 1)
  }

  @Test func `a query that nests deep is refused on a small stack`() throws {
    let index = try Self.index(WhitespaceAnalyzer(), ["یک دو سه"])
    let searcher = try index.searcher()
    let codes = Monitor<[IndexError.Code]>([])
    // Threads of Apple's systems have half a mebibyte.
    let thread = try Thread(name: "small", stackSize: 512 << 10) {
      for wrap: (Query) -> Query in [
        { .boolean(must: [$0]) }, { .boosted($0, by: 2) }, { .field("body", $0) },
        { .boolean(should: [.words("یک"), $0], mustNot: [.words("چهار")]) },
      ] {
        var query = Query.words("یک")
        for _ in 0..<2000 { query = wrap(query) }
        do throws(IndexError) {
          _ = try searcher.search(query)
        } catch {
          codes.withLock { $0.append(error.code) }
        }
      }
      // As deep as is allowed, or nearly.
      var query = Query.words("یک")
      for _ in 0..<120 { query = .boolean(must: [query]) }
      _ = try? searcher.search(query).hits.first?.snippet(of: "body")
    }
    thread.join()
    #expect(codes.withLock { $0 } == Array(repeating: .invalidQuery, count: 4))
  }

  @Test(arguments: analyzers.indices)
  func `zero bytes, marks of direction and broken letters are only separators or nothing`(
    analyzer: Int
  ) throws {
    // What is left of WTF-8 surrogates and other bytes that are no UTF-8 in a String.
    let broken = String(
      decoding: [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80, 0xff, 0xc0, 0x80, 0xf4, 0x90] as [UInt8],
      as: UTF8.self)
    let index = try Self.index(
      Self.analyzers[analyzer],
      [
        "پیش \0 پس", "پیش \u{202E}پس\u{202C}", "پیش \(broken) پس",
        "\u{2067}پیش\u{2069} \u{202E}\u{202D}\u{200F} پس",
      ])
    let searcher = try index.searcher()
    #expect(try searcher.count(.words("پیش")) >= 3)
    for text in ["\0", "\u{202E}", broken, "پیش\0", "\"\0\"", "tag:\0", "\u{202E}پیش\u{202C}", ""] {
      let query = QueryParser(schema: index.schema).parse(text).query
      for hit in try searcher.search(query).hits { _ = hit.snippet(of: "body") }
      _ = try searcher.search(.prefix(text))
      _ = try searcher.search(.wildcard("*\(text)*"))
      _ = try searcher.search(.fuzzy(text, distance: 2))
    }
    #expect(try index.check().isWhole)
  }

  // The same as bytes, which a String cannot hold.
  @Test(arguments: analyzers.indices)
  func `unpaired surrogates and other bytes that are no UTF-8 are analysed`(analyzer: Int) {
    let word = Array("پیش".utf8)
    let pieces: [[UInt8]] = [
      [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xff], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80],
      [0xe0, 0x80], [0xd9], [0x80, 0x80, 0x80], [0],
    ]
    for piece in pieces {
      for bytes in [piece, word + piece, piece + word, word + piece + word, piece + piece] {
        var tokens = TokenBuffer()
        bytes.withUnsafeBufferPointer { Self.analyzers[analyzer].analyze($0, into: &tokens) }
        for token in tokens.tokens { #expect(Int(token.endOffset) <= bytes.count) }
      }
    }
  }

  @Test func `keys hold any bytes up to their limit`() throws {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("body")), analyzer: WhitespaceAnalyzer())
    let keys = ["\0", "\u{202E}کلید", String(repeating: "ک", count: 500), "\u{FFFD}"]
    try index.write { writer in
      for key in keys { try writer.add(Document(key: DocumentKey(key), ["body": "متن"])) }
    }
    let searcher = try index.searcher()
    for key in keys {
      #expect(try searcher.document(for: DocumentKey(key))?.key.text == key)
    }
    let huge = Document(
      key: DocumentKey(String(repeating: "ک", count: 5_000_000)), ["body": "متن"])
    let error = #expect(throws: IndexError.self) { try index.write { try $0.add(huge) } }
    #expect(error?.code == .invalidDocument)
  }
}
