// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Which member of a record, or column of a table, is which part of a document.
struct FieldMap: Sendable {
  /// A part of a document that every index of the tool has.
  enum Part: String, CaseIterable, Sendable {
    case key
    case title
    case text
    case published

    /// The names that are looked for where the user names none; the first that is there counts.
    var customaryNames: [String] {
      switch self {
      case .key: ["id", "key", "_id", "docno"]
      case .title: ["title", "headline"]
      case .text: ["text", "body", "content", "contents"]
      case .published: ["published", "date", "datePublished", "timestamp"]
      }
    }
  }

  private var names: [Part: [String]] = [:]
  /// The fields of the index that take their value from a member of another name.
  private(set) var others: [String: String] = [:]

  /// Creates a map.
  ///
  /// - Parameter rules: Rules as given to `--map`, as in `text=content`.
  /// - Throws: ``Failure`` where a rule is none.
  init(_ rules: [String] = []) throws {
    for part in Part.allCases { names[part] = part.customaryNames }
    for rule in rules {
      let halves = rule.split(separator: "=", maxSplits: 1).map(String.init)
      guard halves.count == 2 else {
        throw Failure(
          "--map takes FIELD=NAME, not '\(Sanitizer.visible(rule))'",
          hint: "FIELD is key, title, text, published or a field of the index")
      }
      switch halves[0] {
      case "body": names[.text] = [halves[1]]
      case "id": names[.key] = [halves[1]]
      default:
        if let part = Part(rawValue: halves[0]) {
          names[part] = [halves[1]]
        } else {
          others[halves[0]] = halves[1]
        }
      }
    }
  }

  /// The value of a part in a record; `nil` where the record lacks it.
  func value(of part: Part, in members: [JSONValue.Member]) -> JSONValue? {
    for name in names[part] ?? [] {
      if let member = members.first(where: { $0.name == name }), member.value != .null {
        return member.value
      }
    }
    return nil
  }

  /// The value for another field of the index; `nil` where the record lacks it.
  func value(ofField field: String, in members: [JSONValue.Member]) -> JSONValue? {
    let name = others[field] ?? field
    guard let member = members.first(where: { $0.name == name }), member.value != .null else {
      return nil
    }
    return member.value
  }

  /// The names that the text is looked for under, for messages.
  var textNames: [String] { names[.text] ?? [] }
}
