// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct AnalyzeTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `terms of each line stand on a line of their own`() throws {
    let result = try Tool.run(
      ["analyze", "--terms", "-"], in: folder, input: "سلام دنیا\n\nیک، دو\r\nسه")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.map { $0.split(separator: " ").count } == [2, 0, 2, 1, 0])
  }

  @Test func `a very long line is one line`() throws {
    let words = Array(repeating: "کتاب", count: 100_000).joined(separator: " ")
    let result = try Tool.run(["analyze", "--terms", "-"], in: folder, input: words)
    #expect(result.lines.count == 1)
    #expect(result.output.split(separator: " ").count == 100_000)
  }

  @Test func `each token is shown with its reading`() throws {
    let result = try Tool.run(["analyze", "کتابهایشان نمی خوانند، اهداف"], in: folder)
    #expect(
      result.output == """
        0\tکتاب\tfrom کتابهایشان\tbytes 0-20
        \tکتاب in the lexicon + هایشان (plural ها); written کتابهایشان
        1\tخواند\tfrom نمی خوانند\tbytes 21-40
        \tverb خواند: نمی + خوان + ند; written نمیخوانند
        2\tهدف\tfrom اهداف\tbytes 43-53
        \tاهداف, broken plural of هدف; written اهداف

        """)
  }

  @Test func `JSON has the parts of a word and the reason of its term`() throws {
    let result = try Tool.run(["analyze", "--json", "-"], in: folder, input: "کتاب\nکتاب‌ها")
    #expect(
      result.lines == [
        #"{"type":"token","line":1,"position":0,"term":"کتاب","written":"کتاب","surface":"کتاب","#
          + #""parts":["کتاب"],"reason":"کتاب in the lexicon","utf8":[0,8],"scalars":[0,4],"#
          + #""flags":[]}"#,
        #"{"type":"token","line":2,"position":0,"term":"کتاب","written":"کتابها","#
          + #""surface":"کتاب‌ها","parts":["کتاب","ها"],"#
          + #""reason":"کتاب in the lexicon + ها (plural ها)","utf8":[0,15],"scalars":[0,7],"#
          + #""flags":[]}"#,
      ])
  }

  @Test func `JSON gives offsets in bytes and in scalars`() throws {
    let result = try Tool.run(["analyze", "--json", "سلام Swift"], in: folder)
    #expect(result.lines.count == 2)
    #expect(result.lines.last?.contains("\"utf8\":[9,14],\"scalars\":[5,10]") == true)
  }

  @Test func `a closed pipe ends it quietly`() throws {
    try folder.write("input", String(repeating: "سلام دنیا\n", count: 200_000))
    let ends = try Tool.makePipe()
    let process = try Tool.start(
      ["analyze", "--terms", "-"], in: folder.path, input: Tool.reading(folder.path + "/input"),
      output: ends.write, errors: Tool.writing(folder.path + "/errors"))
    var byte: UInt8 = 0
    #expect(read(ends.read, &byte, 1) == 1)
    close(ends.read)
    let (status, signal) = Tool.wait(for: process)
    #expect(status == 0)
    #expect(signal == nil)
    #expect(try folder.read("errors").isEmpty)
  }
}
