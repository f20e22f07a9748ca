// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Hits that are nearly the same as better ones.
struct CollapsingTests {
  private static let report =
    "به گزارش خبرگزاری، اتحادیه‌های تعاونی استان در نشست دیروز برنامه‌های تازهٔ خود را برای "
    + "گسترش مسکن کارگران، آموزش اعضا و فروش مستقیم کالا به مردم اعلام کردند و از دولت خواستند که "
    + "وام‌های کم‌بهره را زودتر بپردازد؛ رئیس اتحادیه گفت که بیست هزار خانوار در نوبت‌اند."

  private static func searcher() throws -> Searcher {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("title"), .text("body"), .integer("number")))
    // The same report with another headline, without half-spaces, and with a sentence more.
    let spaced = String(report.map { $0 == "\u{200C}" ? " " : $0 })
    let texts = [
      ("یک", "نشست تعاونی", report), ("دو", "خبر تعاونی", spaced),
      ("سه", "تعاونی", report + " این خبر در حال تکمیل است."),
      (
        "چهار", "تعاونی",
        "شرکت تعاونی روستا محصول گندم امسال را به سیلو تحویل داد و سود آن را بخش کرد"
      ),
    ]
    try index.write { writer in
      for (number, text) in texts.enumerated() {
        try writer.add(
          Document(
            key: DocumentKey(text.0),
            [
              "title": .text(text.1), "body": .text(text.2), "number": .integer(Int64(number)),
            ]))
      }
    }
    return try index.searcher()
  }

  private static func options(
    _ resemblance: Double?, limit: Int = 10, offset: Int = 0
  ) -> SearchOptions {
    var options = SearchOptions(limit: limit, offset: offset)
    options.collapsedResemblance = resemblance
    return options
  }

  @Test
  func `گزارشی که چند بار آمده یک بار نشان داده می‌شود`() throws {
    let searcher = try Self.searcher()
    let all = try searcher.search(.words("تعاونی"), options: Self.options(nil))
    #expect(all.count == 4)
    #expect(all.allSatisfy { $0.duplicates.isEmpty })
    let found = try searcher.search(.words("تعاونی"), options: Self.options(0.6))
    #expect(found.count == 2)
    #expect(found.map(\.rank) == [1, 2])
    let report = try #require(found.first { $0.key.text != "چهار" })
    #expect(
      Set(report.duplicates.map(\.text) + [report.key.text]) == ["یک", "دو", "سه"])
    #expect(found.first { $0.key.text == "چهار" }?.duplicates.isEmpty == true)
    // The best of those that are the same stays.
    let places = all.filter { $0.key.text != "چهار" }
    #expect(places.first?.key == report.key)
    #expect(try searcher.best(.words("تعاونی"), options: Self.options(0.6)).documents.count == 2)
  }

  @Test
  func `pages count the hits that stay, totals all of them`() throws {
    let searcher = try Self.searcher()
    var options = Self.options(0.6, limit: 1)
    options.countsAll = true
    let first = try searcher.search(.words("تعاونی"), options: options)
    options.offset = 1
    let second = try searcher.search(.words("تعاونی"), options: options)
    options.offset = 2
    let third = try searcher.search(.words("تعاونی"), options: options)
    #expect(first.count == 1 && second.count == 1 && third.isEmpty)
    #expect(first.totalCount == 4)
    #expect(first.first?.key != second.first?.key)
    #expect(second.first?.rank == 2)
    #expect(first.nextPage == nil)
  }

  @Test
  func `in the order of a field the first of those that are the same stays`() throws {
    let searcher = try Self.searcher()
    var options = Self.options(0.6)
    options.sort = SortOrder(by: "number", isDescending: true)
    let found = try searcher.search(.words("تعاونی"), options: options)
    #expect(found.map(\.key.text) == ["چهار", "سه"])
    #expect(found.last?.duplicates.map(\.text) == ["دو", "یک"])
  }

  @Test(arguments: [0, -1, 1.5, Double.nan])
  func `an impossible resemblance is an error`(resemblance: Double) throws {
    let searcher = try Self.searcher()
    let error = #expect(throws: IndexError.self) {
      try searcher.search(.words("تعاونی"), options: Self.options(resemblance))
    }
    #expect(error?.code == .invalidArgument)
  }

  @Test
  func `many hits that are all the same are one`() throws {
    let index = try SearchIndex.inMemory(schema: Schema(.text("body")))
    try index.write { writer in
      for number in 0..<300 {
        try writer.add(Document(key: DocumentKey("\(number)"), ["body": .text(Self.report)]))
      }
      try writer.add(Document(key: "other", ["body": "تعاونی"]))
    }
    let searcher = try index.searcher()
    let found = try searcher.search(.words("تعاونی"), options: Self.options(1, limit: 5))
    #expect(found.count == 2)
    #expect(found.map(\.duplicates.count).sorted() == [0, 299])
  }
}
