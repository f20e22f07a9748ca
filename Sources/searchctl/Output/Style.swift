// SPDX-License-Identifier: Apache-2.0

/// How text for people looks: colour, direction marks and digits.
///
/// On a terminal, matched words are coloured and each Persian field is wrapped in an isolate
/// (U+2068 … U+2069), so that its direction does not move the numbers beside it. In pipes and
/// files neither is written.
struct Style: Sendable {
  /// How matched words are marked.
  enum Highlight: String, CaseIterable, Sendable {
    case color
    case brackets
    case none
  }

  let isColored: Bool
  let isIsolated: Bool
  let hasPersianDigits: Bool
  let highlight: Highlight

  init(_ arguments: Arguments, isTerminal: Bool) {
    switch arguments.string(Options.color) {
    case "always": isColored = true
    case "never": isColored = false
    default:
      isColored =
        isTerminal && Environment.value("NO_COLOR") == nil && Environment.value("TERM") != "dumb"
    }
    switch arguments.string(Options.bidi) {
    case "isolate": isIsolated = true
    case "never": isIsolated = false
    default: isIsolated = isTerminal
    }
    hasPersianDigits = arguments.string(Options.digits) == "persian"
    let asked = arguments.string(Options.highlight).flatMap(Highlight.init)
    highlight = asked ?? (isColored ? .color : .brackets)
  }

  /// Wraps a field of document text in an isolate where that is wanted.
  func isolated(_ text: String) -> String {
    isIsolated ? "\u{2068}" + text + "\u{2069}" : text
  }

  /// Writes a number in the chosen digits.
  func number(_ text: String) -> String {
    hasPersianDigits ? Digits.persian(text) : text
  }

  /// What stands before and after a matched word.
  var marks: (open: String, close: String) {
    switch highlight {
    case .color: isColored ? ("\u{1B}[1;31m", "\u{1B}[0m") : ("", "")
    case .brackets: ("«", "»")
    case .none: ("", "")
    }
  }

  /// Sets off a heading, such as a title.
  func bold(_ text: String) -> String { isColored ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  /// Puts a detail into the background.
  func dim(_ text: String) -> String { isColored ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
