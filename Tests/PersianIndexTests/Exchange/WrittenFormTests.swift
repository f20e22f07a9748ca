// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Written forms that equal their terms are not listed; all of them must be found none the less.
struct WrittenFormTests {
  private static let words = [
    "کتاب", "کتاب‌ها", "کتابهای", "کتابش", "مردم", "مرد", "مردها", "می‌رود", "رفت", "رفتند", "خانه",
    "خانه‌ها", "و", "از", "تهران", "بزرگ", "بزرگتر", "وممکن", "۱۳۹۹",
  ]

  private struct Written: Hashable {
    var form: String
    var document: String
  }

  private func texts(seed: UInt64) -> [String] {
    var random = SeededGenerator(seed: seed)
    return (0..<60).map { _ in
      (0..<Int.random(in: 1...12, using: &random)).map { _ in
        Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
      }.joined(separator: " ")
    }
  }

  private func counts(of texts: [String]) -> [String: [String: Int]] {
    var counts: [String: [String: Int]] = [:]
    for (number, text) in texts.enumerated() {
      for token in PersianAnalyzer().tokens(of: text) {
        guard let form = token.writtenForm else { continue }
        counts[form, default: [:]]["\(number)", default: 0] += 1
      }
    }
    return counts
  }

  private func index(_ texts: [String]) throws -> SearchIndex {
    let index = try SearchIndex.inMemory(schema: Schema(.text("body")))
    for half in [0, 1] {
      try index.write { writer in
        for (number, text) in texts.enumerated() where number % 2 == half {
          try writer.add(Document(key: DocumentKey("\(number)"), ["body": .text(text)]))
        }
      }
    }
    return index
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `هر صورت نوشته‌شده با شمار درستش پیدا می‌شود`(seed: UInt64) throws {
    let texts = texts(seed: seed)
    let expected = counts(of: texts)
    let searcher = try index(texts).searcher()
    var found: [String: [String: Int]] = [:]
    var order: [String] = []
    try searcher.forEachTerm(in: "body", form: .writtenForm) { term in
      order.append(term.text)
      var documents: [String: Int] = [:]
      for posting in try term.postings() {
        documents[try searcher.key(at: posting.address).text] = posting.frequency
        #expect(posting.positions.isEmpty)
      }
      #expect(term.occurrenceCount == documents.values.reduce(0, +))
      #expect((1...texts.count).contains(term.documentFrequency))
      found[term.text] = documents
      return true
    }
    #expect(found == expected)
    #expect(order == order.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    for form in expected.keys {
      let term = try searcher.term(form, in: "body", form: .writtenForm)
      #expect(term?.occurrenceCount == expected[form]?.values.reduce(0, +))
    }
    let absent = try searcher.term("کتا", in: "body", form: .writtenForm)
    #expect(absent == nil)
  }

  @Test func `واژگان همان صورت‌های نوشته‌شده است`() throws {
    let texts = texts(seed: 7)
    let vocabulary = try index(texts).searcher().vocabulary()
    let expected = counts(of: texts)
    #expect(vocabulary.count == expected.count)
    for form in expected.keys { #expect(vocabulary.documentCount(of: form) > 0, "\(form)") }
  }

  @Test func `A form tells of documents that have it as a term and of those that do not`() throws {
    let searcher = try index(["کتاب", "کتاب‌ها", "کتاب کتاب‌ها", "خانه"]).searcher()
    let bare = try #require(try searcher.term("کتاب", in: "body", form: .writtenForm))
    #expect(bare.occurrenceCount == 2)
    #expect(try bare.postings().map { try searcher.key(at: $0.address).text } == ["0", "2"])
    let plural = try #require(try searcher.term("کتابها", in: "body", form: .writtenForm))
    #expect(
      try plural.postings().map { try searcher.key(at: $0.address).text }.sorted() == ["1", "2"])
    let first = try searcher.search(.words("کتاب")).hits.first
    #expect(first?.key == "0")
  }

  @Test func `Patterns never meet the keys of what is written otherwise`() throws {
    let searcher = try index(["کتاب‌ها", "خانه"]).searcher()
    #expect(try searcher.count(.wildcard("*تاب")) == 1)
    #expect(try searcher.count(.fuzzy("خانه", distance: 1)) == 1)
    #expect(try searcher.count(.prefix("")) == 2)
  }
}
