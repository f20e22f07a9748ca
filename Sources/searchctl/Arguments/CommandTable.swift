// SPDX-License-Identifier: Apache-2.0

/// The commands of the tool.
enum CommandTable {
  static let all: [Command] = [
    IndexCommand.command,
    QueryCommand.command,
    SimilarCommand.command,
    CountCommand.command,
    SuggestCommand.command,
    AnalyzeCommand.command,
    InfoCommand.command,
    TermsCommand.command,
    InspectCommand.command,
    VerifyCommand.command,
    RecoverCommand.command,
    DeleteCommand.command,
    OptimizeCommand.command,
    ExportCommand.command,
    ImportCommand.command,
    MergeCommand.command,
    StatisticsCommand.command,
    ManCommand.command,
    CompletionsCommand.command,
  ]

  /// The examples that the help begins with.
  static let examples = [
    Command.Example(line: "searchctl index seeds/", summary: "index a folder of text files"),
    Command.Example(
      line: "searchctl query \"تعاونی توسعه و عمران\"", summary: "search it, best documents first"),
    Command.Example(
      line: "searchctl query --json کتاب | head -1", summary: "for programs: one object per line"),
  ]

  /// The command of that name.
  ///
  /// - Throws: ``Failure`` that names the nearest command.
  static func command(named name: String) throws -> Command {
    if let command = all.first(where: { $0.name == name }) { return command }
    let hint =
      if let nearest = Suggestion.nearest(to: name, among: all.map(\.name)) {
        "did you mean `searchctl \(nearest)`?"
      } else {
        "see `searchctl --help`"
      }
    throw Failure("unknown command '\(Sanitizer.visible(name))'", hint: hint)
  }
}
