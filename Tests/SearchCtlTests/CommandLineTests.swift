// SPDX-License-Identifier: Apache-2.0

import Testing

struct CommandLineTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `without a command it prints help to standard error and fails`() throws {
    let result = try Tool.run([], in: folder)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("Usage: searchctl"))
  }

  @Test func `help begins with three examples, one of them Persian`() throws {
    let result = try Tool.run(["--help"], in: folder)
    let examples = result.output.split(separator: "\n").filter { $0.hasPrefix("  searchctl ") }
    #expect(result.status == 0)
    #expect(examples.prefix(3).count == 3)
    #expect(examples.prefix(3).contains { $0.contains("تعاونی") })
    try expectSnapshot(result.output, "help.txt")
  }

  @Test func `the help of every command is as recorded and fits 79 columns`() throws {
    let commands = try Tool.run(["completions", "fish"], in: folder).lines
      .filter { $0.contains("__fish_use_subcommand") }
      .compactMap { $0.split(separator: "-a ").last?.split(separator: " ").first.map(String.init) }
    #expect(commands.contains("analyze"))
    var all = ""
    for command in commands {
      let result = try Tool.run([command, "--help"], in: folder)
      #expect(result.status == 0)
      let short = try Tool.run([command, "-h"], in: folder)
      #expect(result.output.contains(short.output))
      all += "$ searchctl \(command) --help\n" + result.output + "\n"
    }
    for line in all.split(separator: "\n") { #expect(line.count <= 79, "\(line)") }
    try expectSnapshot(all, "help-commands.txt")
  }

  @Test func `the manual page is as recorded`() throws {
    let result = try Tool.run(["man"], in: folder)
    #expect(result.status == 0)
    try expectSnapshot(result.output, "../../../docs/searchctl.1")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions are as recorded`(shell: String) throws {
    let result = try Tool.run(["completions", shell], in: folder)
    #expect(result.status == 0)
    try expectSnapshot(result.output, "completions.\(shell)")
  }

  @Test func `an unknown command suggests the nearest`() throws {
    let result = try Tool.run(["anlayze"], in: folder)
    #expect(result.status == 2)
    #expect(
      result.errors == """
        searchctl: unknown command 'anlayze'
          did you mean `searchctl analyze`?

        """)
  }

  @Test func `an unknown option suggests the nearest`() throws {
    let result = try Tool.run(["analyze", "--trems", "x"], in: folder)
    #expect(result.status == 2)
    #expect(result.errors.contains("unknown option --trems"))
    #expect(result.errors.contains("did you mean --terms?"))
  }

  @Test func `options may follow operands, be joined, and take values in both forms`() throws {
    let expected = try Tool.run(["analyze", "--terms", "--color", "never", "abc"], in: folder)
    #expect(expected.output == "abc\n")
    for words in [
      ["analyze", "abc", "-tq", "--color=never"], ["--color=never", "analyze", "-t", "abc"],
      ["analyze", "-t", "--", "abc"],
    ] {
      #expect(try Tool.run(words, in: folder).output == expected.output)
    }
  }

  @Test func `an option without its value and a flag with one are refused`() throws {
    #expect(try Tool.run(["analyze", "x", "--color"], in: folder).status == 2)
    #expect(try Tool.run(["analyze", "x", "--color=pink"], in: folder).status == 2)
    let result = try Tool.run(["analyze", "--json=yes", "x"], in: folder)
    #expect(result.status == 2)
    #expect(result.errors.contains("--json takes no value"))
  }

  @Test func `the version is one line`() throws {
    let result = try Tool.run(["--version"], in: folder)
    #expect(result.status == 0)
    #expect(result.lines.count == 1)
    #expect(result.output.hasPrefix("searchctl 0.1.0 (writes index format "))
  }
}
