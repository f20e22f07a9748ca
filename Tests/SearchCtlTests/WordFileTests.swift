// SPDX-License-Identifier: Apache-2.0

import Testing

/// Words of the user's own, from files.
struct WordFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("words", "# نام‌ها\nدیوارین\n\n")
    try folder.write("protected", "گلستانه\r\n")
    try folder.write("stop", "\u{FEFF}فوتبال\n")
    try folder.write("same", "رایانه کامپیوتر\nتلفن‌همراه\tموبایل\n")
    try folder.write("d/one.txt", "دیوارینها رسیدند")
    try folder.write("d/two.txt", "کامپیوتر نو خریدند")
  }

  private func terms(_ text: String, _ options: String...) throws -> String {
    let result = try Tool.run(["analyze", "--terms"] + options + [text], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  @Test func `words, protected words and synonyms change what analysis gives`() throws {
    #expect(try terms("دیوارین‌هایشان") != "دیوارین\n")
    #expect(try terms("دیوارین‌هایشان", "--words", "words") == "دیوارین\n")
    #expect(try terms("رایانه‌ها", "--synonyms", "same") == terms("کامپیوترها"))
    #expect(try terms("گلستانه", "--protected-words", "protected") == "گلستانه\n")
    let reading = try Tool.run(["analyze", "--stop-words", "stop", "--json", "فوتبال"], in: folder)
    #expect(reading.output.contains(#""flags":["stopWord"]"#))
  }

  @Test func `an index keeps its words, and queries are read by them`() throws {
    let made = try Tool.run(
      ["index", "--words", "words", "--synonyms", "same", "d"], in: folder)
    #expect(made.status == 0, "\(made.errors)")
    for name in ["words", "same"] { folder.remove(name) }
    let found = try Tool.run(["query", "--json", "رایانه"], in: folder)
    #expect(found.status == 0)
    #expect(found.output.contains(#""key":"d/two.txt""#))
    #expect(try Tool.run(["query", "--json", "دیوارین"], in: folder).status == 0)
    let analyzed = try Tool.run(
      ["analyze", "--index", ".searchctl", "--terms", "دیوارین‌هایشان"], in: folder)
    #expect(analyzed.output == "دیوارین\n")
    #expect(try Tool.run(["index", "d"], in: folder).status == 0)
  }

  @Test func `an index takes no other words than those it was made with`() throws {
    #expect(try Tool.run(["index", "--words", "words", "d"], in: folder).status == 0)
    #expect(try Tool.run(["index", "--words", "words", "d"], in: folder).status == 0)
    let other = try Tool.run(
      ["index", "--words", "words", "--stop-words", "stop", "d"], in: folder)
    #expect(other.status == 2)
    #expect(other.errors.contains("was made with other words"))
    let anew = ["index", "--rebuild", "--words", "words", "--stop-words", "stop", "d"]
    #expect(try Tool.run(anew, in: folder).status == 0)
    #expect(try Tool.run(anew.filter { $0 != "--rebuild" }, in: folder).status == 0)
    let both = try Tool.run(
      ["analyze", "--index", ".searchctl", "--words", "words", "x"], in: folder)
    #expect(both.status == 2)
  }

  @Test func `a bad line is named by its file and number, and nothing is made`() throws {
    try folder.write("bad", "درست\nدو واژه\n")
    for option in ["--words", "--protected-words", "--stop-words"] {
      let result = try Tool.run(["index", option, "bad", "d"], in: folder)
      #expect(result.status == 2)
      #expect(result.errors.contains("bad:2: one word is expected"))
    }
    try folder.write("bad", "یک\n")
    let result = try Tool.run(["index", "--synonyms", "bad", "d"], in: folder)
    #expect(result.errors.contains("bad:1: two words are expected"))
    try folder.write("bad", "الف ب\nالف پ\n")
    let twice = try Tool.run(["index", "--synonyms", "bad", "d"], in: folder)
    #expect(twice.errors.contains("bad:2: 'الف' is there already"))
    try folder.write("bad", bytes: [0xC7, 0xE1, 0x0A])
    #expect(try Tool.run(["index", "--words", "bad", "d"], in: folder).status == 2)
    let missing = try Tool.run(["index", "--words", "none", "d"], in: folder)
    #expect(missing.errors.contains("none: "))
    #expect(folder.names(".searchctl").isEmpty)
  }
}
