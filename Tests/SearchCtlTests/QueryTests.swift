// SPDX-License-Identifier: Apache-2.0

import Testing

struct QueryTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("d/یک.txt", "خبر نخست\nتعاونی اصفهان و باز تعاونی")
    try folder.write("d/دو.txt", "خبر دوم\nمتنی دراز که در آن یک بار از تعاونی سخن می‌رود")
    try folder.write("d/سه.txt", "خبر سوم\nورزش")
    let records = """
      {"id":"r1","title":"بازی","text":"فوتبال شیراز","date":"1399/08/28","group":"ورزش"}
      {"id":"r2","title":"بازی","text":"فوتبال تبریز","date":"1400/01/01","group":"ورزش"}
      """
    let result = try Tool.run(
      ["index", "--field", "group:keyword", "d", "-"], in: folder, input: records)
    try #require(result.status == 0)
  }

  private func query(_ arguments: String...) throws -> Tool.Result {
    try Tool.run(["query"] + arguments, in: folder)
  }

  @Test func `each hit has its rank, score and path, its title and its snippet on lines`() throws {
    let result = try query("تعاونی")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 9)
    #expect(lines[0].hasPrefix("1. ") && lines[0].hasSuffix("  d/یک.txt"))
    #expect(lines[1] == "   خبر نخست")
    #expect(lines[2].contains("«تعاونی»"))
    #expect(lines[3].isEmpty)
    #expect(lines[4].hasPrefix("2. ") && lines[4].hasSuffix("  d/دو.txt"))
    #expect(result.errors == "2 of 2 matching documents (5 in all)\n")
  }

  @Test func `--collapse shows documents that are nearly the same once`() throws {
    let report =
      "شورای شهر دیشب دربارهٔ ساخت سه پل تازه بر رودخانه و گسترش فضای سبز پیرامون آن گفت‌وگو کرد"
    for name in ["خبرگزاری", "روزنامه", "پایگاه", "هفته‌نامه", "تارنما"] {
      try folder.write("n/\(name).txt", "\(name)\n\(report)")
    }
    try #require(try Tool.run(["index", "n"], in: folder).status == 0)
    let plain = try query("رودخانه")
    #expect(plain.output.split(separator: "\n").count == 15)
    #expect(!plain.output.contains("nearly the same"))
    let text = try query("--collapse", "رودخانه")
    let lines = text.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.last?.hasPrefix("   nearly the same: n/") == true)
    #expect(lines.last?.hasSuffix(" and 1 more") == true)
    let json = try query("--collapse", "--json", "رودخانه")
    #expect(json.output.contains("\"duplicates\":[\"n/"))
    #expect(try query("--collapse", "--after", "x", "رودخانه").status == 2)
  }

  @Test func `no hit is the exit status 1`() throws {
    let result = try query("بلدرچین")
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    #expect(result.errors == "no document matches\n")
  }

  @Test func `a misspelt query without hits is asked about`() throws {
    let result = try query("فوتبالل شیراز", "-q")
    #expect(result.status == 0)
    let none = try query("فوتبالل")
    #expect(none.status == 1)
    #expect(none.errors == "no document matches\ndid you mean: فوتبال\n")
  }

  @Test func `without a query a terminal shows hits as one types`() throws {
    let screens = try Terminal.run(
      ["query"], in: folder, typing: ["شیرر", "\u{7F}", "\u{1B}[A\u{4}"]
    ).split(separator: "\u{1B}[2J")
    #expect(screens.first == "\u{1B}[?1049h\u{1B}[H")
    #expect(screens.dropFirst().first?.contains("5 documents; ^D leaves") == true)
    #expect(screens.last?.hasPrefix("> \u{2068}شیر\u{2069}") == true)
    #expect(screens.last?.contains("\u{2068}r1\u{2069}") == true)
    #expect(screens.last?.hasSuffix("\u{1B}[?1049l") == true)
  }

  @Test func `an interrupt while typing gives the terminal back and is seen by the caller`() throws
  {
    let (shown, signal) = try Terminal.session(["query"], in: folder, typing: ["شیر", "\u{3}"])
    #expect(shown.hasSuffix("\u{1B}[?1049l"))
    #expect(signal == 2)
    let (_, other) = try Terminal.session(["query"], in: folder, typing: ["\u{4}"])
    #expect(other == nil)
  }

  @Test func `terms and posting lists can be looked at`() throws {
    let terms = try Tool.run(["terms", "--field", "group"], in: folder)
    #expect(terms.output == "ورزش\t2\t2\n")
    let limited = try Tool.run(["terms", "-n", "1", "--json"], in: folder)
    #expect(limited.lines.count == 1)
    #expect(limited.output.hasPrefix("{\"type\":\"term\",\"text\":"))
    #expect(try Tool.run(["terms", "ژژژ"], in: folder).status == 1)
    #expect(try Tool.run(["terms", "--field", "nothing"], in: folder).status == 2)
    let word = try Tool.run(["inspect", "شیراز", "--json"], in: folder)
    #expect(word.output.contains(#"{"key":"r1","frequency":1,"positions":[1]}"#))
    let document = try Tool.run(["inspect", "r1"], in: folder)
    #expect(document.output.hasPrefix("r1\ngroup: ورزش\n"))
    #expect(try Tool.run(["inspect", "بلدرچین"], in: folder).status == 1)
  }

  @Test func `JSON has the promised members, in the order of the schema`() throws {
    let result = try query("--json", "--limit", "1", "تعاونی")
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    let start =
      #"{"type":"hit","rank":1,"key":"d/یک.txt","path":"d/یک.txt","score":"#
    #expect(result.lines.first?.hasPrefix(start) == true)
    #expect(result.lines.first?.contains(#","title":"خبر نخست","snippet":"#) == true)
    #expect(
      result.lines.last?.hasPrefix(
        #"{"type":"summary","formatVersion":1,"hits":1,"total":2,"documentCount":5,"nextPage":"1-2-5-"#
      ) == true)
  }

  @Test func `the highlights of JSON are the matched words, in bytes and in scalars`() throws {
    let line = try #require(try query("--json", "-n1", "شیراز").lines.first)
    #expect(
      line.contains(
        #""snippet":"فوتبال شیراز","highlights":[{"utf8":[13,23],"scalars":[7,12]}],"#
          + #""published":"2020-11-18T00:00:00Z","fields":{"group":"ورزش"}}"#))
  }

  @Test func `limit and offset page through the same order`() throws {
    let all = try query("--json", "تعاونی فوتبال").lines.dropLast()
    #expect(all.count == 4)
    var paged: [String] = []
    for offset in 0..<5 {
      paged += try query("--json", "-n", "1", "--offset=\(offset)", "تعاونی فوتبال").lines
        .dropLast()
    }
    #expect(paged == Array(all))
  }

  @Test func `filters narrow without a say in the score`() throws {
    let both = try query("--json", "فوتبال").lines
    let one = try query("--json", "--filter", "published:1399", "فوتبال").lines
    #expect(one.count == 2)
    #expect(one.first == both.first)
    #expect(try query("--filter", "group:(", "فوتبال").status == 2)
  }

  @Test func `برونداد ارزیابی شش ستون دارد و عملگر نمی‌شناسد`() throws {
    try folder.write("topics.tsv", "q1\t+تعاونی -اصفهان \"\nq2\tفوتبال\n\n")
    let result = try query("--queries", "topics.tsv", "--format", "trec", "--limit", "1000")
    #expect(result.status == 0)
    let rows = result.lines.map { $0.split(separator: " ").map(String.init) }
    #expect(
      rows.map { [$0[0], $0[1], $0[3], $0[5]] } == [
        ["q1", "Q0", "1", "searchctl"], ["q1", "Q0", "2", "searchctl"],
        ["q2", "Q0", "1", "searchctl"], ["q2", "Q0", "2", "searchctl"],
      ])
    #expect(Set(rows.prefix(2).map { $0[2] }) == ["d/یک.txt", "d/دو.txt"])
    try folder.write("topics.tsv", "without a tab\n")
    #expect(try query("--queries", "topics.tsv").status == 2)
  }

  @Test func `an odd query is read leniently and told, or refused where asked`() throws {
    let lenient = try query("(تعاونی")
    #expect(lenient.status == 0)
    #expect(lenient.errors.contains("searchctl: query: "))
    let strict = try query("--strict", "(تعاونی")
    #expect(strict.status == 2)
    #expect(strict.output.isEmpty)
  }

  @Test func `a document can be opened and counted`() throws {
    let text = try query("--open", "1", "شیراز")
    #expect(text.status == 0)
    #expect(text.output.contains("title: بازی\n\nفوتبال شیراز\n"))
    #expect(try query("--open", "3", "شیراز").status == 1)
    let count = try Tool.run(["count", "فوتبال"], in: folder)
    #expect(count.output == "2\n")
    #expect(try Tool.run(["count", "بلدرچین"], in: folder).status == 1)
  }

  @Test func `without a terminal there is neither colour nor isolate, unless asked for`() throws {
    let plain = try query("تعاونی").output
    #expect(!plain.contains("\u{1B}") && !plain.contains("\u{2068}"))
    let forced = try Tool.run(
      ["query", "--color=always", "--bidi=isolate", "تعاونی"], in: folder,
      variables: ["NO_COLOR": "1"]
    ).output
    #expect(forced.contains("\u{1B}[1;31mتعاونی\u{1B}[0m"))
    #expect(forced.contains("\u{2068}d/یک.txt\u{2069}"))
    #expect(try query("--highlight=none", "تعاونی").output.contains("«") == false)
    #expect(try query("--digits=persian", "تعاونی").output.hasPrefix("۱. "))
  }

  @Test func `a terminal gets colour and isolates, and no colour where NO_COLOR is set`() throws {
    let colored = try Terminal.run(["query", "تعاونی"], in: folder)
    #expect(colored.contains("\u{1B}[1;31mتعاونی\u{1B}[0m"))
    #expect(colored.contains("\u{2068}d/یک.txt\u{2069}"))
    for variables in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let plain = try Terminal.run(["query", "تعاونی"], in: folder, variables: variables)
      #expect(!plain.contains("\u{1B}["))
      #expect(plain.contains("«تعاونی»"))
    }
  }

  @Test func `documents cannot drive the terminal`() throws {
    try folder.write("evil.txt", "\u{1B}]0;تسخیر\u{7} \u{202E}گربه\u{200B} می‌رود \u{9B}31m")
    try #require(try Tool.run(["index", "evil.txt"], in: folder).status == 0)
    let shown = try Terminal.run(["query", "--color=never", "گربه"], in: folder)
    for scalar in ["\u{1B}", "\u{7}", "\u{202E}", "\u{200B}", "\u{9B}"] {
      #expect(!shown.contains(scalar))
    }
    #expect(shown.contains("می‌رود"))
  }

  @Test func `words are completed and corrected from the index`() throws {
    let completed = try Tool.run(["suggest", "فوت"], in: folder)
    #expect(completed.output == "فوتبال\t2\n")
    let corrected = try Tool.run(["suggest", "--correct", "--json", "فوتبالل"], in: folder)
    #expect(corrected.output.contains(#""kind":"misspelling","text":"فوتبال""#))
    #expect(try Tool.run(["suggest", "ژژژ"], in: folder).status == 1)
  }
}
