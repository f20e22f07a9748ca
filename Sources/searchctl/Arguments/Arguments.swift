// SPDX-License-Identifier: Apache-2.0

/// A parsed command line.
struct Arguments: Sendable {
  /// The words that are not options, in their order.
  let operands: [String]
  private let values: [String: [String]]

  init(operands: [String], values: [String: [String]]) {
    self.operands = operands
    self.values = values
  }

  /// Whether an option was given.
  func has(_ option: Option) -> Bool { values[option.name] != nil }

  /// The value of an option; `nil` where it was not given.
  func string(_ option: Option) -> String? { values[option.name]?.last }

  /// All values of an option that may be repeated.
  func strings(_ option: Option) -> [String] { values[option.name] ?? [] }

  /// The value of an option that takes a number; `nil` where it was not given.
  func number(_ option: Option) -> Int? { string(option).flatMap { Int($0) } }
}
