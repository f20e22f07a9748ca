// SPDX-License-Identifier: Apache-2.0

/// Makes queries from text as people write it.
///
///     let parser = QueryParser(schema: index.schema)
///     let parsed = parser.parse("تعاونی «توسعه و عمران» -ورزش title:اصفهان")
///
/// | written | means |
/// | --- | --- |
/// | `کتاب تاریخ` | any of the words, ranked |
/// | `+کتاب -تاریخ` | with the first, without the second |
/// | `کتاب AND (تاریخ OR هنر) NOT جنگ` | the same in words; the Persian «و» is a word |
/// | `"متن دقیق"`, `«متن دقیق»` | the words in this order |
/// | `"متن نزدیک"~3` | with at most three words between or out of place |
/// | `کتاب*`, `ک?اب`, `کتاب~1` | prefix, pattern, one letter off |
/// | `title:کتاب`, `title:(کتاب تاریخ)` | only in that field |
/// | `price:[10 TO 20]`, `price:{10 TO *}`, `price:>=10` | ranges, ends included or not |
/// | `published:[1399/08/01 TO 1399/08/30]`, `published:1399` | dates, Jalali or Gregorian |
/// | `کتاب^2` | counts twice |
/// | `\+کتاب` | the next character as it is |
///
/// Explicit `AND`, `OR` and `NOT` bind tighter than a mere space: `a b AND c` asks for any of `a`
/// and (`b` with `c`). Digits of all three systems are the same everywhere.
public struct QueryParser: Sendable {
  /// How deep parentheses may nest; deeper ones are ignored, with a problem reported.
  public static let maximumDepth = 64

  let schema: Schema

  /// Creates a parser.
  ///
  /// - Parameter schema: The schema whose fields a query may name.
  public init(schema: Schema) {
    self.schema = schema
  }

  /// Makes the best of a text: what cannot be understood is read as plain words or left out.
  ///
  /// - Parameter text: The query's text; any string will do.
  /// - Returns: The query and what was ignored or read otherwise than written. A text without
  ///   words gives a query that matches nothing.
  /// - Complexity: O(*n*) in the length of `text`.
  public func parse(_ text: String) -> ParsedQuery {
    if Self.isPlain(text) { return ParsedQuery(query: .words(text), problems: []) }
    var run = QueryParserRun(text: text, schema: schema)
    return run.parse()
  }

  /// Makes a query from a text that must be understood wholly.
  ///
  /// - Parameter text: The query's text.
  /// - Returns: The query.
  /// - Throws: `.invalidQuery` with the first problem's fragment and offset.
  /// - Complexity: O(*n*) in the length of `text`.
  public func parseStrictly(_ text: String) throws(IndexError) -> Query {
    let parsed = parse(text)
    if let problem = parsed.problems.first {
      throw IndexError(
        .invalidQuery, "\(problem.message): «\(problem.fragment)»", offset: UInt64(problem.offset))
    }
    return parsed.query
  }

  /// Whether a text has a word and nothing in it that could be an operator, as most queries do.
  private static func isPlain(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var hasLetter = false
      var place = 0
      while place < bytes.count {
        switch bytes[place] {
        case 0x21, 0x24, 0x25, 0x27, 0x2C, 0x2E...0x39, 0x3B...0x3E, 0x40, 0x42...0x4D, 0x50...0x5A,
          0x5F...0x7A:
          hasLetter = true
        case 0x20: break
        // « begins with C2, the other quotation marks with E2; A, N and O begin the operators.
        case 0xC3...0xE1, 0xE3...0xF4:
          hasLetter = true
        case 0xE2
        where place + 2 < bytes.count && bytes[place + 1] == 0x80
          && bytes[place + 2] == 0x8C:
          break
        case 0x80...0xBF where hasLetter: break
        default: return false
        }
        place += 1
      }
      return hasLetter
    }
  }
}
