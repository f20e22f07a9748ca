// SPDX-License-Identifier: Apache-2.0

/// A value of JSON (RFC 8259); numbers keep their spelling, so that no digit is lost.
package enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number as it is spelt.
  case number(String)
  /// A text.
  case string(String)
  /// Values in their order.
  case array([JSONValue])
  /// Members in their order.
  case object([Member])

  /// One name and its value.
  package struct Member: Sendable, Equatable {
    /// The name.
    package let name: String
    /// The value.
    package let value: JSONValue

    /// Creates a member.
    package init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The value as text; `nil` for `null` and for arrays and objects without text.
  package var text: String? {
    switch self {
    case .null, .object: nil
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): text
    case .array(let values):
      values.compactMap(\.text).isEmpty
        ? nil : values.compactMap(\.text).joined(separator: "\n")
    }
  }
}
