// SPDX-License-Identifier: Apache-2.0

extension CompletionRenderer {
  /// Commands for fish.
  static func fish() -> String {
    var script = "# fish completion for searchctl; written by `searchctl completions fish`\n"
    script += "complete -c searchctl -f\n"
    for command in CommandTable.all {
      script +=
        "complete -c searchctl -n __fish_use_subcommand"
        + " -a \(command.name) -d '\(quoted(command.summary))'\n"
    }
    let commands = CommandTable.all.map(\.name).joined(separator: " ")
    script +=
      "complete -c searchctl -n __fish_use_subcommand -a help -d '\(helpSummary)'\n"
      + "complete -c searchctl -n '__fish_seen_subcommand_from help' -a '\(commands)'\n"
    for command in CommandTable.all {
      let condition = "-n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.allOptions {
        var line = "complete -c searchctl \(condition) -l \(option.name)"
        if let letter = option.letter { line += " -s \(letter)" }
        switch option.value {
        case .none: break
        case .text, .number: line += " -x"
        case .choice(_, let words): line += " -x -a '\(words.joined(separator: " "))'"
        case .file: line += " -r -F"
        case .directory: line += " -x -a '(__fish_complete_directories)'"
        }
        script += line + " -d '\(quoted(option.summary))'\n"
      }
      switch command.operand.kind {
      case .text: break
      case .path: script += "complete -c searchctl \(condition) -F\n"
      case .choice(let words):
        script += "complete -c searchctl \(condition) -a '\(words.joined(separator: " "))'\n"
      }
    }
    return script
  }

  private static func quoted(_ text: String) -> String {
    text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
  }
}
