// SPDX-License-Identifier: Apache-2.0

/// One option of the command line: the single source of its parsing, help, manual and completion.
struct Option: Sendable {
  /// What may follow an option.
  enum Value: Sendable {
    case none
    case text(String)
    case number(String, ClosedRange<Int>)
    case choice(String, [String])
    case file(String)
    case directory(String)

    /// How help and manual call the value; `nil` where the option takes none.
    var placeholder: String? {
      switch self {
      case .none: nil
      case .text(let name), .number(let name, _), .choice(let name, _), .file(let name),
        .directory(let name):
        name
      }
    }
  }

  /// The long name, without its dashes.
  let name: String
  /// The letter of the short form, where there is one.
  let letter: Character?
  /// What follows the option.
  let value: Value
  /// Whether each occurrence adds a value; otherwise the last one wins.
  let repeats: Bool
  /// What it does: one line that begins with a small letter and has no full stop.
  let summary: String

  init(
    _ name: String, _ letter: Character? = nil, _ value: Value = .none, repeats: Bool = false,
    summary: String
  ) {
    self.name = name
    self.letter = letter
    self.value = value
    self.repeats = repeats
    self.summary = summary
  }
}
