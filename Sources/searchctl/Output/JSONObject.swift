// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// One JSON object on one line, its members in the order given.
///
/// Text stays UTF-8 as it is; quotes, backslashes and control characters are escaped. Numbers are
/// in ASCII digits.
struct JSONObject {
  /// The version of the objects' shape, raised when a member changes its meaning or goes away.
  static let formatVersion = 1

  private var text: String

  /// Creates an object with its type as the first member.
  init(type: String) {
    text = "{\"type\":\"\(type)\""
  }

  /// Creates an object without members; used for objects within objects.
  init() {
    text = "{"
  }

  /// The object in one line.
  var description: String { text + "}" }

  /// Whether the object has no member.
  var isEmpty: Bool { text == "{" }

  mutating func set(_ name: String, _ value: String) {
    append(name, JSONText.quoted(value))
  }

  mutating func set(_ name: String, _ value: Int) {
    append(name, String(value))
  }

  mutating func set(_ name: String, _ value: UInt64) {
    append(name, String(value))
  }

  mutating func set(_ name: String, _ value: Bool) {
    append(name, value ? "true" : "false")
  }

  /// Sets a number; those that JSON cannot say become `null`.
  mutating func set(_ name: String, _ value: Double) {
    append(name, value.isFinite ? "\(value)" : "null")
  }

  mutating func set(_ members: KeyValuePairs<String, Int>) {
    for (name, value) in members { set(name, value) }
  }

  mutating func set(_ name: String, _ values: [Int]) {
    append(name, "[" + values.map { String($0) }.joined(separator: ",") + "]")
  }

  mutating func set(_ name: String, _ values: [String]) {
    append(name, "[" + values.map(JSONText.quoted).joined(separator: ",") + "]")
  }

  mutating func set(_ name: String, _ values: [JSONObject]) {
    append(name, "[" + values.map(\.description).joined(separator: ",") + "]")
  }

  mutating func set(_ name: String, _ value: FieldValue) {
    switch value {
    case .text, .date: set(name, value.description)
    case .integer(let number): append(name, String(number))
    case .number(let number): set(name, number)
    }
  }

  mutating func set(_ name: String, _ value: JSONObject) {
    append(name, value.description)
  }

  private mutating func append(_ name: String, _ value: String) {
    if text.utf8.last != UInt8(ascii: "{") { text += "," }
    text += JSONText.quoted(name) + ":" + value
  }
}
