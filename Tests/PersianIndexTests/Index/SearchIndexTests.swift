// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct SearchIndexTests {
  private static let schema = Schema(
    .text("title", weight: 2), .text("body"), .keyword("source"), .date("published"),
    .integer("words"))

  private func document(_ key: DocumentKey, _ title: String, _ body: String, source: String = "a")
    -> Document
  {
    Document(key: key, ["title": .text(title), "body": .text(body), "source": .text(source)])
  }

  private func filled() throws -> SearchIndex {
    let index = try SearchIndex.inMemory(schema: Self.schema, analyzer: StandardAnalyzer())
    try index.write { writer in
      try writer.update(document("1", "red fox", "the quick brown fox jumps over the lazy dog"))
      try writer.update(document("2", "dogs", "a lazy dog sleeps all day", source: "b"))
      try writer.update(document("3", "birds", "quick birds fly over the lake", source: "b"))
    }
    return index
  }

  private func keys(_ text: String, in index: SearchIndex) throws -> Set<String> {
    Set(try index.searcher().search(text, limit: 100).map(\.key.text))
  }

  @Test func `finds what was committed, best first, with stored fields and snippets`() throws {
    let results = try filled().searcher().search("fox", limit: 10)
    let hit = try #require(results.first)
    #expect(results.count == 1)
    #expect(hit.rank == 1)
    #expect(hit.key == "1")
    #expect(hit["title"] == "red fox")
    #expect(
      hit.snippet(of: "body").description == "the quick brown [fox] jumps over the lazy dog")
    #expect(hit.score > 0)
  }

  @Test func `a text added in bytes is found and given back like a string`() throws {
    let schema = Schema(.text("title"), .text("متن"), .keyword("tag"), .date("day"))
    let texts = ["باغِ بزرگ در بهار", "", "the lazy dog"]
    func index(_ add: (IndexWriter, Document, String) throws -> Void) throws -> SearchIndex {
      let index = try SearchIndex.inMemory(schema: schema, analyzer: PersianAnalyzer())
      try index.write { writer in
        for (number, text) in texts.enumerated() {
          let document = Document(
            key: DocumentKey("سند \(number)"), ["title": "عنوان", "tag": "خبر"])
          try add(writer, document, text)
        }
      }
      return index
    }
    let expected = try index { writer, document, text in
      var document = document
      document["متن"] = .text(text)
      try writer.add(document)
    }
    let found = try index { writer, document, text in
      try Array(text.utf8).withUnsafeBufferPointer {
        try writer.add(document, field: "متن", utf8: $0)
      }
    }
    for text in ["باغ", "بهار", "dog", "عنوان"] {
      let (ours, theirs) = (try found.searcher().search(text), try expected.searcher().search(text))
      #expect(ours.map(\.key) == theirs.map(\.key))
      #expect(ours.map(\.score) == theirs.map(\.score))
      #expect(ours.map { $0["متن"] } == theirs.map { $0["متن"] })
      #expect(ours.map { $0["title"] } == theirs.map { $0["title"] })
      #expect(!ours.isEmpty)
    }
  }

  @Test func `bytes that are not UTF-8 are indexed and come back repaired`() throws {
    let index = try SearchIndex.inMemory(schema: Self.schema, analyzer: StandardAnalyzer())
    try index.write { writer in
      try [0x66, 0x6f, 0x78, 0x20, 0xd9, 0x20, 0xff].withUnsafeBufferPointer {
        try writer.add(Document(key: "1"), field: "body", utf8: $0)
      }
    }
    let hit = try #require(try index.searcher().search("fox").first)
    #expect(hit["body"] == "fox \u{fffd} \u{fffd}")
    #expect(try index.check().isWhole)
  }

  @Test(arguments: ["tag", "words", "published", "title", "nothing"])
  func `bytes are refused for a field that has no texts or has one already`(field: String) throws {
    let index = try SearchIndex.inMemory(schema: Self.schema, analyzer: StandardAnalyzer())
    let writer = try index.writer()
    let error = #expect(throws: IndexError.self) {
      try [UInt8(ascii: "x")].withUnsafeBufferPointer {
        try writer.add(Document(key: "1", ["title": "a"]), field: field, utf8: $0)
      }
    }
    #expect(error?.code == .invalidDocument)
    try writer.commit()
    #expect(try index.searcher().documentCount == 0)
  }

  @Test func `every kind of query finds its documents`() throws {
    let index = try filled()
    #expect(try keys("quick lazy", in: index) == ["1", "2", "3"])
    #expect(try keys("+quick +lazy", in: index) == ["1"])
    #expect(try keys("lazy -fox", in: index) == ["2"])
    #expect(try keys("\"lazy dog\"", in: index) == ["1", "2"])
    #expect(try keys("\"dog lazy\"", in: index) == [])
    #expect(try keys("\"quick fox\"~1", in: index) == ["1"])
    #expect(try keys("title:fox", in: index) == ["1"])
    #expect(try keys("title:lazy", in: index) == [])
    #expect(try keys("bird*", in: index) == ["3"])
    #expect(try keys("l?ke", in: index) == ["3"])
    #expect(try keys("quikc~1", in: index) == ["1", "3"])
    #expect(try keys("source:b", in: index) == ["2", "3"])
    #expect(try keys("*", in: index) == ["1", "2", "3"])
    #expect(try keys("nothing", in: index) == [])
    #expect(try keys("", in: index) == [])
  }

  @Test func `a word in a field of more weight counts more`() throws {
    let index = try SearchIndex.inMemory(schema: Self.schema, analyzer: StandardAnalyzer())
    try index.write { writer in
      try writer.update(document("body", "other", "apple pie"))
      try writer.update(document("title", "apple", "pie other"))
    }
    #expect(try index.searcher().search("apple").map(\.key.text) == ["title", "body"])
  }

  @Test func `a searcher keeps seeing its own commit`() throws {
    let index = try filled()
    let before = try index.searcher()
    try index.write { writer in
      try writer.delete(key: "1")
      try writer.update(document("2", "cats", "a cat sleeps"))
    }
    #expect(try before.count(.words("dog")) == 2)
    #expect(try before.document(for: "2")?["title"] == "dogs")
    let after = try index.searcher(refreshing: before)
    #expect(try after.count(.words("dog")) == 0)
    #expect(try after.document(for: "2")?["title"] == "cats")
    #expect(try after.document(for: "1") == nil)
    #expect(after.documentCount == 2)
  }

  @Test func `what a closure that throws wrote is gone`() throws {
    struct Failure: Error {}
    let index = try filled()
    #expect(throws: Failure.self) {
      try index.write { writer in
        try writer.delete(matching: .all)
        throw Failure()
      }
    }
    #expect(try index.searcher().documentCount == 3)
  }

  @Test func `deletes by query and shows it before the commit`() throws {
    let index = try filled()
    let writer = try index.writer()
    #expect(try writer.delete(matching: .keyword("source", "b")) == 2)
    #expect(try writer.searcher().documentCount == 1)
    #expect(try index.searcher().documentCount == 3)
    try writer.commit()
    #expect(try index.searcher().documentCount == 1)
  }

  @Test func `keeps user data with the commit`() throws {
    let index = try filled()
    try index.write { try $0.setUserData([1, 2, 3]) }
    #expect(try index.searcher().userData == [1, 2, 3])
    try index.write { try $0.delete(key: "1") }
    #expect(try index.searcher().userData == [1, 2, 3])
  }

  @Test func `pages follow each other`() throws {
    let searcher = try filled().searcher()
    let all = try searcher.search(.words("quick lazy"), options: SearchOptions(limit: 10))
    var options = SearchOptions(limit: 2, offset: 1)
    options.countsAll = true
    let page = try searcher.search(.words("quick lazy"), options: options)
    #expect(page.map(\.key) == Array(all.map(\.key)[1...]))
    #expect(page.map(\.rank) == [2, 3])
    #expect(page.totalCount == 3)
  }

  @Test func `بازه‌های تاریخ و عدد`() throws {
    let index = try SearchIndex.inMemory(schema: Self.schema, analyzer: StandardAnalyzer())
    try index.write { writer in
      for day in 1...30 {
        let date = try #require(Timestamp(calendar: .jalali, year: 1399, month: 8, day: day))
        try writer.update(
          Document(
            key: DocumentKey("\(day)"), ["published": .date(date), "words": .integer(Int64(day))]))
      }
    }
    #expect(try keys("published:[1399/08/10 TO 1399/08/12]", in: index) == ["10", "11", "12"])
    #expect(try keys("published:2020-10-22", in: index) == ["1"])
    #expect(try keys("words:>=29", in: index) == ["29", "30"])
    #expect(try keys("words:[5 TO 6] published:[* TO 1399/08/01]", in: index) == ["1", "5", "6"])
  }

  @Test func `refuses what does not fit, and says why`() throws {
    let index = try filled()
    let writer = try index.writer()
    for (document, part) in [
      (Document(key: "", ["body": "x"]), "1 to"), (Document(key: "x", ["no": "x"]), "'no'"),
      (Document(key: "x", ["words": "many"]), "integer"),
      (Document(key: "x", ["published": 5]), "date"),
    ] {
      let error = #expect(throws: IndexError.self) { try writer.add(document) }
      #expect(error?.code == .invalidDocument)
      #expect(error?.message.contains(part) == true)
    }
    #expect(throws: IndexError.self) { try index.searcher().search("words:x", limit: -1) }
    #expect(throws: IndexError.self) { try index.searcher().search(.field("no", .words("x"))) }
    #expect(throws: IndexError.self) { try index.searcher().search(.boosted(.all, by: -1)) }
  }

  @Test func `a second writer is told who has the index`() throws {
    let index = try filled()
    let writer = try index.writer()
    let error = #expect(throws: IndexError.self) { try index.writer() }
    #expect(error?.code == .locked)
    writer.close()
    _ = try index.writer()
  }

  @Test func `bad schemas are refused before anything is made`() {
    for schema in [
      Schema(), Schema(.text("a"), .text("a")), Schema(.text("")), Schema(.text("a", weight: 0)),
      Schema(.text("a", weight: .nan)), Schema((0..<121).map { .text("f\($0)") }),
    ] {
      let error = #expect(throws: IndexError.self) { try SearchIndex.inMemory(schema: schema) }
      #expect(error?.code == .invalidSchema)
    }
  }

  @Test func `an index on disk is opened again with its schema and analyzer`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/news.index"
    let created = try SearchIndex.create(
      at: path, schema: Self.schema, analyzer: WhitespaceAnalyzer())
    try created.write { try $0.update(document("1", "T", "Some words")) }
    let opened = try SearchIndex.open(at: path)
    #expect(opened.schema == Self.schema)
    #expect(opened.analyzer.identity == WhitespaceAnalyzer().identity)
    #expect(try keys("Some", in: opened) == ["1"])
    #expect(try opened.statistics().documentCount == 1)
    #expect(try opened.statistics().sizeInBytes > 0)

    let again = #expect(throws: IndexError.self) {
      try SearchIndex.create(at: path, schema: Self.schema)
    }
    #expect(again?.code == .alreadyExists)
    let other = #expect(throws: IndexError.self) {
      try SearchIndex.open(at: path, analyzer: StandardAnalyzer())
    }
    #expect(other?.code == .analyzerMismatch)
    let missing = #expect(throws: IndexError.self) {
      try SearchIndex.open(at: folder.path + "/no.index")
    }
    #expect(missing?.code == .notFound)
  }

  @Test func `an index of another analyzer is replaced while its readers go on`() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/news.index"
    let old = try SearchIndex.create(
      at: path, schema: Self.schema, analyzer: WhitespaceAnalyzer())
    try old.write { try $0.update(document("1", "T", "Some words")) }
    let reader = try old.searcher()
    let new = try SearchIndex.replace(
      at: path, schema: nil, configuration: nil, fallback: Schema(.text("other")))
    #expect(new.schema == Self.schema)
    #expect(new.analyzer.identity == PersianAnalyzer().identity)
    #expect(try new.searcher().documentCount == 0)
    try new.write { try $0.update(document("2", "T", "other words")) }
    #expect(try keys("words", in: SearchIndex.open(at: path)) == ["2"])
    #expect(try reader.search("Some", limit: 10).map(\.key.text) == ["1"])
  }
}
