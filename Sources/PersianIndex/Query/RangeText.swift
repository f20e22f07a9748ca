// SPDX-License-Identifier: Apache-2.0

/// Reads the values and ranges asked of integer, number and date fields.
enum RangeText {
  /// What a text cannot be read as, in words for the user.
  struct Failure: Error {
    let message: String
  }

  typealias Bounds = (from: FieldValue?, through: FieldValue?)

  /// Reads `5`, `>=5`, `[1 TO 5]`, `{1 TO *}` and the like; both ends of the result are included.
  static func bounds(_ text: String, kind: Field.Kind) throws(Failure) -> Bounds {
    for (mark, isLower, isIncluded) in [
      (">=", true, true), ("<=", false, true), (">", true, false), ("<", false, false),
    ] where text.hasPrefix(mark) {
      let value = try single(String(text.dropFirst(mark.count)), kind: kind)
      return isLower
        ? (isIncluded ? value.from : after(value.through), nil)
        : (nil, isIncluded ? value.through : before(value.from))
    }
    guard let open = text.first, open == "[" || open == "{" else {
      return try single(text, kind: kind)
    }
    let close: Character = text.last == "}" ? "}" : "]"
    let inner = text.dropFirst().dropLast(text.last == "]" || text.last == "}" ? 1 : 0)
    let (low, high) = try ends(String(inner))
    let from = low == "*" ? nil : try single(low, kind: kind)
    let through = high == "*" ? nil : try single(high, kind: kind)
    return (
      from.flatMap { open == "[" ? $0.from : after($0.through) },
      through.flatMap { close == "]" ? $0.through : before($0.from) }
    )
  }

  private static func ends(_ text: String) throws(Failure) -> (String, String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: true)
    guard let middle = words.firstIndex(where: { ["TO", "تا"].contains($0) }),
      middle > 0, middle < words.count - 1
    else {
      throw Failure(message: "a range is written [from TO through]; it was ignored")
    }
    return (
      trimmed(words[..<middle].joined(separator: " ")),
      trimmed(words[(middle + 1)...].joined(separator: " "))
    )
  }

  private static func trimmed(_ text: String) -> String {
    let quotes: Set<Character> = ["\"", "«", "»", "“", "”"]
    var rest = text.drop { quotes.contains($0) }
    while let last = rest.last, quotes.contains(last) { rest.removeLast() }
    return String(rest)
  }

  /// Reads one value as the range that it covers: a number covers itself, a month its days.
  private static func single(_ text: String, kind: Field.Kind) throws(Failure) -> Bounds {
    switch kind {
    case .integer:
      guard let value = NumberText.integer(text) else {
        throw Failure(message: "a whole number is needed here; it was ignored")
      }
      return (.integer(value), .integer(value))
    case .number:
      guard let value = NumberText.number(text) else {
        throw Failure(message: "a number is needed here; it was ignored")
      }
      return (.number(value), .number(value))
    case .date:
      guard let range = DateText.range(text) else {
        throw Failure(
          message: "a date is needed here, as in 1399/08/28 or 2020-11-18; it was ignored")
      }
      return (.date(range.lowerBound), .date(range.upperBound))
    case .text, .keyword, .stored:
      throw Failure(message: "this field has no ranges; it was ignored")
    }
  }

  /// The next value above; an end that has none stays as it is and so matches nothing more.
  private static func after(_ value: FieldValue?) -> FieldValue? {
    switch value {
    case .integer(let number): .integer(number == .max ? number : number + 1)
    case .number(let number): .number(number.nextUp)
    case .date(let instant):
      .date(Timestamp(secondsSince1970: min(instant.secondsSince1970, .max - 1) + 1))
    case .text, nil: value
    }
  }

  private static func before(_ value: FieldValue?) -> FieldValue? {
    switch value {
    case .integer(let number): .integer(number == .min ? number : number - 1)
    case .number(let number): .number(number.nextDown)
    case .date(let instant):
      .date(Timestamp(secondsSince1970: max(instant.secondsSince1970, .min + 1) - 1))
    case .text, nil: value
    }
  }
}
