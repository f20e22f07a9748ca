// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct RankingTests {
  private func searcher(_ texts: [String], commitEvery step: Int = .max) throws -> Searcher {
    try TextIndex.searcher(texts, commitEvery: step)
  }

  private func order(_ searcher: Searcher, _ text: String, _ ranking: Ranking = Ranking()) throws
    -> [String]
  {
    var options = SearchOptions(limit: 100)
    options.ranking = ranking
    return try searcher.search(.words(text), options: options).map(\.key.text)
  }

  @Test func `نوشتهٔ همان‌گونه بالاتر از صرف‌شدهٔ دیگر است`() throws {
    let searcher = try searcher(["کتاب‌هایم خوب", "کتابم خوب", "کتاب‌ها خوب"])
    #expect(try order(searcher, "کتابم").first == "1")
    #expect(try order(searcher, "کتاب ها").first == "2")
    var ranking = Ranking()
    ranking.writtenFormWeight = 0
    #expect(try order(searcher, "کتابم", ranking).first == "0")
  }

  @Test func `neighbours of the query count where they stand together`() throws {
    let filler = "یک متن دیگر که چیزی در آن نیست و تنها جا می‌گیرد تا دور شوند"
    let searcher = try searcher([
      "تاریخ \(filler) ایران", "ایران تاریخ \(filler)", "تاریخ ایران \(filler)",
    ])
    #expect(try order(searcher, "تاریخ ایران") == ["2", "1", "0"])
  }

  @Test func `نوشته‌ای که با واژه آغاز می‌شود بالاتر است`() throws {
    let filler = "یک متن دیگر که چیزی در آن نیست و تنها جا می‌گیرد تا دور شوند"
    let searcher = try searcher(["\(filler) تعاونی", "تعاونی \(filler)"])
    #expect(try order(searcher, "تعاونی") == ["1", "0"])
    var ranking = Ranking()
    ranking.openingWeight = 0
    #expect(try order(searcher, "تعاونی", ranking) == ["0", "1"])
  }

  @Test func `the field where a word stands first decides how early it stands`() throws {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("title"), .text("body")), analyzer: PersianAnalyzer())
    let filler = "یک متن دیگر که چیزی در آن نیست و تنها جا می‌گیرد تا دور شوند"
    try index.write { writer in
      try writer.add(
        Document(key: "late", ["title": .text("\(filler) ایران"), "body": "هنر ایران"]))
      try writer.add(
        Document(key: "early", ["title": .text("\(filler) ایران"), "body": "ایران هنر"]))
    }
    let searcher = try index.searcher()
    let hits = try searcher.search(.words("ایران"))
    #expect(hits.map(\.key.text) == ["early", "late"])
    // Early is at once, late after one place of the seven in which the half is lost.
    let weight = 0.4 * naturalLogarithm(1 + 0.5 / 2.5)
    #expect(abs((hits[0].score - hits[1].score) - weight * (1 - 7.0 / 8)) < 1e-5)
  }

  @Test func `the best are told apart alike whatever the page and the segments`() throws {
    var generator = SeededGenerator(seed: 5)
    let words = ["کتاب", "کتاب‌ها", "تاریخ", "هنر", "هنری", "ایران", "جنگ", "به", "از"]
    let texts = (0..<200).map { _ in
      (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        words.randomElement(using: &generator) ?? ""
      }.joined(separator: " ")
    }
    let one = try searcher(texts)
    let many = try searcher(texts, commitEvery: 23)
    let query = Query.words("کتاب‌های تاریخ ایران")
    for count in [0, 1, 10, 32, 1_000] {
      var options = SearchOptions(limit: 1_000)
      options.ranking.rescoredCount = count
      let whole = try one.search(query, options: options)
      let other = try many.search(query, options: options)
      #expect(whole.map(\.key) == other.map(\.key))
      #expect(whole.map(\.score) == other.map(\.score))
      #expect(zip(whole, whole.dropFirst()).allSatisfy { $0.score >= $1.score })
      options.limit = 9
      options.offset = 4
      #expect(
        try many.search(query, options: options).map(\.key)
          == whole.dropFirst(4).prefix(9).map(\.key))
    }
  }

  @Test func `جمع توضیح با امتیاز یکی است`() throws {
    let searcher = try searcher([
      "کتاب‌های تاریخ ایران", "تاریخ کتاب", "ایران و تاریخ هنر", "نرم‌افزار تاریخ", "هنر",
    ])
    let query = Query.words("کتابهای تاریخ ایران نرم‌افزار")
    for hit in try searcher.search(query, options: SearchOptions(limit: 10)) {
      let explanation = try #require(try searcher.explain(query, document: hit.key))
      #expect(abs(Double(explanation.score) - hit.score) < 1e-4)
      let sum = explanation.parts.reduce(0) { $0 + $1.score }
      #expect(abs(sum - explanation.score) < 1e-4)
    }
    #expect(try searcher.explain(query, document: "4") == nil)
    #expect(try searcher.explain(query, document: "99") == nil)
  }

  @Test func `واژه‌هایی که نمایه پیوسته یا جدا دارد یافت می‌شوند`() throws {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("body")), analyzer: PersianAnalyzer())
    try index.write { writer in
      try writer.add(Document(key: "joined", ["body": "دغلوزپاخیلز سبز"]))
      try writer.add(Document(key: "apart", ["body": "دغلوز پاخیلز"]))
      try writer.add(Document(key: "far", ["body": "دغلوز در پاخیلز"]))
    }
    let searcher = try index.searcher()
    func keys(_ query: Query) throws -> Set<String> {
      Set(try searcher.search(query).map(\.key.text))
    }
    #expect(try keys(.phrase("دغلوز پاخیلز")) == ["joined", "apart"])
    #expect(try keys(.words("دغلوز پاخیلز")) == ["joined", "apart", "far"])
    #expect(try keys(.words("دغلوزپاخیلز")) == ["joined"])
    let parts = try SearchIndex.inMemory(
      schema: Schema(.text("body")), analyzer: PersianAnalyzer())
    try parts.write { writer in
      try writer.add(Document(key: "apart", ["body": "دغلوز پاخیلز"]))
      try writer.add(Document(key: "far", ["body": "دغلوز در پاخیلز"]))
    }
    #expect(try parts.searcher().search(.words("دغلوزپاخیلز")).map(\.key.text) == ["apart"])
  }

  @Test func `واژه‌ای که نیست نزدیک‌هایش را بالاتر می‌برد`() throws {
    let searcher = try searcher(["اقتصاد کره", "اقتصاد شهر", "اقتصاد افتتاح", "افتتاح شهر"])
    var ranking = Ranking()
    let query = "اقتصاد اففتاح"
    #expect(try order(searcher, query) == ["2", "0", "1"])
    let explanation = try searcher.explain(.words(query), document: "2")
    let hit = try searcher.search(.words(query)).first { $0.key == "2" }
    #expect(abs(Double(explanation?.score ?? 0) - (hit?.score ?? 1)) < 1e-4)
    ranking.slipWeight = 0
    #expect(try order(searcher, query, ranking) == ["0", "1", "2"])
    // Short words are near too much, and the first letter is taken for right.
    #expect(try order(searcher, "اقتصاد شهل") == ["0", "1", "2"])
    #expect(try order(searcher, "اقتصاد ففتتاح") == ["0", "1", "2"])
  }

  @Test func `واژهٔ با نیم‌فاصله پیوسته‌اش را هم می‌یابد`() throws {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("body")), analyzer: PersianAnalyzer())
    try index.write { writer in
      try writer.add(Document(key: "joined", ["body": "دغلوزپاخیلزها آمدند"]))
      try writer.add(Document(key: "apart", ["body": "دغلوز‌پاخیلز آمد"]))
      try writer.add(Document(key: "far", ["body": "دغلوز در پاخیلز"]))
    }
    let searcher = try index.searcher()
    for query in [
      Query.words("دغلوز‌پاخیلز"), .words("دغلوز‌پاخیلزها"), .phrase("دغلوز‌پاخیلز"),
      .words("دغلوز‌پاخیلز سبز"),
    ] {
      #expect(Set(try searcher.search(query).map(\.key.text)) == ["joined", "apart"])
      for hit in try searcher.search(query) {
        let explanation = try #require(try searcher.explain(query, document: hit.key))
        #expect(abs(Double(explanation.score) - hit.score) < 1e-4)
      }
    }
  }
}
