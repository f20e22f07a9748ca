// SPDX-License-Identifier: Apache-2.0

/// The command line of the peer protocol: one command, then pairs of `--name value`.
struct Arguments {
  let command: String
  private var values: [String: String] = [:]

  init(_ words: [String]) throws(Failure) {
    guard let command = words.first else { throw Failure("name a command: build or search") }
    self.command = command
    var index = 1
    while index < words.count {
      guard words[index].hasPrefix("--"), index + 1 < words.count else {
        throw Failure("'\(words[index])' needs the form --name value")
      }
      values[String(words[index].dropFirst(2))] = words[index + 1]
      index += 2
    }
  }

  func text(_ name: String) throws(Failure) -> String {
    guard let value = values[name] else { throw Failure("--\(name) is missing") }
    return value
  }

  func text(_ name: String, default value: String) -> String {
    values[name] ?? value
  }

  func number(_ name: String, default value: Int) throws(Failure) -> Int {
    guard let text = values[name] else { return value }
    guard let number = Int(text) else { throw Failure("--\(name) takes a number, not '\(text)'") }
    return number
  }
}

/// What ends the program with a message.
struct Failure: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
