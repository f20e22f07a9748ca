// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

struct IndexedTermTests {
  private func index() throws -> SearchIndex {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("title"), .text("body"), .keyword("kind"), .integer("year")),
      analyzer: WhitespaceAnalyzer())
    for (key, body) in [("a", "آب نان آب"), ("b", "نان"), ("c", "باغ آب")] {
      try index.write {
        try $0.add(
          Document(
            key: DocumentKey(key), ["title": "عنوان", "body": .text(body), "kind": "خبر"]))
      }
    }
    return index
  }

  private func terms(_ searcher: Searcher, _ field: String, from start: String = "") throws
    -> [String]
  {
    var terms: [String] = []
    try searcher.forEachTerm(in: field, from: start) { term in
      terms.append("\(term.text) \(term.documentFrequency) \(term.occurrenceCount)")
      return true
    }
    return terms
  }

  @Test func `The terms of a field come in order, over all segments, with their counts`() throws {
    let searcher = try index().searcher()
    #expect(try terms(searcher, "body") == ["آب 2 3", "باغ 1 1", "نان 2 2"])
    #expect(try terms(searcher, "body", from: "ب") == ["باغ 1 1", "نان 2 2"])
    #expect(try terms(searcher, "kind") == ["خبر 3 3"])
  }

  @Test func `A walk ends when it is told to`() throws {
    var count = 0
    try index().searcher().forEachTerm(in: "body") { _ in
      count += 1
      return count < 2
    }
    #expect(count == 2)
  }

  @Test func `A posting list has the live documents with frequencies and positions`() throws {
    let index = try index()
    try index.write { try $0.delete(key: "c") }
    let searcher = try index.searcher()
    let term = try #require(try searcher.term("آب", in: "body"))
    let postings = try term.postings()
    #expect(postings.map(\.frequency) == [2])
    #expect(postings.map(\.positions) == [[0, 2]])
    #expect(try postings.map { try searcher.key(at: $0.address) } == ["a"])
    #expect(try searcher.term("خبر", in: "kind")?.postings().map(\.positions) == [[], []])
    let absent = try searcher.term("آ", in: "body")
    #expect(absent?.text == nil)
  }

  @Test func `A field without such terms is an error`() throws {
    let searcher = try index().searcher()
    #expect(throws: IndexError.self) { try searcher.forEachTerm(in: "year") { _ in true } }
    #expect(throws: IndexError.self) { try searcher.term("x", in: "absent") }
    #expect(throws: IndexError.self) { try searcher.term("x", in: "kind", form: .writtenForm) }
  }
}
