// SPDX-License-Identifier: Apache-2.0

/// Writes the manual page from the table of commands, in the `man` macros of roff.
enum ManRenderer {
  static func page() -> String {
    var page = """
      .\\" Written by `searchctl man`; do not edit.
      .TH SEARCHCTL 1 "\(Version.date)" "searchctl \(Version.number)" "User Commands"
      .SH NAME
      searchctl \\- full\\-text search for Persian
      .SH SYNOPSIS
      .B searchctl
      .I COMMAND
      [\\fIoptions\\fR] ...
      .SH EXAMPLES

      """
    page += examples(CommandTable.examples)
    page += ".SH COMMANDS\n"
    for command in CommandTable.all {
      page += ".SS " + escaped(command.usage) + "\n"
      page += escaped(HelpRenderer.capitalized(command.summary) + ".") + "\n"
      for paragraph in command.discussion {
        page += ".PP\n" + escaped(paragraph) + "\n"
      }
      for option in command.options {
        page += row(option)
      }
      if !command.examples.isEmpty {
        page += ".PP\nExamples:\n.PP\n" + examples(command.examples)
      }
    }
    page += ".SH \"OPTIONS OF EVERY COMMAND\"\n"
    page += Options.common.map(row).joined()
    page += ".SH \"EXIT STATUS\"\n"
    page += HelpRenderer.exitStatuses.map { row($0.0, $0.1) }.joined()
    page += ".SH ENVIRONMENT\n"
    page += HelpRenderer.variables.map { row($0.0, $0.1) }.joined()
    page += """
      .SH TERMINALS
      Text is written in logical order and never shaped or reversed here: that is the terminal's
      part. On a terminal each Persian field is wrapped in an isolate, so that ranks and scores
      stay in their places. Where lines should take their direction from their first letter,
      terminals that follow the BiDi proposal of the Terminal Working Group can be told so:
      .PP
      .RS
      printf \\(aq\\ee[?2501h\\(aq
      .RE
      .PP
      Terminals that break words apart where their colour changes do better with
      .BR "\\-\\-highlight brackets" .

      """
    return page
  }

  private static func examples(_ examples: [Command.Example]) -> String {
    examples.map { "\(escaped($0.summary)):\n.PP\n.RS\n\(escaped($0.line))\n.RE\n" }
      .joined(separator: ".PP\n")
  }

  private static func row(_ option: Option) -> String {
    var label = option.letter.map { "\\fB\\-\($0)\\fR, " } ?? ""
    label += "\\fB\\-\\-\(escaped(option.name))\\fR"
    if let placeholder = option.value.placeholder { label += " \\fI\(placeholder)\\fR" }
    return ".TP\n\(label)\n\(escaped(option.summary))\n"
  }

  private static func row(_ label: String, _ text: String) -> String {
    ".TP\n\\fB\(escaped(label))\\fR\n\(escaped(text))\n"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "`": result += "\\(ga"
      case "'": result += "\\(aq"
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") ? "\\&" + result : result
  }
}
