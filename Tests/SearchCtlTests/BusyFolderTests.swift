// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Folders that change while they are read, and work that takes long enough to be watched.
struct BusyFolderTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // Whoever reads it waits for us, so that the test decides what happens when.
    try #require(mkfifo(folder.path + "/feed.jsonl", 0o600) == 0)
  }

  /// Writes records to the feed.
  private func feed(_ records: Range<Int>, to feed: Int32) {
    var text = records.map { "{\"id\":\"r\($0)\",\"text\":\"متن \($0)\"}\n" }.joined()
    text.withUTF8 { _ = write(feed, $0.baseAddress, $0.count) }
  }

  /// Opens the writing end, which waits until the tool reads.
  private func openFeed() throws -> Int32 {
    let feed = open(folder.path + "/feed.jsonl", O_WRONLY | O_CLOEXEC)
    try #require(feed >= 0)
    return feed
  }

  private func keys() throws -> [String] {
    try Tool.run(["export"], in: folder).lines.compactMap {
      $0.split(separator: "\"id\":\"").dropFirst().first?.split(separator: "\"").first
        .map(String.init)
    }.sorted()
  }

  @Test func `what changes while it is read is taken as it is met, and the next run catches up`()
    throws
  {
    for name in ["changed", "gone", "kept", "sub/one"] {
      try folder.write("d/\(name).txt", "\(name)\nپیشین")
    }
    let process = try Tool.start(
      ["index", "feed.jsonl", "d"], in: folder.path, input: Tool.reading("/dev/null"),
      output: Tool.writing(folder.path + "/output"), errors: Tool.writing(folder.path + "/errors"))
    // The folder is walked before the first file is opened.
    let input = try openFeed()
    folder.remove("d/gone.txt")
    folder.remove("d/sub")
    try folder.write("d/changed.txt", "changed\nتازه")
    try folder.write("d/new.txt", "new\nتازه")
    feed(0..<1, to: input)
    close(input)
    #expect(Tool.wait(for: process).status == 0)
    #expect(try folder.read("errors").hasPrefix("3 added, 0 updated, 0 removed, 0 unchanged"))
    #expect(try keys() == ["d/changed.txt", "d/kept.txt", "r0"])
    #expect(try Tool.run(["count", "تازه"], in: folder).output == "1\n")
    #expect(try Tool.run(["verify"], in: folder).status == 0)

    folder.remove("d/kept.txt")
    let next = try Tool.run(["index", "d"], in: folder)
    // What changed after it was listed is read once more, because its size was taken before.
    #expect(next.errors.hasPrefix("1 added, 1 updated, 1 removed, 0 unchanged"))
    #expect(try keys() == ["d/changed.txt", "d/new.txt", "r0"])
  }

  @Test func `a terminal shows how far long work is, and the line is gone at its end`() throws {
    // Longer than the line rests each time, so that it is drawn whatever else the machine does.
    let script = """
      for part in 1 2 3 4; do
        for number in $(seq 64); do echo "{\\"id\\":\\"$part-$number\\",\\"text\\":\\"x\\"}"; done
        sleep 0.2
      done >feed.jsonl
      """
    let feeder = try Tool.startShell(script, in: folder.path)
    defer { _ = Tool.wait(for: feeder) }
    let shown = try Terminal.run(["index", "feed.jsonl"], in: folder)
    #expect(shown.contains("documents, "))
    #expect(shown.contains("/s, "))
    #expect(shown.contains(" MiB"))
    let last = try #require(shown.split(separator: "\u{1B}[K").last)
    #expect(last.hasPrefix("1 added"))
    let quiet = try Tool.run(["index", "--rebuild", "-"], in: folder, input: "{\"text\":\"x\"}")
    #expect(!quiet.errors.contains("\u{1B}"))
  }

  @Test func `an interrupted first run leaves an index that the next run fills`() throws {
    for number in 0..<20 { try folder.write("d/\(number).txt", "متن شماره \(number)") }
    let process = try Tool.start(
      ["index", "d", "feed.jsonl"], in: folder.path, input: Tool.reading("/dev/null"),
      output: Tool.writing(folder.path + "/output"), errors: Tool.writing(folder.path + "/errors"))
    let input = try openFeed()
    feed(0..<10, to: input)
    kill(process, SIGINT)
    let end = Tool.wait(for: process)
    close(input)
    #expect(end.signal == SIGINT)
    #expect(try Tool.run(["verify"], in: folder).status == 0)
    let next = try Tool.run(["index", "d"], in: folder)
    #expect(next.status == 0)
    #expect(next.errors.hasSuffix("20 documents in .searchctl\n"))
    #expect(try Tool.run(["count", "متن"], in: folder).output == "20\n")
  }

  @Test func `a text that is too large for one document is told and costs no memory`() throws {
    let large = open(folder.path + "/large.txt", O_WRONLY | O_CREAT, 0o600)
    // Five gigabytes of nothing: a hole takes no room on the device.
    try #require(ftruncate(large, 5_000_000_000) == 0)
    close(large)
    try folder.write("small.txt", "متن کوچک")
    let result = try Tool.run(["index", "large.txt", "small.txt"], in: folder)
    #expect(result.status == 2)
    #expect(result.errors.contains("large.txt: larger than 64 MiB"))
    #expect(try Tool.run(["count", "متن"], in: folder).output == "1\n")
  }
}
