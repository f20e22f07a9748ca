// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Several indexes: searched as one, merged, ranked apart, exported and taken in again.
struct CollectionTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let words = ["کتاب", "تاریخ", "شهر", "دریا", "کوه", "باغ"]
    var all = ""
    for part in ["a", "b"] {
      var records = ""
      for number in 0..<40 {
        let text = (0..<(3 + number % 7)).map { words[(number * 5 + $0 * $0) % 6] }
        records +=
          "{\"id\":\"\(part)\(100 + number)\",\"title\":\"\(words[number % 6])\","
          + "\"text\":\"\(text.joined(separator: " "))\"}\n"
      }
      all += records
      let made = try Tool.run(["index", "--index", part, "-"], in: folder, input: records)
      try #require(made.status == 0)
    }
    let made = try Tool.run(["index", "--index", "whole", "-"], in: folder, input: all)
    try #require(made.status == 0)
    try folder.write("queries", "1\tکتاب تاریخ\n2\tباغ\n3\tدریا کوه شهر\n")
  }

  private func answers(_ options: String...) throws -> [String] {
    let result = try Tool.run(
      ["query", "--queries", "queries", "--format", "trec", "--limit", "100"] + options,
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return result.lines
  }

  @Test func `several indexes answer as one, and so does what they are merged into`() throws {
    let expected = try answers("--index", "whole")
    #expect(expected.count > 60)
    #expect(try answers("--index", "a", "--index", "b") == expected)
    let merged = try Tool.run(["merge", "a", "b", "--into", "c"], in: folder)
    #expect(merged.status == 0)
    #expect(try answers("--index", "c") == expected)
    let again = try Tool.run(["merge", "a", "b", "--into", "c"], in: folder)
    #expect(again.status == 2)
    #expect(try Tool.run(["merge", "a", "nowhere", "--into", "e"], in: folder).status == 2)
    #expect(folder.names("e").isEmpty)
  }

  @Test func `a merge keeps the last document of a key and none that is deleted`() throws {
    let record = #"{"id":"a100","title":"نو","text":"بازنویسی"}"#
    #expect(try Tool.run(["index", "--index", "b", "-"], in: folder, input: record).status == 0)
    #expect(try Tool.run(["delete", "--index", "b", "b100"], in: folder).status == 0)
    #expect(try Tool.run(["merge", "a", "b", "--into", "c"], in: folder).status == 0)
    let info = try Tool.run(["info", "--index", "c", "--json"], in: folder)
    #expect(info.output.contains("\"documentCount\":79,"))
    #expect(try Tool.run(["inspect", "--index", "c", "b100"], in: folder).status == 1)
    let replaced = try Tool.run(["inspect", "--index", "c", "a100"], in: folder)
    #expect(replaced.output.contains("بازنویسی"))
  }

  /// The hits that whoever joins the parts makes of what they print.
  private func joined(_ parts: [Tool.Result], query: String, limit: Int) -> [(String, Double)] {
    func member(_ name: String, _ line: String) -> String {
      let rest = line.split(separator: "\"\(name)\":", maxSplits: 1).last ?? ""
      return String(rest.drop { $0 == "\"" }.prefix { $0 != "," && $0 != "\"" && $0 != "}" })
    }
    var hits = parts.flatMap(\.lines).filter { member("query", $0) == query }.map {
      (
        key: member("key", $0), score: Double(member("score", $0)) ?? .nan,
        base: Double(member("baseScore", $0)) ?? .nan
      )
    }
    hits.sort { $0.base != $1.base ? $0.base > $1.base : $0.key < $1.key }
    let told = hits.prefix(32).sorted {
      $0.score != $1.score ? $0.score > $1.score : $0.key < $1.key
    }
    return (told.map { ($0.key, $0.score) } + hits.dropFirst(32).map { ($0.key, $0.base) })
      .prefix(limit).map(\.self)
  }

  @Test func `parts that live apart rank as one by the sum of their statistics`() throws {
    for part in ["a", "b"] {
      let known = try Tool.run(
        ["statistics", "--index", part, "--queries", "queries"], in: folder)
      #expect(known.status == 0)
      try folder.write(part + ".json", known.output)
    }
    let sum = try Tool.run(["statistics", "a.json", "b.json"], in: folder)
    #expect(sum.status == 0)
    try folder.write("all.json", sum.output)
    let parts = try ["a", "b"].map {
      try Tool.run(
        [
          "query", "--index", $0, "--queries", "queries", "--statistics", "all.json", "--json",
          "--limit", "5",
        ], in: folder)
    }
    let whole = try Tool.run(
      ["query", "--index", "whole", "--queries", "queries", "--format", "trec", "--limit", "5"],
      in: folder)
    for query in ["1", "2", "3"] {
      let expected = whole.lines.filter { $0.hasPrefix(query + " ") }.map { line in
        let columns = line.split(separator: " ")
        return "\(columns[2]) \(columns[4])"
      }
      #expect(expected.count == 5)
      #expect(joined(parts, query: query, limit: 5).map { "\($0.0) \($0.1)" } == expected)
    }
    // What cannot be among the best has its scores and nothing else.
    let lines = parts.flatMap(\.lines)
    #expect(lines.contains { !$0.contains("\"snippet\"") })
    #expect(lines.filter { $0.contains("\"snippet\"") }.count >= 30)
    let other = try Tool.run(
      ["query", "--index", "a", "--statistics", "all.json", "نان"], in: folder)
    #expect(other.status == 2)
    #expect(other.errors.contains("gather them for this query"))
  }

  @Test func `bad statistics and queries are refused with their place`() throws {
    try folder.write("bad.json", "{\"type\":\"statistics\"}")
    let result = try Tool.run(
      ["query", "--index", "a", "--statistics", "bad.json", "x"], in: folder)
    #expect(result.status == 2)
    #expect(result.errors.contains("bad.json: "))
    #expect(try Tool.run(["statistics", "none.json"], in: folder).status == 2)
    #expect(try Tool.run(["statistics"], in: folder).status == 2)
  }

  /// Exports a CIFF file of the whole index and makes an index of it.
  private func copy(_ name: String, exporting: [String] = [], importing: [String] = []) throws {
    let written = try Tool.start(
      ["export", "--index", "whole", "--format", "ciff"] + exporting, in: folder.path,
      input: Tool.reading("/dev/null"), output: Tool.writing(folder.path + "/\(name).ciff"),
      errors: Tool.writing(folder.path + "/errors"))
    #expect(Tool.wait(for: written).status == 0)
    let errors = try TemporaryFolder.bytes(folder.path + "/errors")
    #expect(String(decoding: errors, as: UTF8.self).contains("--text-field title"))
    let made = try Tool.run(["import", "--index", name, "\(name).ciff"] + importing, in: folder)
    #expect(made.status == 0, "\(made.errors)")
  }

  @Test func `a CIFF file is taken in again and answers alike`() throws {
    try copy("again")
    try copy("plain", exporting: ["--plain"], importing: ["--analyzer", "persian"])
    let options = ["query", "--format", "trec", "-n", "20"]
    // Titles and places do not travel, so the same is asked of the text alone.
    for words in ["باغ دریا", "\"کتاب تاریخ\"", "کتابتاریخ", "شهرها"] {
      let here = try Tool.run(options + ["--index", "whole", "text:(\(words))"], in: folder)
      let there = try Tool.run(options + ["--index", "again", words], in: folder)
      #expect(here.status == 0)
      #expect(there.output == here.output)
    }
    let byTerms = options + ["--ranking", "rescored=0"]
    let here = try Tool.run(byTerms + ["--index", "whole", "text:(باغ دریا)"], in: folder)
    let there = try Tool.run(byTerms + ["--index", "plain", "باغ دریا"], in: folder)
    #expect(here.status == 0)
    #expect(there.output == here.output)
    let bytes = try TemporaryFolder.bytes(folder.path + "/again.ciff")
    try folder.write("half.ciff", bytes: Array(bytes.prefix(bytes.count / 2)))
    for (name, reason) in [("half", "half.ciff: "), ("none", "none.ciff: ")] {
      let bad = try Tool.run(["import", "--index", name, "\(name).ciff"], in: folder)
      #expect(bad.status == 2)
      #expect(bad.errors.contains(reason))
      #expect(!bad.errors.contains("searchctl index"))
      #expect(try Tool.run(["info", "--index", name], in: folder).status == 2)
    }
  }

  @Test func `a CIFF file of another version's analyzer is taken where the user says so`() throws {
    try copy("again")
    var bytes = try TemporaryFolder.bytes(folder.path + "/again.ciff")
    let name = try #require(bytes.firstRange(of: Array("persian/".utf8)))
    bytes[name.upperBound] = UInt8(ascii: "0")
    try folder.write("older.ciff", bytes: bytes)
    let refused = try Tool.run(["import", "--index", "older", "older.ciff"], in: folder)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("older.ciff: "))
    #expect(refused.errors.contains("--analyzer persian"))
    let taken = try Tool.run(
      ["import", "--index", "older", "--analyzer", "persian", "older.ciff"], in: folder)
    #expect(taken.status == 0, "\(taken.errors)")
  }

  @Test(arguments: [
    ["query", "--json", "کتاب تاریخ شهر دریا"], ["export"], ["terms", "--limit", "0"],
  ])
  func `a closed pipe ends every long output quietly`(words: [String]) throws {
    let ends = try Tool.makePipe()
    let process = try Tool.start(
      words + ["--index", "whole"], in: folder.path, input: Tool.reading("/dev/null"),
      output: ends.write, errors: Tool.writing(folder.path + "/errors"))
    close(ends.read)
    let (status, signal) = Tool.wait(for: process)
    #expect(status == 0)
    #expect(signal == nil)
    #expect(!(try folder.read("errors").contains("searchctl:")))
  }
}
