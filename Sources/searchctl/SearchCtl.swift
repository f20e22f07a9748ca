// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// The tool's entry: finds the command, runs it, and turns what it threw into an exit status.
@main
enum SearchCtl {
  static func main() {
    Signals.ignoreClosedPipes()
    let status = run(Array(CommandLine.arguments.dropFirst()))
    Environment.exit(status.rawValue)
  }

  private static func run(_ words: [String]) -> ExitStatus {
    do {
      return try dispatch(words)
    } catch is ClosedPipe {
      return .success
    } catch _ where Signals.isInterrupted {
      // Whatever failed, it failed because the user wants it to stop.
      Signals.reraise()
    } catch let failure as Failure {
      Console.report(failure)
      return failure.status
    } catch let error as IndexError {
      let failure = Failure(error)
      Console.report(failure)
      return failure.status
    } catch {
      Console.report(Failure("\(error)"))
      return .failure
    }
  }

  private static func dispatch(_ words: [String]) throws -> ExitStatus {
    var words = words
    var leading: [String] = []
    // Options before the command are those that all commands take, or --index.
    while let word = words.first, word.hasPrefix("-") {
      switch word {
      case "-h": return try printText(HelpRenderer.overview(isLong: false))
      case "--help": return try printText(HelpRenderer.overview(isLong: true))
      case "--version", "-V": return try printText(Version.text)
      case "-q", "--quiet":
        leading.append(words.removeFirst())
      case "-i", "--index", "--color":
        leading += words.prefix(2)
        words.removeFirst(min(2, words.count))
      case _ where word.hasPrefix("--index=") || word.hasPrefix("--color="):
        leading.append(words.removeFirst())
      default:
        throw Failure(
          "unknown option \(Sanitizer.visible(word))", hint: "see `searchctl --help`")
      }
    }
    guard let name = words.first else {
      Console.report(HelpRenderer.overview(isLong: false))
      return .failure
    }
    words.removeFirst()
    if name == "help" {
      guard let topic = words.first, topic != "--help", topic != "-h" else {
        return try printText(HelpRenderer.overview(isLong: true))
      }
      return try printText(
        HelpRenderer.help(of: CommandTable.command(named: topic), isLong: true))
    }
    return try execute(CommandTable.command(named: name), leading + words)
  }

  private static func execute(_ command: Command, _ words: [String]) throws -> ExitStatus {
    let parser = ArgumentParser(command: command)
    let arguments = try parser.parse(words)
    if arguments.has(Options.help) {
      return try printText(HelpRenderer.help(of: command, isLong: !words.contains("-h")))
    }
    try parser.checkOperands(arguments)
    let console = Console(arguments)
    do {
      let status = try command.run(arguments, console)
      try console.output.flush()
      return status
    } catch let error {
      // What was found before the failure is still worth having.
      if !(error is ClosedPipe) { try console.output.flush() }
      throw error
    }
  }

  private static func printText(_ text: String) throws -> ExitStatus {
    var output = StandardOutput()
    try output.write(text)
    try output.flush()
    return .success
  }
}
