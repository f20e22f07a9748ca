// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

struct FeedbackTests {
  private func searcher(commitEvery step: Int = .max) throws -> Searcher {
    let texts = [
      "تعاونی مسکن کارگران", "مسکن مهر کارگران", "مسکن باغ ویلا", "تعاونی کارگران شهر",
      "تعاونی کارگران مسکن مهر", "باغ گل", "هنر و موسیقی",
    ]
    return try TextIndex.searcher(texts, commitEvery: step)
  }

  private func options(weight: Float = 0.5, terms: Int = 20) -> SearchOptions {
    var options = SearchOptions(limit: 100)
    options.countsAll = true
    options.ranking.feedback = RelevanceFeedback(
      documentCount: 2, termCount: terms, weight: weight)
    return options
  }

  @Test func `بازخورد سندهای هم‌موضوع را بالا می‌برد و چیزی نمی‌افزاید`() throws {
    let searcher = try searcher()
    let query = Query.words("تعاونی مسکن")
    var plain = SearchOptions(limit: 100)
    plain.countsAll = true
    let before = try searcher.search(query, options: plain)
    let after = try searcher.search(query, options: options())
    #expect(Set(before.map(\.key)) == Set(after.map(\.key)))
    #expect(before.totalCount == after.totalCount)
    // «کارگران», which the best two have, lifts what has it over what has not.
    let keys = after.map(\.key.text)
    #expect(keys.last == "2")
    #expect(after.map(\.score) != before.map(\.score))
    #expect(
      try searcher.search(query, options: options(weight: 0)).map(\.score)
        == before.map(\.score))
  }

  @Test func `an explanation with feedback adds up to the score`() throws {
    let searcher = try searcher()
    let query = Query.words("تعاونی مسکن")
    for hit in try searcher.search(query, options: options()) {
      let explanation = try #require(
        try searcher.explain(query, document: hit.key, ranking: options().ranking))
      #expect(abs(Double(explanation.score) - hit.score) < 1e-4)
      #expect(abs(explanation.parts.reduce(0) { $0 + $1.score } - explanation.score) < 1e-4)
    }
  }

  @Test func `feedback is the same whatever the segments and the page`() throws {
    let (one, many) = (try searcher(), try searcher(commitEvery: 2))
    let query = Query.boolean(
      must: [.words("مسکن")], mustNot: [.words("ویلا")])
    let whole = try one.search(query, options: options())
    #expect(try many.search(query, options: options()).map(\.score) == whole.map(\.score))
    #expect(!whole.map(\.key.text).contains("2"))
    var page = options()
    page.limit = 1
    page.offset = 1
    #expect(try many.search(query, options: page).map(\.key) == [whole[1].key])
    page.offset = 0
    page.after = try many.search(query, options: page).nextPage
    #expect(try many.search(query, options: page).map(\.key) == [whole[1].key])
  }

  @Test func `feedback that cannot be is refused`() throws {
    let searcher = try searcher()
    let query = Query.words("تعاونی")
    for wrong in [options(weight: 1), options(terms: 0)] {
      let error = #expect(throws: IndexError.self) {
        try searcher.search(query, options: wrong)
      }
      #expect(error?.code == .invalidArgument)
    }
    let part = try searcher.ranked(by: searcher.collectionStatistics(for: [query]))
    let error = #expect(throws: IndexError.self) {
      try part.search(query, options: options())
    }
    #expect(error?.code == .invalidArgument)
    #expect(try searcher.search(.words("نیست"), options: options()).isEmpty)
  }
}
