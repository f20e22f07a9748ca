// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// The fields that every index made by the tool has.
enum Fields {
  static let title = "title"
  static let text = "text"
  /// The file a document came from.
  static let path = "path"
  static let published = "published"
  static let standard: Set<String> = [title, text, path, published]

  /// The schema of a new index.
  ///
  /// - Parameter rules: Further fields as given to `--field`, as in `category:keyword`.
  /// - Returns: The schema.
  /// - Throws: ``Failure`` where a rule is none.
  static func schema(_ rules: [String]) throws -> Schema {
    var fields: [Field] = [
      .text(title, weight: 2), .text(text), .keyword(path), .date(published),
    ]
    for rule in rules {
      let halves = rule.split(separator: ":").map(String.init)
      guard halves.count == 2, let field = field(halves[0], halves[1]) else {
        throw Failure(
          "--field takes NAME:KIND, not '\(Sanitizer.visible(rule))'",
          hint: "KIND is text, keyword, integer, number, date or stored")
      }
      fields.append(field)
    }
    return Schema(fields)
  }

  private static func field(_ name: String, _ kind: String) -> Field? {
    switch kind {
    case "text": .text(name)
    case "keyword": .keyword(name)
    case "integer": .integer(name)
    case "number": .number(name)
    case "date": .date(name)
    case "stored": .stored(name)
    default: nil
    }
  }

  /// Makes a document of the index from what a file gave.
  ///
  /// A member whose value does not fit its field is left out: one odd date must not keep a text
  /// from being found.
  static func document(
    _ source: SourceDocument, schema: Schema, map: FieldMap
  ) -> Document {
    var document = Document(key: DocumentKey(source.key))
    if let title = source.title { document[Self.title] = .text(title) }
    document[text] = .text(source.text)
    if let path = source.path { document[Self.path] = .text(path) }
    if let published = source.published { document[Self.published] = .date(published) }
    for field in schema.fields where !standard.contains(field.name) {
      if let value = map.value(ofField: field.name, in: source.members) {
        document[field.name] = fieldValue(value, kind: field.kind)
      }
    }
    return document
  }

  private static func fieldValue(_ value: JSONValue, kind: Field.Kind) -> FieldValue? {
    guard let text = value.text else { return nil }
    switch kind {
    case .text, .keyword, .stored: return .text(text)
    case .integer: return Int64(Digits.latin(text)).map(FieldValue.integer)
    case .number:
      guard let number = Double(Digits.latin(text)), number.isFinite else { return nil }
      return .number(number)
    case .date: return DateText.timestamp(text).map(FieldValue.date)
    }
  }
}
