// SPDX-License-Identifier: Apache-2.0

/// Reads single words and quotations of a query: wildcards, distances, boosts, fields and ranges.
struct QueryTermReader {
  struct Reading {
    var query: Query?
    var problem: String?
  }

  struct Suffix {
    var distance: Int?
    var boost: Double?
    var problem: String?
  }

  let schema: Schema

  /// Whether a word has no operator in it, so that it can be joined with its neighbours.
  func isPlainWord(_ word: String) -> Bool {
    !word.unicodeScalars.contains { $0 == "*" || $0 == "~" || $0 == "^" }
      && !Self.hasInnerQuestionMark(word)
  }

  /// A `?` at the end of a word is punctuation, as Persian writers also use it.
  private static func hasInnerQuestionMark(_ word: String) -> Bool {
    var seen = false
    for scalar in word.unicodeScalars {
      if scalar == "?" {
        seen = true
      } else if seen {
        return true
      }
    }
    return false
  }

  func isTextField(_ name: String) -> Bool {
    schema.index(of: name).map { schema.fields[$0].kind == .text } ?? false
  }

  func suffix(_ text: String) -> Suffix {
    var result = Suffix()
    var rest = Substring(text)
    while let mark = rest.first {
      rest.removeFirst()
      let number = rest.prefix { $0 != "~" && $0 != "^" }
      rest = rest[number.endIndex...]
      if mark == "~" {
        if number.isEmpty {
          result.distance = 2
        } else if let value = NumberText.integer(number), (0...1_000).contains(value) {
          result.distance = Int(value)
        } else {
          result.problem = "the number after ~ must be 0 to 1,000; it was ignored"
        }
      } else if let value = NumberText.number(number), value >= 0, value <= 1_000_000 {
        result.boost = value
      } else {
        result.problem = "the number after ^ must be 0 to 1,000,000; it was ignored"
      }
    }
    return result
  }

  func quotation(_ lexeme: QueryLexer.Lexeme) -> Reading {
    let suffix = suffix(lexeme.suffix)
    var reading = Reading(problem: suffix.problem)
    if let field = lexeme.field, !isTextField(field) {
      reading = value(lexeme.content, in: field)
    } else {
      reading.query = .phrase(lexeme.content, slop: suffix.distance ?? 0)
      if let field = lexeme.field { reading.query = reading.query.map { .field(field, $0) } }
    }
    if let boost = suffix.boost { reading.query = reading.query.map { .boosted($0, by: boost) } }
    return reading
  }

  func word(_ lexeme: QueryLexer.Lexeme) -> Reading {
    if let field = lexeme.field, !isTextField(field) {
      return value(lexeme.content, in: field)
    }
    let content = lexeme.content
    let mark = content.firstIndex { $0 == "~" || $0 == "^" } ?? content.endIndex
    let suffix = suffix(String(content[mark...]))
    let word = String(content[..<mark])
    var reading = Reading(query: nil, problem: suffix.problem)
    if word.isEmpty {
      reading.problem = reading.problem ?? "there is no word before the operator; it was ignored"
      return reading
    }
    if word == "*" {
      reading.query = .all
    } else if word.hasSuffix("*"), !word.dropLast().contains("*"),
      !Self.hasInnerQuestionMark(word)
    {
      reading.query = .prefix(String(word.dropLast()))
    } else if word.contains("*") || Self.hasInnerQuestionMark(word) {
      reading.query = .wildcard(word)
    } else if let distance = suffix.distance {
      if distance > 2 {
        reading.problem = "a word can be at most 2 letters off; 2 was used"
      }
      reading.query = distance == 0 ? .words(word) : .fuzzy(word, distance: min(distance, 2))
    } else {
      reading.query = .words(word)
    }
    if let field = lexeme.field { reading.query = reading.query.map { .field(field, $0) } }
    if let boost = suffix.boost { reading.query = reading.query.map { .boosted($0, by: boost) } }
    return reading
  }

  /// Reads the value or range asked of a field that is not prose.
  private func value(_ text: String, in field: String) -> Reading {
    guard let place = schema.index(of: field) else { return Reading() }
    switch schema.fields[place].kind {
    case .text: return Reading(query: .field(field, .words(text)))
    case .keyword: return Reading(query: .keyword(field, text))
    case .stored:
      return Reading(problem: "the field '\(field)' is kept but not searched; it was ignored")
    case .integer, .number, .date:
      let kind = schema.fields[place].kind
      do {
        let (from, through) = try RangeText.bounds(text, kind: kind)
        return Reading(query: .range(field, from: from, through: through))
      } catch {
        return Reading(problem: error.message)
      }
    }
  }
}
