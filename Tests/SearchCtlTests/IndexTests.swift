// SPDX-License-Identifier: Apache-2.0

import Testing

struct IndexTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @discardableResult
  private func index(_ arguments: String..., input: String = "") throws -> Tool.Result {
    try Tool.run(["index"] + arguments, in: folder, input: input)
  }

  private func export() throws -> [String] {
    try Tool.run(["export"], in: folder).lines.sorted()
  }

  @Test func `a text file is a document of its path, its first line and its text`() throws {
    try folder.write("news/a.txt", "\n\n  عنوان خبر  \nمتن خبر\n")
    let result = try index("./news//")
    #expect(result.status == 0)
    #expect(result.output.isEmpty)
    #expect(
      result.errors
        == "1 added, 0 updated, 0 removed, 0 unchanged; 1 document in .searchctl\n")
    #expect(
      try export() == [
        #"{"id":"news/a.txt","title":"عنوان خبر","#
          + #""text":"\n\n  عنوان خبر  \nمتن خبر\n","path":"news/a.txt"}"#
      ])
  }

  @Test func `a long first line is shortened at a word`() throws {
    try folder.write("a.txt", Array(repeating: "کتابخانه", count: 40).joined(separator: " "))
    try index("a.txt")
    let line = try #require(try export().first)
    #expect(line.contains("\"title\":\"کتابخانه کتابخانه"))
    #expect(line.contains("کتابخانه…\",\"text\""))
  }

  @Test func `records have their own key, title, text and date`() throws {
    try folder.write(
      "r.jsonl",
      """
      {"id":"mehr/1","title":"نشست","text":"متن \\"یک\\" \\u06a9","date":"۱۳۹۹/۰۸/۲۸"}

      {"id":7,"text":"دو","published":"2020-11-18T13:35:00+03:30"}
      """)
    #expect(try index("r.jsonl").status == 0)
    #expect(
      try export() == [
        #"{"id":"7","text":"دو","path":"r.jsonl","published":"2020-11-18T10:05:00Z"}"#,
        #"{"id":"mehr/1","title":"نشست","text":"متن \"یک\" ک","path":"r.jsonl","#
          + #""published":"2020-11-18T00:00:00Z"}"#,
      ])
  }

  @Test func `a map takes the parts from members of other names, and fields from the rest`() throws
  {
    let record = #"{"nr":"k","content":"متن","rubrik":"ورزش","views":"۱۲","extra":1}"#
    let result = try index(
      "-", "--map", "key=nr", "--map=text=content", "-m", "category=rubrik", "--field",
      "category:keyword", "--field=views:integer", input: record)
    #expect(result.status == 0)
    #expect(
      try export() == [#"{"id":"k","text":"متن","category":"ورزش","views":12}"#])
  }

  @Test func `tables have a header, and quotes where commas cut`() throws {
    try folder.write(
      "t.csv", "id,title,text\r\n1,\"یک, دو\",\"سطر یک\nسطر \"\"دو\"\"\"\r\n2,x\r\n")
    try folder.write("t.tsv", "id\ttext\na\t\"نقل\n")
    #expect(try index("t.csv", "t.tsv").status == 0)
    #expect(
      try export() == [
        #"{"id":"1","title":"یک, دو","text":"سطر یک\nسطر \"دو\"","path":"t.csv"}"#,
        #"{"id":"2","title":"x","text":"","path":"t.csv"}"#,
        #"{"id":"a","text":"\"نقل","path":"t.tsv"}"#,
      ])
  }

  @Test func `a page gives its title, its text and its date`() throws {
    try folder.write(
      "p.html",
      """
      <!DOCTYPE html><html><head><title> خبر &laquo;مهم&raquo;
      </title><meta content="2020-11-18" property="article:published_time">
      <style>p { color: red }</style><script>if (a < b) { "<p>نه</p>" }</script></head>
      <body><!-- نه --><p>می&zwnj;رود <b>کتاب</b>ها &#1576;&#x647; &lt; 2 < 3</p>
      <div title="a > b">خط دوم<br>خط سوم</div></body></html>
      """)
    try index("p.html")
    #expect(
      try export() == [
        #"{"id":"p.html","title":"خبر «مهم»","text":"می‌رود کتابها به < 2 < 3\n"#
          + #"خط دوم\nخط سوم","path":"p.html","published":"2020-11-18T00:00:00Z"}"#
      ])
  }

  @Test func `UTF-16 and Windows-1256 are told apart and converted`() throws {
    let text = "سلام دنیا"
    let units = Array(text.utf16)
    try folder.write(
      "marked.txt", bytes: [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
    try folder.write("plain.txt", bytes: units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    try folder.write("bom.txt", bytes: [0xEF, 0xBB, 0xBF] + Array(text.utf8))
    // «سلام دنيا» in Windows-1256.
    try folder.write("old.txt", bytes: [0xD3, 0xE1, 0xC7, 0xE3, 0x20, 0xCF, 0xE4, 0xED, 0xC7])
    #expect(try index(".").status == 0)
    #expect(
      try export() == [
        #"{"id":"bom.txt","title":"سلام دنیا","text":"سلام دنیا","path":"bom.txt"}"#,
        #"{"id":"marked.txt","title":"سلام دنیا","text":"سلام دنیا","path":"marked.txt"}"#,
        #"{"id":"old.txt","title":"سلام دنيا","text":"سلام دنيا","path":"old.txt"}"#,
        #"{"id":"plain.txt","title":"سلام دنیا","text":"سلام دنیا","path":"plain.txt"}"#,
      ])
  }

  @Test func `packed files are unpacked by the system`() throws {
    try folder.write("a.txt", "سلام")
    try folder.pack("a.txt", with: "gzip")
    #expect(try index(".").status == 0)
    #expect(try export().first?.contains("\"id\":\"a.txt.gz\",\"title\":\"سلام\"") == true)
    try folder.write("broken.txt.gz", "no gzip")
    let result = try index(".")
    #expect(result.status == 2)
    #expect(result.errors.contains("broken.txt.gz: `gzip` could not read it"))
  }

  @Test func `a second run touches only what changed and removes what is gone`() throws {
    try folder.write("d/same.txt", "یک")
    try folder.write("d/changed.txt", "دو")
    try folder.write("d/gone.txt", "سه")
    try folder.write("other.txt", "چهار")
    try folder.write("d/r.jsonl", "{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\"}\n")
    try index("d", "other.txt")
    try folder.write("d/changed.txt", "دوی نو")
    try folder.write("d/new.txt", "پنج")
    try folder.write("d/r.jsonl", "{\"id\":2,\"text\":\"c\"}\n{\"id\":3,\"text\":\"dd\"}\n")
    folder.remove("d/gone.txt")
    folder.remove("other.txt")
    let result = try index("d", "--json")
    #expect(result.status == 0)
    #expect(
      result.output.contains(
        #""added":1,"updated":2,"removed":1,"unchanged":1,"resumed":0,"failed":0,"#
          + #""documentsRead":4,"documentCount":6,"indexFormatVersion":1,"analyzer":"persian/"#))
    #expect(
      try export() == [
        #"{"id":"2","text":"c","path":"d/r.jsonl"}"#, #"{"id":"3","text":"dd","path":"d/r.jsonl"}"#,
        #"{"id":"d/changed.txt","title":"دوی نو","text":"دوی نو","path":"d/changed.txt"}"#,
        #"{"id":"d/new.txt","title":"پنج","text":"پنج","path":"d/new.txt"}"#,
        #"{"id":"d/same.txt","title":"یک","text":"یک","path":"d/same.txt"}"#,
        #"{"id":"other.txt","title":"چهار","text":"چهار","path":"other.txt"}"#,
      ])
  }

  @Test func `a record that the index cannot take is told and those behind it are read`() throws {
    let long = String(repeating: "x", count: 9000)
    try folder.write(
      "r.jsonl",
      "{\"id\":1,\"text\":\"a\"}\n{\"id\":\"\(long)\",\"text\":\"b\"}\n{\"id\":3,\"text\":\"c\"}\n")
    let result = try index("r.jsonl")
    #expect(result.status == 2)
    #expect(result.errors.contains("r.jsonl: line 2: a document key must have 1 to 8192 bytes"))
    #expect(result.errors.contains("1 added, 0 updated, 0 removed, 0 unchanged, 1 failed"))
    #expect(try Tool.run(["info", "--json"], in: folder).output.contains("\"documentCount\":2"))
  }

  @Test func `a rebuild reads everything again and forgets the rest`() throws {
    try folder.write("a.txt", "یک")
    try folder.write("b.txt", "دو")
    try index("a.txt", "b.txt")
    let result = try index("--rebuild", "a.txt")
    #expect(result.errors.hasPrefix("1 added, 0 updated, 0 removed, 0 unchanged; 1 document"))
    #expect(try export().count == 1)
  }

  @Test func `bad files are told one by one and the rest is indexed`() throws {
    try folder.write("d/good.txt", "خوب")
    try folder.write("d/empty.txt", "")
    try folder.write("d/binary.txt", bytes: [0, 1, 2, 3, 0x80, 0])
    try folder.write("d/broken.txt", bytes: Array("سلام ".utf8) + [0xD8] + Array(" دنیا".utf8))
    try folder.write("d/r.jsonl", "{\"text\":\"a\"}\n{\"text\":}\nnull\n{\"a\":1}\n")
    let result = try index("d")
    #expect(result.status == 2)
    for message in [
      "searchctl: d/empty.txt: is empty\n  ", "searchctl: d/binary.txt: not text: ",
      "searchctl: d/broken.txt: invalid UTF-8 at byte 9\n  ",
      "searchctl: d/r.jsonl: line 2: not a JSON value at byte 8\n",
      "searchctl: d/r.jsonl: line 3: not a JSON object at byte 0\n",
      "searchctl: d/r.jsonl: line 4: no text ",
      "2 added, 0 updated, 0 removed, 0 unchanged, 4 failed; 2 documents",
    ] {
      #expect(result.errors.contains(message), "\(message)")
    }
    #expect(try export().count == 2)
  }

  @Test func `a missing path and a folder without texts are errors that leave no trace`() throws {
    folder.makeFolder("empty")
    let missing = try index("nowhere")
    #expect(missing.status == 2)
    #expect(missing.errors.hasPrefix("searchctl: nowhere: no such file or directory\n  "))
    let empty = try index("empty")
    #expect(empty.status == 2)
    #expect(empty.errors.hasPrefix("searchctl: nothing to index in empty\n  "))
    #expect(!folder.exists(".searchctl"))
  }

  @Test func `odd file names are kept in the index and made visible in messages`() throws {
    let names = ["می‌رود.txt", "a b.txt", "new\nline.txt", "\u{202E}evil.txt", "-x.txt"]
    for name in names { try folder.write("d/" + name, "متن") }
    #expect(try index("d").status == 0)
    for name in names {
      let result = try Tool.run(["delete", "--", "d/" + name], in: folder)
      #expect(result.status == 0, "\(name)")
    }
    let gone = try Tool.run(["delete", "d/\u{202E}evil.txt", "x\ny"], in: folder)
    #expect(gone.status == 1)
    #expect(gone.errors.contains("no document 'd/\\u{202E}evil.txt'\nno document 'x\\ny'"))
  }

  @Test func `hidden files, ignored files, links and the index itself are passed over`() throws {
    for name in [
      "a.txt", ".hidden.txt", ".git/x.txt", "build/out.txt", "build/keep.txt",
      "sub/draft-1.txt", "sub/deep/note.md", "sub/text.txt", "picture.png", "index/stray.txt",
    ] {
      try folder.write(name, name)
    }
    try folder.write(".searchctlignore", "# یادداشت\ndraft-?.txt\n/build/*\n!/build/keep.txt\n")
    try folder.write("sub/.searchctlignore", "**/deep/*.md\n")
    folder.link("loop", to: ".")
    let result = try index("--index", "index", ".")
    #expect(result.status == 0)
    let list = try Tool.run(["export", "--index", "index"], in: folder).lines.sorted()
    #expect(
      list.compactMap { $0.split(separator: "\"").dropFirst(3).first }
        == ["a.txt", "build/keep.txt", "sub/text.txt"])
  }

  @Test func `the index is found from below, by variable and by option`() throws {
    try folder.write("d/e/a.txt", "یک")
    try folder.write("d/e/b.txt", "دو")
    try index("d/e/a.txt")
    let below = try Tool.run(
      ["index", "b.txt"], in: TemporaryFolder(borrowing: folder.path + "/d/e"))
    #expect(below.status == 0)
    #expect(try export().last?.hasPrefix(#"{"id":"d/e/b.txt""#) == true)
    let elsewhere = try TemporaryFolder()
    #expect(try Tool.run(["info"], in: elsewhere).status == 2)
    let variables = ["SEARCHCTL_INDEX": folder.path + "/.searchctl"]
    let info = try Tool.run(["info", "--json"], in: elsewhere, variables: variables)
    #expect(info.output.contains("\"documentCount\":2"))
    let option = try Tool.run(
      ["info", "--index=\(folder.path)/.searchctl"], in: elsewhere,
      variables: ["SEARCHCTL_INDEX": "/nowhere"])
    #expect(option.status == 0)
  }
}
