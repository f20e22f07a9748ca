// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One long file of records whose reading ends in the middle.
struct InterruptedFileTests {
  /// So many that the reading cannot end between a look at the index and a signal.
  static let recordCount = 4_000
  static let interval = 20

  let folder: TemporaryFolder
  let reference: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    reference = try TemporaryFolder()
  }

  /// Makes the same file in both folders, as it would be if it was made an hour ago.
  private func makeRecords(_ name: String, header: String? = nil, line: (Int) -> String) throws {
    let text = (header ?? "") + (0..<Self.recordCount).map(line).joined()
    for folder in [folder, reference] {
      try folder.write(name, text)
      folder.setAge(ofFile: name, seconds: 3600)
    }
  }

  private func number(_ name: String, in line: String) throws -> Int {
    let rest = try #require(line.split(separator: "\"\(name)\":").dropFirst().first)
    return try #require(Int(rest.prefix { $0.isNumber }))
  }

  private func documentCount() throws -> Int {
    let information = try Tool.run(["info", "--json"], in: folder)
    return information.status == 0 ? try number("documentCount", in: information.output) : 0
  }

  /// Begins to read a file and ends the run by a signal after a commit within the file.
  ///
  /// - Returns: How many documents were committed.
  private func interrupt(_ arguments: [String], by signal: Int32) throws -> Int {
    let process = try Tool.start(
      ["index", "--commit-every", "\(Self.interval)"] + arguments, in: folder.path,
      input: Tool.reading("/dev/null"), output: Tool.writing(folder.path + "/output"),
      errors: Tool.writing(folder.path + "/errors"))
    while try documentCount() == 0 { usleep(1_000) }
    kill(process, signal)
    #expect(Tool.wait(for: process).signal == signal)
    let committed = try documentCount()
    #expect((1..<Self.recordCount).contains(committed))
    #expect(committed % Self.interval == 0)
    return committed
  }

  /// Reads on and compares with a run that nothing interrupted.
  private func expectRest(
    _ arguments: [String], read: Int, resumed: Int = 1,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let next = try Tool.run(["index", "--json"] + arguments, in: folder)
    #expect(next.status == 0, sourceLocation: sourceLocation)
    #expect(try number("documentsRead", in: next.output) == read, sourceLocation: sourceLocation)
    #expect(try number("resumed", in: next.output) == resumed, sourceLocation: sourceLocation)
    #expect(try documentCount() == Self.recordCount, sourceLocation: sourceLocation)
    #expect(try Tool.run(["verify"], in: folder).status == 0, sourceLocation: sourceLocation)
    #expect(try Tool.run(["index"] + arguments, in: reference).status == 0)
    for command in [["export"], ["query", "--json", "--limit", "50", "متن شماره ۷۷"]] {
      let lines = try [folder, reference].map { folder in
        // The token of the next page speaks of the folder's own commits.
        try Tool.run(command, in: folder).lines.filter { !$0.contains("nextPage") }.sorted()
      }
      #expect(lines[0] == lines[1], "\(command)", sourceLocation: sourceLocation)
    }
    let last = try Tool.run(["index", "--json"] + arguments, in: folder)
    #expect(try number("unchanged", in: last.output) == 1, sourceLocation: sourceLocation)
  }

  @Test(arguments: [SIGINT, SIGKILL])
  func `an interrupted file of records is read on where its last commit was`(
    signal: Int32
  ) throws {
    // Without keys of their own the records are named by their lines, which must go on too.
    try makeRecords("records.jsonl") { "{\"text\":\"متن شماره \($0 % 97)\"}\n" }
    let committed = try interrupt(["records.jsonl"], by: signal)
    try expectRest(["records.jsonl"], read: Self.recordCount - committed)
  }

  @Test func `the rest of a table is read with its header`() throws {
    try makeRecords("records.csv", header: "id,text\n") { "k\($0),\"متن\nشماره \($0)\"\n" }
    let committed = try interrupt(["records.csv"], by: SIGINT)
    try expectRest(["records.csv"], read: Self.recordCount - committed)
  }

  @Test func `the rest of a table of Arrow is read within a batch`() throws {
    let bytes = ArrowFixtures.long(batches: Self.recordCount / 32)
    for folder in [folder, reference] {
      try folder.write("records.arrow", bytes: bytes)
      folder.setAge(ofFile: "records.arrow", seconds: 3600)
    }
    let committed = try interrupt(["records.arrow"], by: SIGINT)
    try expectRest(["records.arrow"], read: Self.recordCount - committed)
  }

  @Test func `a packed file is unpacked again up to the place and read on from there`() throws {
    try makeRecords("records.jsonl") { "{\"text\":\"متن شماره \($0)\"}\n" }
    for folder in [folder, reference] {
      try folder.pack("records.jsonl", with: "gzip")
      folder.setAge(ofFile: "records.jsonl.gz", seconds: 60)
    }
    let committed = try interrupt(["records.jsonl.gz"], by: SIGINT)
    try expectRest(["records.jsonl.gz"], read: Self.recordCount - committed)
  }

  @Test func `a file that changed after the interrupt is read from its beginning`() throws {
    try makeRecords("records.jsonl") { "{\"id\":\"old\($0)\",\"text\":\"متن پیشین\"}\n" }
    _ = try interrupt(["records.jsonl"], by: SIGINT)
    // Of the same length, so that the time alone tells of it.
    try makeRecords("records.jsonl") { "{\"id\":\"new\($0)\",\"text\":\"متن امروز\"}\n" }
    folder.setAge(ofFile: "records.jsonl", seconds: 1800)
    try expectRest(["records.jsonl"], read: Self.recordCount, resumed: 0)
    #expect(try Tool.run(["count", "پیشین"], in: folder).output == "0\n")
  }

  @Test func `a file that is gone after the interrupt is removed with what was committed`() throws {
    try makeRecords("d/records.jsonl") { "{\"text\":\"متن شماره \($0)\"}\n" }
    try folder.write("d/other.txt", "متن دیگر")
    _ = try interrupt(["d/records.jsonl"], by: SIGINT)
    folder.remove("d/records.jsonl")
    let next = try Tool.run(["index", "d"], in: folder)
    #expect(next.errors.hasPrefix("1 added, 0 updated, 1 removed"))
    #expect(try documentCount() == 1)
  }

  @Test func `an interrupted rebuild goes on without the option`() throws {
    try makeRecords("records.jsonl") { "{\"text\":\"متن شماره \($0)\"}\n" }
    #expect(try Tool.run(["index", "records.jsonl"], in: folder).status == 0)
    let process = try Tool.start(
      ["index", "--rebuild", "--commit-every", "\(Self.interval)", "records.jsonl"],
      in: folder.path, input: Tool.reading("/dev/null"),
      output: Tool.writing(folder.path + "/output"), errors: Tool.writing(folder.path + "/errors"))
    while try documentCount() == Self.recordCount { usleep(1_000) }
    kill(process, SIGKILL)
    _ = Tool.wait(for: process)
    let committed = try documentCount()
    try expectRest(["records.jsonl"], read: Self.recordCount - committed)
  }
}
