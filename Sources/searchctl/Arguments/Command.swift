// SPDX-License-Identifier: Apache-2.0

/// One command of the tool: the single source of its parsing, help, manual and completion.
struct Command: Sendable {
  /// What the words after a command stand for.
  struct Operand: Sendable {
    /// What completes a word of this kind.
    enum Kind: Sendable {
      case text
      case path
      case choice([String])
    }

    /// The name in the usage line, with its brackets and dots, as in `[PATH...]`.
    let usage: String
    let kind: Kind
    /// How many of them the command takes.
    let count: ClosedRange<Int>

    static let nothing = Operand(usage: "", kind: .text, count: 0...0)
  }

  /// A command line and what it does.
  struct Example: Sendable {
    let line: String
    let summary: String
  }

  let name: String
  /// What it does: one line that begins with a small letter and has no full stop.
  let summary: String
  let operand: Operand
  let options: [Option]
  /// Paragraphs of explanation for `--help` and the manual.
  let discussion: [String]
  let examples: [Example]
  let run: @Sendable (Arguments, Console) throws -> ExitStatus

  /// The options of this command and those that every command takes.
  var allOptions: [Option] { options + Options.common }

  /// The usage line, as in `searchctl query [options] QUERY...`.
  var usage: String {
    "searchctl \(name) [options]" + (operand.usage.isEmpty ? "" : " " + operand.usage)
  }
}
