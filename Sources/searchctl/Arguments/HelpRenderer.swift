// SPDX-License-Identifier: Apache-2.0

/// Writes help from the table of commands, at most 79 columns wide.
enum HelpRenderer {
  static let width = 79

  /// The help of the tool as a whole.
  static func overview(isLong: Bool) -> String {
    var text = "searchctl: full-text search for Persian\n\n"
    text += examples(CommandTable.examples)
    text += "\nUsage: searchctl COMMAND [options] ...\n\nCommands:\n"
    text += rows(CommandTable.all.map { ($0.name, $0.summary) })
    text += "\nOptions:\n"
    text += rows(
      Options.common.map { (label($0), $0.summary) } + [("    --version", "print the version")])
    text += "\nSee `searchctl COMMAND --help`. The manual: `searchctl man | man -l -`.\n"
    if isLong {
      text += "\nExit status:\n" + rows(exitStatuses) + "\nEnvironment:\n" + rows(variables)
    }
    return text
  }

  /// The help of one command.
  static func help(of command: Command, isLong: Bool) -> String {
    var text = ""
    if isLong, !command.examples.isEmpty {
      text += examples(command.examples) + "\n"
    }
    text += "Usage: \(command.usage)\n\n"
    text += wrapped(capitalized(command.summary) + ".", indent: 0)
    text += "\nOptions:\n" + rows(command.allOptions.map { (label($0), $0.summary) })
    if isLong {
      for paragraph in command.discussion {
        text += "\n" + wrapped(paragraph, indent: 0)
      }
    }
    return text
  }

  static let exitStatuses = [
    ("0", "done; for a search: at least one hit"),
    ("1", "a search found nothing, or a check found problems"),
    ("2", "an error: usage, input, query or index"),
    ("75", "another writer holds the index; try again later"),
    ("130", "interrupted; the last commit stands"),
  ]

  static let variables = [
    ("SEARCHCTL_INDEX", "the index, where --index is not given"),
    ("NO_COLOR", "turns automatic colour off"),
    ("TMPDIR", "where temporary files go"),
  ]

  /// How an option is shown, as in `-i, --index DIR`.
  static func label(_ option: Option) -> String {
    let short = option.letter.map { "-\($0), " } ?? "    "
    return short + "--" + option.name + (option.value.placeholder.map { " \($0)" } ?? "")
  }

  private static func examples(_ examples: [Command.Example]) -> String {
    "Examples:\n"
      + examples.map { "  # \($0.summary)\n  \($0.line)\n" }.joined()
  }

  /// Two columns; the second wraps under itself.
  private static func rows(_ rows: [(String, String)]) -> String {
    let column = min(27, (rows.map { DisplayWidth.of($0.0) }.max() ?? 0) + 4)
    var text = ""
    for (left, right) in rows {
      var line = "  " + left
      if DisplayWidth.of(line) + 2 > column {
        text += line + "\n"
        line = ""
      }
      line += String(repeating: " ", count: column - DisplayWidth.of(line))
      text += line + String(wrapped(right, indent: column).drop { $0 == " " })
    }
    return text
  }

  static func wrapped(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + DisplayWidth.of(line) + 1 + DisplayWidth.of(String(word)) > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines.map { margin + $0 + "\n" }.joined()
  }

  static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
