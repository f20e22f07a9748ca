// SPDX-License-Identifier: Apache-2.0

/// Which inverted fields the fields of a schema have, by the number that begins every key of the
/// term dictionary.
///
/// Field *i* of the schema owns the numbers 2*i* and 2*i* + 1. A text field has its terms, with
/// positions and lengths, under the first and its written forms under the second; a keyword field
/// has its value under the first. All others have neither. What stands under the second is said by
/// ``WrittenFormKeys``.
package struct IndexedFields: Sendable, Equatable {
  /// The kinds of the schema's fields, in order.
  package let kinds: [Field.Kind]

  /// Creates the table of a schema's fields.
  ///
  /// - Parameter kinds: The kinds of the fields, in order; at most ``Schema/maximumFieldCount``.
  package init(kinds: [Field.Kind]) {
    self.kinds = kinds
  }

  /// The number under which a text field has its terms and a keyword field its value.
  @inline(__always)
  package static func terms(of field: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: 2 * field)
  }

  /// The number under which a text field has its written forms.
  @inline(__always)
  package static func writtenForms(of field: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: 2 * field + 1)
  }

  /// Where the terms or written forms of an indexed field begin in the dictionary.
  package static func firstKey(of number: UInt8) -> [UInt8] {
    number % 2 == 0 ? [number] : [number, WrittenFormKeys.mark + 1]
  }

  /// The schema's field that owns an indexed field.
  package static func field(of number: UInt8) -> Int { Int(number / 2) }

  /// Whether an indexed field has positions.
  package func hasPositions(_ number: UInt8) -> Bool {
    number % 2 == 0 && isText(Self.field(of: number))
  }

  /// Whether documents have a length in a field of the schema.
  package func isText(_ field: Int) -> Bool {
    field < kinds.count && kinds[field] == .text
  }

  /// Whether documents carry a field of the schema as a column of 64-bit values.
  package func isColumn(_ field: Int) -> Bool {
    switch kinds[field] {
    case .integer, .number, .date: true
    case .text, .keyword, .stored: false
    }
  }

  /// The text fields, as places in the schema.
  package var textFields: [Int] { kinds.indices.filter { kinds[$0] == .text } }
}
