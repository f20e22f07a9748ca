// SPDX-License-Identifier: Apache-2.0

/// Reads a command line by the table of options.
///
/// Understood are `--option value`, `--option=value`, `-o value`, `-ovalue`, flags joined as in
/// `-abc`, and `--`, after which everything is an operand. A word whose dash is followed by a
/// letter outside ASCII is an operand, so that `query کتاب -مجله` says what it seems to say.
struct ArgumentParser {
  let command: Command

  func parse(_ words: some Sequence<String>) throws -> Arguments {
    var operands: [String] = []
    var values: [String: [String]] = [:]
    var rest = Array(words)[...]

    func record(_ option: Option, _ value: String) throws {
      let value = try checked(value, for: option)
      if option.repeats {
        values[option.name, default: []].append(value)
      } else {
        values[option.name] = [value]
      }
    }

    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      if word.hasPrefix("--") {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1)
        let name = parts.first.map(String.init) ?? ""
        let option = try longOption(name)
        let attached = word.firstIndex(of: "=").map { String(word[word.index(after: $0)...]) }
        if case .none = option.value {
          guard attached == nil else { throw usageFailure("--\(name) takes no value") }
          try record(option, "")
        } else if let value = attached ?? rest.popFirst() {
          try record(option, value)
        } else {
          throw usageFailure("--\(name) needs a value: \(option.value.placeholder ?? "")")
        }
      } else if word.hasPrefix("-"), let first = word.dropFirst().first, first.isASCII {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
          let option = try shortOption(letter)
          if case .none = option.value {
            try record(option, "")
            continue
          }
          let attached = letters.first == "=" ? letters.dropFirst() : letters
          letters = ""
          if !attached.isEmpty {
            try record(option, String(attached))
          } else if let value = rest.popFirst() {
            try record(option, value)
          } else {
            throw usageFailure("-\(letter) needs a value: \(option.value.placeholder ?? "")")
          }
        }
      } else {
        operands.append(word)
      }
    }
    return Arguments(operands: operands, values: values)
  }

  /// Checks the number of operands; kept apart from ``parse(_:)`` because `--help` needs none.
  func checkOperands(_ arguments: Arguments) throws {
    let count = arguments.operands.count
    if count < command.operand.count.lowerBound {
      throw usageFailure("\(command.operand.usage) is missing")
    }
    if count > command.operand.count.upperBound {
      let surplus = arguments.operands[command.operand.count.upperBound]
      throw usageFailure("unexpected argument '\(Sanitizer.visible(surplus))'")
    }
  }

  private func longOption(_ name: String) throws -> Option {
    if let option = command.allOptions.first(where: { $0.name == name }) { return option }
    let names = command.allOptions.map(\.name)
    var hint = "see `searchctl \(command.name) --help`"
    if let nearest = Suggestion.nearest(to: name, among: names) {
      hint = "did you mean --\(nearest)?"
    }
    throw Failure("unknown option --\(Sanitizer.visible(name))", hint: hint)
  }

  private func shortOption(_ letter: Character) throws -> Option {
    if let option = command.allOptions.first(where: { $0.letter == letter }) { return option }
    throw Failure(
      "unknown option -\(Sanitizer.visible(String(letter)))",
      hint: "see `searchctl \(command.name) --help`; put `--` before words that begin with a dash")
  }

  private func checked(_ value: String, for option: Option) throws -> String {
    switch option.value {
    case .none, .text: return value
    case .file, .directory:
      if value.isEmpty { throw usageFailure("--\(option.name) needs a path") }
      return value
    case .number(_, let range):
      guard let number = Int(Digits.latin(value)), range.contains(number) else {
        throw usageFailure(
          "--\(option.name) takes a number from \(range.lowerBound) to \(range.upperBound),"
            + " not '\(Sanitizer.visible(value))'")
      }
      return String(number)
    case .choice(_, let choices):
      guard choices.contains(value) else {
        throw usageFailure(
          "--\(option.name) is one of \(choices.joined(separator: ", ")),"
            + " not '\(Sanitizer.visible(value))'")
      }
      return value
    }
  }

  private func usageFailure(_ message: String) -> Failure {
    Failure(message, hint: "usage: \(command.usage)")
  }
}
