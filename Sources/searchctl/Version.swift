// SPDX-License-Identifier: Apache-2.0

/// The version of the tool.
enum Version {
  static let number = "0.1.0"

  /// What `--version` prints.
  static var text: String { "searchctl \(number)\n" }
}
