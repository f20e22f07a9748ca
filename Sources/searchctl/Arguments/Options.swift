// SPDX-License-Identifier: Apache-2.0

/// The options, each defined once; a command lists those it takes.
enum Options {
  static let help = Option(
    "help", "h", summary: "print help; -h is the short form of it")
  static let color = Option(
    "color", nil, .choice("WHEN", ["auto", "always", "never"]),
    summary: "colour: auto (on a terminal, unless NO_COLOR is set), always or never")
  static let quiet = Option(
    "quiet", "q", summary: "print no summary and no progress")

  /// Those that every command takes.
  static let common = [color, quiet, help]

  static let index = Option(
    "index", "i", .directory("DIR"),
    summary: "the index; otherwise SEARCHCTL_INDEX, or .searchctl here or above")
  static let json = Option(
    "json", nil, summary: "print JSON Lines, one object per line")
  static let bidi = Option(
    "bidi", nil, .choice("WHEN", ["auto", "isolate", "never"]),
    summary: "wrap Persian fields in direction isolates; auto does so on a terminal")
  static let digits = Option(
    "digits", nil, .choice("KIND", ["latin", "persian"]),
    summary: "the digits of ranks and counts: latin or persian")
  static let highlight = Option(
    "highlight", nil, .choice("HOW", ["color", "brackets", "none"]),
    summary: "how matched words are marked; without colour the default is brackets")

  static let terms = Option(
    "terms", "t", summary: "print the terms alone, one line for each line of text")
}
