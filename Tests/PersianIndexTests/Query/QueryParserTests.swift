// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct QueryParserTests {
  private let parser = QueryParser(
    schema: Schema(
      .text("title", weight: 2), .text("body"), .keyword("source"), .integer("year"),
      .number("price"), .date("تاریخ"), .stored("raw")))

  private func query(_ text: String) throws -> Query {
    try parser.parseStrictly(text)
  }

  @Test func `واژه‌های پیاپی یک متن می‌مانند`() throws {
    #expect(try query("تعاونی ها و  عمران") == .words("تعاونی ها و  عمران"))
    #expect(try query("چرا آمد؟") == .words("چرا آمد؟"))
    #expect(try query("what?") == .words("what?"))
    #expect(try query("ساعت:17") == .words("ساعت:17"))
    #expect(try query("دو-سه 2020-11-18") == .words("دو-سه 2020-11-18"))
  }

  @Test func `نام فیلدی که نیست واژه است و گزارش می‌شود`() throws {
    #expect(
      parser.parse("سردبیر:کتاب هنر").query
        == .boolean(should: [.words("سردبیر کتاب"), .words("هنر")]))
    for text in ["http://example.org", "گفت: بیا", "a.b:c", "ساعت:17"] {
      #expect(try query(text) == .words(text))
    }
    let problem = parser.parse("کتاب سردبیر:«هنر»").problems.first
    #expect(problem?.offset == 9)
    #expect(problem?.fragment == "سردبیر:")
    let error = #expect(throws: IndexError.self) {
      try parser.parseStrictly("سردبیر:کتاب")
    }
    #expect(error?.code == .invalidQuery)
  }

  @Test func `بعلاوه بایسته و منها نبایسته می‌کند`() throws {
    #expect(
      try query("+کتاب هنر -جنگ")
        == .boolean(must: [.words("کتاب")], should: [.words("هنر")], mustNot: [.words("جنگ")]))
    #expect(try query("-جنگ") == .boolean(must: [.all], mustNot: [.words("جنگ")]))
    #expect(try query("\\+کتاب") == .words("+کتاب"))
  }

  @Test func `operators in words bind tighter than a space`() throws {
    #expect(
      try query("a b AND c")
        == .boolean(should: [.words("a"), .boolean(must: [.words("b"), .words("c")])]))
    #expect(
      try query("a AND (b OR c) AND NOT d")
        == .boolean(
          must: [.words("a"), .boolean(should: [.words("b"), .words("c")])],
          mustNot: [.words("d")]))
    #expect(try query("a OR b") == .boolean(should: [.words("a"), .words("b")]))
    #expect(try query("نان و پنیر") == .words("نان و پنیر"))
  }

  @Test(arguments: ["\"کار و رفاه\"", "«کار و رفاه»", "“کار و رفاه”"])
  func `گیومه عبارت می‌سازد`(text: String) throws {
    #expect(try query(text) == .phrase("کار و رفاه"))
    #expect(try query(text + "~۳") == .phrase("کار و رفاه", slop: 3))
    #expect(try query(text + "^2.5") == .boosted(.phrase("کار و رفاه"), by: 2.5))
  }

  @Test func `الگو، فاصله و وزن`() throws {
    #expect(try query("کتاب*") == .prefix("کتاب"))
    #expect(try query("ک?اب") == .wildcard("ک?اب"))
    #expect(try query("*خانه") == .wildcard("*خانه"))
    #expect(try query("کتاب~") == .fuzzy("کتاب", distance: 2))
    #expect(try query("کتاب~۱") == .fuzzy("کتاب", distance: 1))
    #expect(try query("کتاب^2") == .boosted(.words("کتاب"), by: 2))
    #expect(try query("(a b)^3") == .boosted(.words("a b"), by: 3))
    #expect(try query("*") == .all)
  }

  @Test func `فیلدها از هر گونه`() throws {
    #expect(try query("title:کتاب") == .field("title", .words("کتاب")))
    #expect(try query("title:(کتاب هنر)") == .field("title", .words("کتاب هنر")))
    #expect(try query("title:«کتاب هنر»") == .field("title", .phrase("کتاب هنر")))
    #expect(try query("source:mehr") == .keyword("source", "mehr"))
    #expect(
      try query("year:[۱۰ TO 20]") == .range("year", from: .integer(10), through: .integer(20)))
    #expect(
      try query("year:{10 TO 20}") == .range("year", from: .integer(11), through: .integer(19)))
    #expect(try query("year:>=10") == .range("year", from: .integer(10), through: nil))
    #expect(try query("year:<10") == .range("year", from: nil, through: .integer(9)))
    #expect(
      try query("price:[* TO ۲٫۵]") == .range("price", from: nil, through: .number(2.5)))
    #expect(
      try query("price:3") == .range("price", from: .number(3), through: .number(3)))
  }

  @Test(arguments: [
    "تاریخ:[۱۳۹۹/۰۸/۰۱ TO ۱۳۹۹/۰۸/۳۰]", "تاریخ:1399/08", "تاریخ:«آبان ۱۳۹۹»",
    "تاریخ:[2020-10-22 TO 2020-11-20]", "تاریخ:[«۱ آبان ۱۳۹۹» تا «۳۰ آبان ۱۳۹۹»]",
    "تاریخ:[\"22 October 2020\" TO 1399-08-30]", "تاریخ:{1399/07/30 TO 1399/09/01}",
  ])
  func `تاریخ جلالی و میلادی در یک بازه به هم می‌رسند`(text: String) throws {
    let from = try #require(Timestamp(calendar: .jalali, year: 1399, month: 8, day: 1))
    let through = try #require(
      Timestamp(calendar: .jalali, year: 1399, month: 8, day: 30, second: 86_399))
    #expect(try query(text) == .range("تاریخ", from: .date(from), through: .date(through)))
  }

  @Test(arguments: [
    ("(کتاب", "(", 0), ("کتاب)", ")", 8), ("کتاب AND", "AND", 9), ("OR کتاب", "OR", 0),
    ("\"کتاب", "\"کتاب", 0), ("year:ده", "year:ده", 0), ("raw:x", "raw:x", 0),
    ("کتاب~9", "کتاب~9", 0), ("کتاب^x", "کتاب^x", 0), ("year:[1 TO", "year:[1 TO", 0),
    ("year:(1 2)", "year:(", 0),
  ])
  func `says what it could not understand and where`(text: String, fragment: String, offset: Int) {
    let problem = parser.parse(text).problems.first
    #expect(problem?.fragment == fragment)
    #expect(problem?.offset == offset)
    #expect(throws: IndexError.self) { try parser.parseStrictly(text) }
  }

  @Test func `a text without words matches nothing`() throws {
    #expect(try query("") == .boolean())
    #expect(try query("   ") == .boolean())
  }

  @Test func `any text is parsed without a trap, however deep or odd`() {
    var generator = SeededGenerator(seed: 7)
    let pieces = [
      "(", ")", "\"", "«", "»", "+", "-", "AND", "OR", "NOT", " ", "~", "^", "*", "?", ":", "\\",
      "title:", "year:", "تاریخ:", "[", "]", "{", "}", "TO", "کتاب", "۱۲", "1399/8", "\u{200C}",
      "\u{202E}", "\0", "é", "👩‍👩‍👧", "9999999999999999999", ">=", ".",
    ]
    for _ in 0..<3_000 {
      let count = Int.random(in: 0...24, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      let parsed = parser.parse(text)
      for problem in parsed.problems {
        #expect((0...text.utf8.count).contains(problem.offset))
      }
    }
    _ = parser.parse(String(repeating: "(", count: 100_000))
    _ = parser.parse(String(repeating: "+-", count: 100_000) + "a")
    _ = parser.parse(String(repeating: "NOT ", count: 50_000) + "a")
    #expect(
      parser.parse(String(repeating: "(", count: 100)).problems.contains {
        $0.message.contains("deep")
      })
  }
}
