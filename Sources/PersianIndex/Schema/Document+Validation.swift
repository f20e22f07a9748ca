// SPDX-License-Identifier: Apache-2.0

extension Document {
  /// The most bytes of UTF-8 that one field can hold: 1 GiB.
  public static let maximumFieldLength = 1 << 30

  /// Returns the document with its values in the kinds that a schema asks for.
  ///
  /// An integer given for a number field becomes a number; nothing else is converted.
  package func fitted(to schema: Schema) throws(IndexError) -> Document {
    let length = key.text.utf8.count
    guard length > 0, length <= DocumentKey.maximumLength else {
      throw IndexError(
        .invalidDocument,
        "a document key must have 1 to \(DocumentKey.maximumLength) bytes, this one has \(length)")
    }
    var document = self
    for (name, value) in fields {
      guard let place = schema.index(of: name) else {
        throw IndexError(
          .invalidDocument,
          "document '\(key)' has a field '\(name)' that the schema does not have; "
            + "its fields are \(schema.fields.map(\.name).joined(separator: ", "))")
      }
      let kind = schema.fields[place].kind
      switch (kind, value) {
      case (.text, .text(let text)), (.keyword, .text(let text)), (.stored, .text(let text)):
        let limit = kind == .keyword ? DocumentKey.maximumLength : Self.maximumFieldLength
        guard text.utf8.count <= limit else {
          throw IndexError(
            .invalidDocument,
            "field '\(name)' of document '\(key)' has \(text.utf8.count) bytes; "
              + "it can have at most \(limit)")
        }
      case (.integer, .integer), (.date, .date): break
      case (.stored, _): break
      case (.number, .number(let number)) where number.isFinite: break
      case (.number, .integer(let number)): document.fields[name] = .number(Double(number))
      default:
        throw IndexError(
          .invalidDocument,
          "field '\(name)' of document '\(key)' holds \(value), "
            + "which is not the \(kind) that the schema asks for")
      }
    }
    return document
  }
}

extension FieldValue {
  /// The value as a column keeps it: a number whose order is the order of the values.
  package var columnValue: Int64? {
    switch self {
    case .text: nil
    case .integer(let number): number
    case .number(let number): Self.ordered(number)
    case .date(let instant): instant.secondsSince1970
    }
  }

  /// The value that a column's number stands for.
  package init(columnValue: Int64, kind: Field.Kind) {
    switch kind {
    case .number: self = .number(Self.number(ordered: columnValue))
    case .date: self = .date(Timestamp(secondsSince1970: columnValue))
    case .integer, .text, .keyword, .stored: self = .integer(columnValue)
    }
  }

  /// The bits of a double, with those of negative numbers turned round so that integers order them.
  private static func ordered(_ number: Double) -> Int64 {
    let bits = Int64(bitPattern: (number == 0 ? 0 : number).bitPattern)
    return bits < 0 ? bits ^ .max : bits
  }

  private static func number(ordered bits: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: bits < 0 ? bits ^ .max : bits))
  }
}
