// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Indexes that are busy, interrupted, damaged or of another time.
struct IndexStateTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("a.txt", "سلام دنیا")
    try #require(try Tool.run(["index", "a.txt"], in: folder).status == 0)
  }

  /// Starts `index -` and feeds it one record, so that it holds the index and waits.
  private func startWaitingWriter() throws -> (process: pid_t, input: Int32) {
    let ends = try Tool.makePipe()
    let process = try Tool.start(
      ["index", "-"], in: folder.path, input: ends.read,
      output: Tool.writing(folder.path + "/output"), errors: Tool.writing(folder.path + "/errors"))
    let record = Array("{\"id\":\"r\",\"text\":\"متن\"}\n".utf8)
    try #require(write(ends.write, record, record.count) == record.count)
    // The lock is taken when the first record is read; another writer is refused from then on.
    for _ in 0..<1000 {
      if try Tool.run(["delete", "nothing"], in: folder).status == 75 {
        return (process, ends.write)
      }
      usleep(10_000)
    }
    Issue.record("the writer never took the lock")
    return (process, ends.write)
  }

  @Test func `a second writer is refused with 75, readers are not`() throws {
    let (process, input) = try startWaitingWriter()
    let second = try Tool.run(["index", "a.txt", "--rebuild"], in: folder)
    #expect(second.status == 75)
    #expect(second.errors.contains("locked by process \(process) since 20"))
    #expect(second.errors.contains("try again"))
    #expect(try Tool.run(["query", "سلام"], in: folder).status == 0)
    close(input)
    #expect(Tool.wait(for: process).status == 0)
    #expect(try Tool.run(["count", "متن"], in: folder).output == "1\n")
  }

  @Test func `a second writer waits with --wait, and keeps what the first one has indexed`() throws
  {
    let (process, input) = try startWaitingWriter()
    try folder.write("b.txt", "سلام دوباره")
    let short = try Tool.run(["index", "b.txt", "--wait", "1"], in: folder)
    #expect(short.status == 75)
    let ends = try Tool.makePipe()
    close(ends.write)
    let second = try Tool.start(
      ["index", "b.txt", "--wait", "600"], in: folder.path, input: ends.read,
      output: Tool.writing(folder.path + "/output2"), errors: Tool.writing(folder.path + "/errors2")
    )
    // Whether it waits already makes no difference to what must come out.
    usleep(200_000)
    close(input)
    #expect(Tool.wait(for: process).status == 0)
    #expect(Tool.wait(for: second).status == 0)
    #expect(try Tool.run(["count", "سلام"], in: folder).output == "2\n")
    #expect(try Tool.run(["count", "متن"], in: folder).output == "1\n")
    // Both are in the table of files: nothing is left to be done.
    let again = try Tool.run(["index", "a.txt", "b.txt"], in: folder)
    #expect(again.errors.contains("2 unchanged") || again.output.contains("2 unchanged"))
  }

  @Test func `whoever waits for a writer can be interrupted`() throws {
    let (process, input) = try startWaitingWriter()
    try folder.write("b.txt", "سلام دوباره")
    let ends = try Tool.makePipe()
    close(ends.write)
    let second = try Tool.start(
      ["index", "b.txt", "--wait", "600"], in: folder.path, input: ends.read,
      output: Tool.writing(folder.path + "/output2"), errors: Tool.writing(folder.path + "/errors2")
    )
    usleep(300_000)
    kill(second, SIGINT)
    #expect(Tool.wait(for: second).signal == SIGINT)
    close(input)
    #expect(Tool.wait(for: process).status == 0)
  }

  // A killed process cannot tidy up: the next writer finds its lock free and its files in the way.
  @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
  func `a signal ends indexing, the last commit stands and the next writer goes on at once`(
    signal: Int32
  ) throws {
    let (process, input) = try startWaitingWriter()
    kill(process, signal)
    let end = Tool.wait(for: process)
    close(input)
    #expect(end.signal == signal)
    #expect(try folder.read("errors").isEmpty)
    #expect(try Tool.run(["verify"], in: folder).status == 0)
    #expect(try Tool.run(["export"], in: folder).lines.count == 1)
    #expect(try Tool.run(["index", "a.txt"], in: folder).status == 0)
  }

  @Test func `a reader keeps its commit while other processes supersede all its files`() throws {
    let ends = try Tool.makePipe()
    let process = try Tool.start(
      ["query", "--queries", "-", "--format", "trec"], in: folder.path, input: ends.read,
      output: Tool.writing(folder.path + "/output"), errors: Tool.writing(folder.path + "/errors"))
    let line = Array("q\(String(repeating: "0", count: 1000))\tسلام\n".utf8)
    // More than a pipe holds: the reader has the index open when the last is in.
    let count = 300
    for _ in 0..<count { try #require(write(ends.write, line, line.count) == line.count) }
    let before = try folder.names(".searchctl").filter { $0.hasSuffix(".seg") }
    for number in 0..<3 {
      try folder.write("a.txt", "دیگر \(number)")
      try #require(try Tool.run(["index", "a.txt", "--rebuild"], in: folder).status == 0)
      try #require(try Tool.run(["optimize"], in: folder).status == 0)
    }
    #expect(try Set(folder.names(".searchctl")).isDisjoint(with: before))
    #expect(try Tool.run(["count", "سلام"], in: folder).output == "0\n")
    try #require(write(ends.write, line, line.count) == line.count)
    close(ends.write)
    #expect(Tool.wait(for: process).status == 0)
    let lines = try folder.read("output").split(separator: "\n")
    #expect(lines.count == count + 1)
    #expect(lines.allSatisfy { $0.contains(" a.txt 1 ") })
  }

  @Test func `no index is an error that says how to make one`() throws {
    let elsewhere = try TemporaryFolder()
    for command in ["query", "count", "info", "delete", "verify", "recover", "export", "optimize"] {
      let words = ["query", "count", "delete"].contains(command) ? [command, "x"] : [command]
      let result = try Tool.run(words, in: elsewhere)
      #expect(result.status == 2)
      #expect(result.errors.contains("searchctl index PATH"), "\(command)")
      let named = try Tool.run(words + ["--index", "nowhere"], in: elsewhere)
      #expect(named.status == 2)
      #expect(named.errors.contains("no index at nowhere"), "\(command)")
    }
  }

  @Test func `a rebuild begins anew where the index is damaged or has other fields`() throws {
    let other = ["index", "--field", "subject:keyword", "a.txt"]
    #expect(try Tool.run(other, in: folder).errors.contains("other fields than those of --field"))
    #expect(try Tool.run(other + ["--rebuild"], in: folder).status == 0)
    #expect(try Tool.run(["info"], in: folder).output.contains("subject (keyword)"))
    let newest = try #require(
      folder.names(".searchctl").filter { $0.hasPrefix("manifest-") }.max())
    try folder.write(".searchctl/" + newest, "damaged")
    let refused = try Tool.run(["index", "a.txt"], in: folder)
    #expect(refused.status == 2)
    #expect(refused.errors.contains("--rebuild"))
    #expect(try Tool.run(["index", "--rebuild", "none.txt"], in: folder).status == 2)
    #expect(try Tool.run(["verify"], in: folder).status == 1)
    #expect(try Tool.run(["index", "--rebuild", "a.txt"], in: folder).status == 0)
    #expect(try Tool.run(["verify"], in: folder).status == 0)
    #expect(try Tool.run(["count", "سلام"], in: folder).output == "1\n")
  }

  @Test func `a damaged index is told, verified with 1 and recovered`() throws {
    try folder.write("b.txt", "دنیای دیگر")
    try #require(try Tool.run(["index", "b.txt"], in: folder).status == 0)
    let segment = try #require(folder.names(".searchctl").filter { $0.hasSuffix(".seg") }.max())
    var bytes = try TemporaryFolder.bytes("\(folder.path)/.searchctl/\(segment)")
    for index in bytes.indices.dropFirst(bytes.count / 3).prefix(200) { bytes[index] ^= 0xFF }
    try folder.write(".searchctl/" + segment, bytes: bytes)
    let verified = try Tool.run(["verify"], in: folder)
    #expect(verified.status == 1)
    #expect(verified.output.contains(segment))
    let recovered = try Tool.run(["recover"], in: folder)
    #expect(recovered.status == 0)
    #expect(recovered.output.contains(segment))
    #expect(try Tool.run(["verify"], in: folder).status == 0)
    #expect(try Tool.run(["count", "سلام"], in: folder).output == "1\n")
  }

  @Test func `deleting and optimizing leave what is left`() throws {
    try folder.write("b.txt", "دنیای دیگر")
    try #require(try Tool.run(["index", "b.txt"], in: folder).status == 0)
    #expect(try Tool.run(["delete", "--matching", "دیگر"], in: folder).status == 0)
    let result = try Tool.run(["optimize"], in: folder)
    #expect(result.status == 0)
    let info = try Tool.run(["info", "--json"], in: folder)
    #expect(
      info.output.contains(
        "\"documentCount\":1,\"deletedDocumentCount\":0,\"segmentCount\":1,\"sizeInBytes\":"))
  }
}
