// SPDX-License-Identifier: Apache-2.0

import Testing

struct ResultsTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let records = """
      {"id":"a","title":"بازی","text":"فوتبال در شیراز باران","date":"1399/08/28","group":"ورزش","views":"7"}
      {"id":"b","title":"بازی","text":"فوتبال در تبریز برف","date":"1400/01/01","group":"ورزش","views":"30"}
      {"id":"c","title":"بازار","text":"فوتبال و بازار شیراز باران","date":"1400/01/20","group":"اقتصاد"}
      {"id":"d","title":"هوا","text":"باران در شیراز و تبریز برف بازی","group":"هوا","views":"12"}
      """
    let result = try Tool.run(
      ["index", "--field", "group:keyword", "--field", "views:integer", "-"], in: folder,
      input: records)
    try #require(result.status == 0)
  }

  private func query(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["query"] + arguments, in: folder)
  }

  private func keys(_ result: Tool.Result) -> [String] {
    result.lines.filter { $0.hasPrefix("{\"type\":\"hit\"") }.compactMap {
      $0.split(separator: "\"key\":\"").last?.split(separator: "\"").first.map(String.init)
    }
  }

  // MARK: Exports

  @Test func `bulk lines are an action and a document with its terms for other engines`() throws {
    let long = String(repeating: "ن", count: 300)
    let more = try Tool.run(
      ["index", "-"], in: folder,
      input: "{\"id\":\"e\",\"text\":\"کتاب‌ها را می‌خوانیم\"}\n{\"id\":\"\(long)\",\"text\":\"x\"}\n"
    )
    try #require(more.status == 0)
    let lines = try Tool.run(
      ["export", "--format", "bulk", "--index-name", "news"], in: folder
    ).lines
    #expect(lines.count == 12)
    let place = try #require(
      lines.firstIndex(of: "{\"index\":{\"_index\":\"news\",\"_id\":\"e\"}}"))
    #expect(lines[place + 1].contains("\"text\":\"کتاب‌ها را می‌خوانیم\""))
    let terms = try Tool.run(["analyze", "--terms", "کتاب‌ها را می‌خوانیم"], in: folder).output
    let joined = terms.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(lines[place + 1].contains("\"text_terms\":\"\(joined)\""))
    // The engines take identifiers of 512 bytes at most; the whole key is in the document.
    let shortened = try #require(lines.first { $0.hasPrefix("{\"index\"") && $0.contains("نن") })
    #expect(shortened.utf8.count < 560)
    #expect(lines.contains { $0.contains("\"id\":\"\(long)\"") })
    let mapping = try Tool.run(["export", "--format", "mapping"], in: folder).output
    #expect(mapping.contains("\"text_terms\":{\"type\":\"text\",\"analyzer\":\"whitespace\"}"))
    #expect(mapping.contains("\"views\":{\"type\":\"long\"}"))
  }

  @Test func `a list in a keyword field is exported as a list and taken in again as it was`() throws
  {
    let lines = """
      {"id":"la","text":"x","group":["ورزش","علم"]}
      {"id":"lb","text":"x","group":["","علم"]}
      {"id":"lc","text":"x\\ny","group":"علم"}

      """
    try #require(try Tool.run(["index", "-"], in: folder, input: lines).status == 0)
    for format in ["bulk", "jsonl"] {
      let output = try Tool.run(["export", "--format", format], in: folder).output
      #expect(output.contains(#""group":["ورزش","علم"]"#))
      #expect(output.contains(#""group":["","علم"]"#))
      #expect(output.contains(#""group":"علم""#))
      #expect(output.contains(#""text":"x\ny""#))
    }
    let exported = try Tool.run(["export"], in: folder).output
    let again = ["--index", "again"]
    let fields = ["--field", "group:keyword", "--field", "views:integer"]
    let taken = try Tool.run(["index", "-"] + again + fields, in: folder, input: exported)
    try #require(taken.status == 0)
    #expect(try Tool.run(["export"] + again, in: folder).output == exported)
  }

  // MARK: Facets

  @Test func `matches are counted by the values of a keyword field`() throws {
    let result = try query("--facet", "group", "-n", "1", "فوتبال")
    #expect(result.status == 0)
    #expect(result.output.contains("by group:\n   2\tورزش\n   1\tاقتصاد\n\n"))
  }

  @Test func `matches are counted by Jalali months, years, and Gregorian ones where asked`() throws
  {
    let result = try query(
      "--json", "-n", "0", "--facet", "published", "--facet", "published:year", "--facet",
      "published:month:gregorian", "فوتبال")
    #expect(
      result.lines.dropLast() == [
        #"{"type":"facet","field":"published","value":"1399/08","year":1399,"month":8,"count":1}"#,
        #"{"type":"facet","field":"published","value":"1400/01","year":1400,"month":1,"count":2}"#,
        #"{"type":"facet","field":"published","value":"1399","year":1399,"count":1}"#,
        #"{"type":"facet","field":"published","value":"1400","year":1400,"count":2}"#,
        #"{"type":"facet","field":"published","value":"2020/11","year":2020,"month":11,"count":1}"#,
        #"{"type":"facet","field":"published","value":"2021/03","year":2021,"month":3,"count":1}"#,
        #"{"type":"facet","field":"published","value":"2021/04","year":2021,"month":4,"count":1}"#,
      ])
  }

  @Test(arguments: ["title", "nothing", "published:week", "group:year"])
  func `a facet that cannot be counted is an error`(facet: String) throws {
    let result = try query("--facet", facet, "فوتبال")
    #expect(result.status == 2)
    #expect(result.errors.contains("searchctl: --facet"))
  }

  // MARK: Order

  @Test func `hits come in the order of a field, those without a value last`() throws {
    #expect(keys(try query("--json", "--sort", "views", "شیراز تبریز")) == ["a", "d", "b", "c"])
    #expect(
      keys(try query("--json", "--sort", "views:desc", "شیراز تبریز")) == ["b", "d", "a", "c"])
    #expect(
      keys(try query("--json", "--sort=published:desc", "-n", "2", "فوتبال")) == ["c", "b"])
    #expect(
      keys(try query("--json", "--sort", "published:asc", "--offset", "1", "فوتبال")) == ["b", "c"])
    let opened = try query("--sort", "published:desc", "--open", "1", "فوتبال")
    #expect(opened.output.hasPrefix("c\n"))
  }

  @Test(arguments: ["title", "views:up", "", "views:asc:desc"])
  func `an order that is none is an error`(order: String) throws {
    #expect(try query("--sort", order, "فوتبال").status == 2)
  }

  @Test func `the next page goes on where the last one ended`() throws {
    let first = try query("--json", "-n", "2", "شیراز تبریز")
    let token = try #require(
      first.lines.last?.split(separator: "\"nextPage\":\"").last?.split(separator: "\"").first)
    let records = #"{"id":"new","title":"شیراز شیراز","text":"شیراز تبریز شیراز"}"#
    #expect(try Tool.run(["index", "-"], in: folder, input: records).status == 0)
    let second = try query("--json", "--after", String(token), "شیراز تبریز")
    #expect(Set(keys(first) + keys(second)) == ["a", "b", "c", "d"])
    #expect(keys(second).count == 2)
    #expect(try query("--after", "nonsense", "شیراز").status == 2)
  }

  // MARK: Explanations

  @Test func `the numbers of an explanation add up to the score`() throws {
    let result = try query("--explain", "-n", "1", "فوتبال شیراز")
    let lines = result.output.split(separator: "\n").map(String.init)
    let tree = lines.filter { $0.contains(" = ") }
    func value(_ line: String) -> Double? {
      line.split(separator: " = ").first.flatMap { Double($0.drop { $0 == " " }) }
    }
    func depth(_ line: String) -> Int { line.prefix { $0 == " " }.count }
    let root = try #require(tree.first)
    #expect(depth(root) == 3)
    let score = try #require(lines.first?.split(separator: " ").dropFirst().first)
    #expect(abs(try #require(value(root)) - (try #require(Double(score)))) < 0.006)
    let parts = tree.filter { depth($0) == 5 }
    #expect(parts.count > 1)
    #expect(
      abs(parts.reduce(0) { $0 + (value($1) ?? 0) } - (try #require(value(root)))) < 1e-4)
    #expect(tree.contains { depth($0) >= 7 })
    let json = try query("--explain", "--json", "-n", "1", "فوتبال شیراز")
    #expect(json.lines.first?.contains(#""explanation":{"score":"#) == true)
    #expect(json.lines.first?.contains(#""parts":[{"score":"#) == true)
  }

  @Test func `options that do not go together are refused`() throws {
    for words in [
      ["--format", "trec", "--facet", "group"], ["--format", "trec", "--explain"],
      ["--sort", "views", "--explain"], ["--sort", "views", "--after", "1-1-1"],
    ] {
      let result = try Tool.run(["query"] + words + ["فوتبال"], in: folder)
      #expect(result.status == 2, "\(words)")
      #expect(result.errors.contains("does not go with"), "\(words)")
    }
  }

  // MARK: Similar documents

  @Test func `the documents most like one are found without it`() throws {
    let result = try Tool.run(["similar", "--json", "a"], in: folder)
    #expect(result.status == 0)
    #expect(Set(keys(result)) == ["b", "c", "d"])
    #expect(result.lines.first?.hasPrefix(#"{"type":"hit","rank":1,"#) == true)
    #expect(result.lines.last?.hasPrefix(#"{"type":"summary","formatVersion":1,"hits":"#) == true)
    let text = try Tool.run(["similar", "-n", "1", "a"], in: folder)
    #expect(text.output.hasPrefix("1. "))
  }

  @Test func `a file is like others by the path one calls it by`() throws {
    try folder.write("d/one.txt", "زلزله در کرمان\nزلزله کرمان را لرزاند")
    try folder.write("d/two.txt", "کرمان\nپس از زلزله کرمان")
    #expect(try Tool.run(["index", "d"], in: folder).status == 0)
    let below = TemporaryFolder(borrowing: folder.path + "/d")
    let result = try Tool.run(["similar", "one.txt"], in: below)
    #expect(result.status == 0)
    #expect(result.output.contains("two.txt"))
  }

  @Test func `an unknown key is an error and a document like no other the status 1`() throws {
    let unknown = try Tool.run(["similar", "zzz"], in: folder)
    #expect(unknown.status == 2)
    #expect(unknown.errors.contains("there is no document 'zzz'"))
    let records = #"{"id":"lone","title":"x","text":"qwxzv"}"#
    #expect(try Tool.run(["index", "-"], in: folder, input: records).status == 0)
    #expect(try Tool.run(["similar", "lone"], in: folder).status == 1)
  }
}
