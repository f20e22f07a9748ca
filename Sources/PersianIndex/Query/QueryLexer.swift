// SPDX-License-Identifier: Apache-2.0

/// Cuts the text of a query into words, quotations and operators.
struct QueryLexer {
  enum Kind: Hashable {
    case word
    case quotation
    case open
    case close
    case plus
    case minus
    case and
    case or
    case not
  }

  /// A piece of the text; `range` counts scalars, `content` leaves quotes and escapes out.
  struct Lexeme: Hashable {
    var kind: Kind
    var content: String
    var range: Range<Int>
    /// What follows a quotation without a space, as in `~3^2`.
    var suffix = ""
    /// The field named before a quotation, a parenthesis or a range, without its colon.
    var field: String?
    /// Whether the lexeme stands in the text without quotes, escapes or operators of its own, so
    /// that it can be joined with its neighbours.
    var isPlain = true
  }

  let scalars: [Unicode.Scalar]
  private(set) var problems: [(message: String, range: Range<Int>)] = []
  private var place = 0
  private let isField: (String) -> Bool

  init(_ text: String, isField: @escaping (String) -> Bool) {
    scalars = Array(text.unicodeScalars)
    self.isField = isField
  }

  mutating func lexemes() -> [Lexeme] {
    var result: [Lexeme] = []
    while place < scalars.count {
      let scalar = scalars[place]
      if Self.isSpace(scalar) {
        place += 1
      } else if scalar == "(" || scalar == ")" {
        result.append(
          Lexeme(
            kind: scalar == "(" ? .open : .close, content: String(scalar), range: place..<place + 1,
            suffix: scalar == ")" ? suffix(from: place + 1) : ""))
        place += 1 + (result.last?.suffix.unicodeScalars.count ?? 0)
      } else if let close = Self.closingQuote(of: scalar) {
        result.append(quotation(from: place, closedBy: close, field: nil))
      } else if scalar == "+" || scalar == "-", place + 1 < scalars.count,
        !Self.isSpace(scalars[place + 1])
      {
        result.append(
          Lexeme(
            kind: scalar == "+" ? .plus : .minus, content: String(scalar),
            range: place..<place + 1))
        place += 1
      } else {
        result.append(word())
      }
    }
    return result
  }

  /// The mark that closes the quotation which a scalar opens; `nil` where it opens none.
  private static func closingQuote(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar {
    case "\"": "\""
    case "«": "»"
    case "“", "„": "”"
    default: nil
    }
  }

  /// Whether a scalar is white space (Unicode's White_Space, spelt out because it is asked of every
  /// letter of a query).
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      true
    default: false
    }
  }

  private mutating func quotation(
    from start: Int, closedBy close: Unicode.Scalar, field: String?
  ) -> Lexeme {
    var content = String.UnicodeScalarView()
    var end = place + 1
    while end < scalars.count, scalars[end] != close {
      if scalars[end] == "\\", end + 1 < scalars.count { end += 1 }
      content.append(scalars[end])
      end += 1
    }
    if end >= scalars.count {
      problems.append(("the quotation is not closed; read to the end", start..<scalars.count))
    }
    end = min(end + 1, scalars.count)
    let suffix = suffix(from: end)
    place = end + suffix.unicodeScalars.count
    return Lexeme(
      kind: .quotation, content: String(content), range: start..<place, suffix: suffix,
      field: field, isPlain: false)
  }

  /// Reads the `~n` and `^n` that may follow a quotation or a closing parenthesis.
  private func suffix(from start: Int) -> String {
    var end = start
    while end < scalars.count,
      scalars[end] == "~" || scalars[end] == "^" || scalars[end] == "."
        || scalars[end].properties.numericType == .decimal
    {
      guard end > start || scalars[end] == "~" || scalars[end] == "^" else { break }
      end += 1
    }
    return text(start..<end)
  }

  private mutating func word() -> Lexeme {
    let start = place
    var content = String.UnicodeScalarView()
    var isPlain = true
    var field: String?
    while place < scalars.count {
      let scalar = scalars[place]
      if Self.isSpace(scalar) || scalar == "(" || scalar == ")"
        || Self.closingQuote(of: scalar) != nil
      {
        break
      }
      if scalar == "\\", place + 1 < scalars.count {
        content.append(scalars[place + 1])
        place += 2
        isPlain = false
        continue
      }
      place += 1
      if scalar == ":", field == nil, !content.isEmpty, isField(String(content)) {
        field = String(content)
        content = String.UnicodeScalarView()
        isPlain = false
        if place < scalars.count {
          if let close = Self.closingQuote(of: scalars[place]) {
            return quotation(from: start, closedBy: close, field: field)
          }
          if scalars[place] == "(" {
            place += 1
            return Lexeme(kind: .open, content: "(", range: start..<place, field: field)
          }
          if scalars[place] == "[" || scalars[place] == "{" {
            return bracketed(from: start, field: field)
          }
        }
        continue
      }
      if scalar == ":", field == nil, looksLikeField(content) {
        problems.append(
          (
            "there is no field '\(String(content))'; it is read as a word of its own",
            start..<place
          ))
        content.append(" ")
        isPlain = false
        continue
      }
      content.append(scalar)
    }
    let lexeme = Lexeme(
      kind: .word, content: String(content), range: start..<place, field: field, isPlain: isPlain)
    return isPlain ? operatorOrWord(lexeme) : lexeme
  }

  /// Whether what stands before a colon is meant as a field's name: a word, with something behind the
  /// colon that no address or time has there.
  private func looksLikeField(_ name: String.UnicodeScalarView) -> Bool {
    guard place < scalars.count, scalars[place] != "/", !Self.isSpace(scalars[place]),
      scalars[place].properties.numericType == nil, name.contains(where: \.properties.isAlphabetic)
    else { return false }
    return name.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_"
        || $0 == "\u{200C}"
    }
  }

  private func operatorOrWord(_ lexeme: Lexeme) -> Lexeme {
    var lexeme = lexeme
    switch lexeme.content {
    case "AND", "&&": lexeme.kind = .and
    case "OR", "||": lexeme.kind = .or
    case "NOT": lexeme.kind = .not
    default: break
    }
    return lexeme
  }

  /// Reads a range up to its closing bracket, spaces included.
  private mutating func bracketed(from start: Int, field: String?) -> Lexeme {
    let first = place
    while place < scalars.count, scalars[place] != "]", scalars[place] != "}" { place += 1 }
    if place >= scalars.count {
      problems.append(("the range is not closed; read to the end", start..<place))
    } else {
      place += 1
    }
    return Lexeme(
      kind: .word, content: text(first..<place), range: start..<place, field: field,
      isPlain: false)
  }

  func text(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return String(view)
  }

  func byteOffset(of place: Int) -> Int {
    scalars[..<place].reduce(0) { $0 + UTF8.width($1) }
  }
}
