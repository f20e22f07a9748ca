// SPDX-License-Identifier: Apache-2.0

/// A value of JSON (RFC 8259); numbers keep their spelling, so that no digit is lost.
enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// One name and its value.
  struct Member: Sendable, Equatable {
    let name: String
    let value: JSONValue
  }

  /// The value as text; `nil` for `null` and for arrays and objects without text.
  var text: String? {
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
