// SPDX-License-Identifier: Apache-2.0

/// The value of one field of a document.
///
/// Literals do for most: `"متن"` is a text, `12` an integer, `0.5` a number.
public enum FieldValue: Sendable, Hashable {
  /// Text for a ``Field/Kind/text`` or ``Field/Kind/keyword`` field, or any stored string.
  case text(String)
  /// A whole number for an ``Field/Kind/integer`` field.
  case integer(Int64)
  /// A finite number for a ``Field/Kind/number`` field.
  case number(Double)
  /// An instant for a ``Field/Kind/date`` field.
  case date(Timestamp)
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral
{
  /// Creates a text value.
  ///
  /// - Parameter value: The text.
  public init(stringLiteral value: String) {
    self = .text(value)
  }

  /// Creates an integer value.
  ///
  /// - Parameter value: The number.
  public init(integerLiteral value: Int64) {
    self = .integer(value)
  }

  /// Creates a number value.
  ///
  /// - Parameter value: The number.
  public init(floatLiteral value: Double) {
    self = .number(value)
  }
}

extension FieldValue: ExpressibleByStringInterpolation {}

extension FieldValue: CustomStringConvertible {
  /// The value as text: a text as it is, a date as in `2020-11-18T00:00:00Z`.
  public var description: String {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number): String(number)
    case .date(let timestamp): timestamp.description
    }
  }
}
