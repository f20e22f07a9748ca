// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct ResultsTests {
  private static func searcher(
    _ documents: [(String, [String: FieldValue])], commitEvery step: Int = .max
  ) throws -> Searcher {
    let index = try SearchIndex.inMemory(
      schema: Schema(
        .text("title", weight: 2), .text("body"), .keyword("source"), .date("published"),
        .integer("pages")),
      analyzer: PersianAnalyzer())
    let writer = try index.writer()
    for (number, document) in documents.enumerated() {
      try writer.add(Document(key: DocumentKey(document.0), document.1))
      if number % step == step - 1 { try writer.commit() }
    }
    try writer.commit()
    writer.close()
    return try index.searcher()
  }

  private static func day(_ year: Int, _ month: Int, _ day: Int) throws -> FieldValue {
    .date(try #require(Timestamp(calendar: .jalali, year: year, month: month, day: day)))
  }

  private static func news() throws -> [(String, [String: FieldValue])] {
    [
      ("1", ["body": "کتاب تاریخ ایران", "source": "مهر", "published": try day(1399, 8, 28)]),
      ("2", ["body": "کتاب‌های هنر", "source": "فارس", "published": try day(1399, 8, 1)]),
      ("3", ["body": "تاریخ هنر", "source": "مهر", "published": try day(1400, 1, 1), "pages": 3]),
      ("4", ["body": "کتاب و کتابخانه", "source": "ایرنا", "pages": 7]),
      ("5", ["body": "ورزش", "source": "مهر", "published": try day(1399, 9, 1), "pages": 5]),
    ]
  }

  @Test func `شمارش بر پایهٔ منبع`() throws {
    let searcher = try Self.searcher(try Self.news(), commitEvery: 2)
    let all = try searcher.facets(of: "source")
    #expect(all.map(\.value) == ["مهر", "ایرنا", "فارس"])
    #expect(all.map(\.count) == [3, 1, 1])
    #expect(
      try searcher.facets(of: "source", for: .words("کتاب"), limit: 2).map(\.count) == [1, 1])
    #expect(throws: IndexError.self) { try searcher.facets(of: "body") }
  }

  @Test func `شمارش بر پایهٔ ماه و سال جلالی`() throws {
    let searcher = try Self.searcher(try Self.news(), commitEvery: 2)
    let months = try searcher.dateFacets(of: "published", by: .month)
    #expect(
      months.map { "\($0.year)/\($0.month ?? 0):\($0.count)" } == [
        "1399/8:2", "1399/9:1", "1400/1:1",
      ])
    let years = try searcher.dateFacets(of: "published", by: .year, for: .words("تاریخ"))
    #expect(years.map { "\($0.year):\($0.count)" } == ["1399:1", "1400:1"])
    let gregorian = try searcher.dateFacets(of: "published", by: .year, in: .gregorian)
    #expect(gregorian.map { "\($0.year):\($0.count)" } == ["2020:3", "2021:1"])
  }

  @Test func `مرتب‌سازی بر پایهٔ فیلد، بی‌مقدارها در پایان`() throws {
    let searcher = try Self.searcher(try Self.news(), commitEvery: 2)
    func keys(_ found: [ScoredDocument]) throws -> [String] {
      try found.map { try searcher.key(at: $0.address).text }
    }
    #expect(try keys(searcher.sorted(.all, by: "pages")) == ["3", "5", "4", "1", "2"])
    #expect(
      try keys(searcher.sorted(.all, by: "pages", isDescending: true, limit: 2, offset: 1))
        == ["5", "3"])
    #expect(
      try keys(searcher.sorted(.words("کتاب"), by: "published")) == ["2", "1", "4"])
  }

  @Test func `سندهای همانند یافت می‌شوند و خودش نه`() throws {
    let searcher = try Self.searcher(
      [
        ("a", ["body": "تعاونی توسعه عمران روستا"]), ("b", ["body": "توسعه و عمران شهر"]),
        ("c", ["body": "فوتبال و والیبال"]), ("d", ["body": "تعاونی‌های روستا و توسعه"]),
      ])
    let similar = try searcher.similar(to: "a", limit: 3)
    #expect(similar.map(\.key.text) == ["d", "b"])
    #expect(try searcher.similar(to: "نیست").isEmpty)
  }

  @Test func `برگه‌ها با افزودن سند جابه‌جا نمی‌شوند`() throws {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("body")), analyzer: PersianAnalyzer())
    var generator = SeededGenerator(seed: 11)
    let words = ["کتاب", "تاریخ", "هنر", "ایران", "جنگ"]
    func text() -> String {
      (0..<Int.random(in: 1...9, using: &generator)).map { _ in
        words.randomElement(using: &generator) ?? ""
      }.joined(separator: " ")
    }
    try index.write { writer in
      for number in 0..<300 {
        try writer.add(Document(key: DocumentKey("\(number)"), ["body": .text(text())]))
      }
    }
    let searcher = try index.searcher()
    let query = Query.words("کتاب تاریخ")
    var options = SearchOptions(limit: 1_000)
    let whole = try searcher.search(query, options: options)
    options.limit = 7
    var keys: [DocumentKey] = []
    while true {
      let page = try searcher.search(query, options: options)
      #expect(page.first.map { $0.rank == keys.count + 1 } ?? true)
      keys += page.map(\.key)
      guard let next = page.nextPage else { break }
      options.after = PageToken(text: next.text)
      #expect(options.after == next)
    }
    #expect(keys == whole.map(\.key))
    #expect(PageToken(text: "x") == nil)
    #expect(PageToken(text: "1-2") == nil)

    options.after = nil
    let first = try searcher.search(query, options: options)
    try index.write { writer in
      for number in 300..<320 {
        try writer.add(Document(key: DocumentKey("\(number)"), ["body": "کتاب تاریخ"]))
      }
    }
    options.after = first.nextPage
    let second = try index.searcher().search(query, options: options)
    #expect(second.count == 7)
    #expect(second.allSatisfy { (Int($0.key.text) ?? 999) < 300 })
  }

  @Test func `برگ‌های بعدی با سندهای تازه جابه‌جا نمی‌شوند`() throws {
    let index = try SearchIndex.inMemory(schema: Schema(.text("title"), .text("body")))
    var generator = SeededGenerator(seed: 29)
    let words = ["کتاب", "کتاب‌های", "تاریخ", "ایران", "خوب", "نو", "و"]
    func add(_ range: Range<Int>, _ extra: String) throws {
      try index.write { writer in
        for number in range {
          let text = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
            words[Int.random(in: 0..<words.count, using: &generator)]
          }
          try writer.add(
            Document(
              key: DocumentKey("\(number)"),
              ["title": .text(text[0] + extra), "body": .text(text.joined(separator: " ") + extra)])
          )
        }
      }
    }
    try add(0..<400, "")
    for query in [
      Query.words("کتاب تاریخ"), .words("کتاب‌های ایران و تاریخ نو"), .phrase("کتاب خوب"),
      .boolean(must: [.words("ایران")], should: [.words("کتاب نو")]),
    ] {
      let searcher = try index.searcher()
      let end = try searcher.count(.all)
      var options = SearchOptions(limit: 1_000)
      let whole = try searcher.search(query, options: options)
      options.limit = 9
      var found: [Hit] = []
      var round = 0
      while true {
        let page = try index.searcher().search(query, options: options)
        found += page.hits
        guard let next = page.nextPage else { break }
        options.after = PageToken(text: next.text)
        if round < 3 {
          // Many long documents with the rarest word, so that every statistic changes.
          let first = end + 50 * round
          try add(first..<first + 50, String(repeating: " کتاب تاریخ", count: 40))
        }
        round += 1
      }
      #expect(found.map(\.key) == whole.map(\.key))
      #expect(zip(found, whole).allSatisfy { abs($0.score - $1.score) < 1e-5 })
    }
  }

  @Test func `A token with other numbers than a searcher gave is as good as any`() throws {
    let searcher = try Self.searcher([("a", ["body": "کتاب"]), ("b", ["body": "کتاب خوب"])])
    var options = SearchOptions(limit: 1)
    let token = try #require(try searcher.search(.words("کتاب"), options: options).nextPage)
    let numbers = token.text.split(separator: "-").map(String.init)
    for place in 3..<numbers.count {
      for other in ["0", "1", "3w5e11264sgsf"] {
        var changed = numbers
        changed[place] = other
        options.after = PageToken(text: changed.joined(separator: "-"))
        #expect(options.after != nil)
        #expect(try searcher.search(.words("کتاب"), options: options).count <= 1)
      }
    }
  }

  @Test func `ارزش سند آن را بالا می‌برد و توضیح داده می‌شود`() throws {
    let searcher = try Self.searcher([
      ("plain", ["body": "کتاب خوب"]), ("worthy", ["body": "کتاب خوب", "pages": 100]),
      ("negative", ["body": "کتاب خوب", "pages": -5]),
    ])
    var options = SearchOptions()
    #expect(try searcher.search(.words("کتاب"), options: options).first?.key == "plain")
    options.ranking.documentBoost = DocumentBoost(field: "pages", weight: 0.1)
    let hits = try searcher.search(.words("کتاب"), options: options)
    #expect(hits.map(\.key.text) == ["worthy", "plain", "negative"])
    let explanation = try #require(
      try searcher.explain(.words("کتاب"), document: "worthy", ranking: options.ranking))
    #expect(abs(Double(explanation.score) - hits[0].score) < 1e-4)
    options.ranking.documentBoost = DocumentBoost(field: "body", weight: 1)
    #expect(throws: IndexError.self) { try searcher.search(.words("کتاب"), options: options) }
  }
}
