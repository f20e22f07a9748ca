// SPDX-License-Identifier: Apache-2.0

/// One run of the parser over one text: recursive descent over the lexemes.
struct QueryParserRun {
  private enum Occurrence {
    case should
    case must
    case mustNot
  }

  /// More would tell nobody more, and a hostile text could have millions.
  private static let maximumProblems = 100

  private var lexer: QueryLexer
  private let lexemes: [QueryLexer.Lexeme]
  private let terms: QueryTermReader
  private var place = 0
  private var depth = 0
  private var problems: [(message: String, range: Range<Int>)] = []

  init(text: String, schema: Schema) {
    lexer = QueryLexer(text) { schema.index(of: $0) != nil }
    lexemes = lexer.lexemes()
    terms = QueryTermReader(schema: schema)
    problems = lexer.problems
  }

  mutating func parse() -> ParsedQuery {
    var clauses: [(Occurrence, Query)] = []
    while place < lexemes.count {
      clauses += sequence()
      if place < lexemes.count {
        report("a closing parenthesis without an opening one was ignored", lexemes[place].range)
        place += 1
      }
    }
    return ParsedQuery(
      query: Self.combined(clauses),
      problems: problems.sorted { $0.range.lowerBound < $1.range.lowerBound }.map {
        QueryProblem(
          message: $0.message, fragment: lexer.text($0.range),
          offset: lexer.byteOffset(of: $0.range.lowerBound))
      })
  }

  private mutating func report(_ message: String, _ range: Range<Int>) {
    if problems.count < Self.maximumProblems { problems.append((message, range)) }
  }

  private var current: QueryLexer.Lexeme? {
    place < lexemes.count ? lexemes[place] : nil
  }

  /// Reads clauses up to a closing parenthesis or the end.
  private mutating func sequence() -> [(Occurrence, Query)] {
    var clauses: [(Occurrence, Query)] = []
    while let lexeme = current, lexeme.kind != .close {
      if let words = plainWords() {
        clauses.append((.should, words))
      } else {
        clauses += alternatives()
      }
    }
    return clauses
  }

  /// Joins neighbouring plain words into one text, so that the analyzer sees a word and its
  /// affixes together however they were spaced.
  private mutating func plainWords() -> Query? {
    var end = place
    while end < lexemes.count, lexemes[end].kind == .word, lexemes[end].isPlain,
      terms.isPlainWord(lexemes[end].content)
    {
      end += 1
    }
    if end < lexemes.count, lexemes[end].kind == .and || lexemes[end].kind == .or { end -= 1 }
    guard end > place else { return nil }
    let range = lexemes[place].range.lowerBound..<lexemes[end - 1].range.upperBound
    place = end
    return .words(lexer.text(range))
  }

  private mutating func alternatives() -> [(Occurrence, Query)] {
    var options: [[(Occurrence, Query)]] = [conjunction()]
    while let lexeme = current, lexeme.kind == .or {
      place += 1
      guard hasOperand else {
        report("nothing follows the operator; it was ignored", lexeme.range)
        break
      }
      options.append(conjunction())
    }
    if options.count == 1 { return options[0] }
    return [(.should, .boolean(should: options.map(Self.combined)))]
  }

  private mutating func conjunction() -> [(Occurrence, Query)] {
    var parts: [(Occurrence, Query)] = []
    if let part = clause() { parts.append(part) }
    var isConjunction = false
    while let lexeme = current, lexeme.kind == .and {
      place += 1
      guard hasOperand else {
        report("nothing follows the operator; it was ignored", lexeme.range)
        break
      }
      isConjunction = true
      if let part = clause() { parts.append(part) }
    }
    guard isConjunction else { return parts }
    return [(.should, Self.combined(parts.map { ($0.0 == .should ? .must : $0.0, $0.1) }))]
  }

  private var hasOperand: Bool {
    guard let kind = current?.kind else { return false }
    return kind != .close && kind != .and && kind != .or
  }

  private mutating func clause() -> (Occurrence, Query)? {
    guard let lexeme = current else { return nil }
    switch lexeme.kind {
    case .plus, .minus, .not:
      place += 1
      guard hasOperand else {
        report("nothing follows the operator; it was ignored", lexeme.range)
        return nil
      }
      // Operators pile up rarely; a loop here keeps a million of them off the stack.
      while let next = current, [.plus, .minus, .not].contains(next.kind) {
        report("a second operator before the same word was ignored", next.range)
        place += 1
      }
      guard hasOperand, let (_, query) = clause() else { return nil }
      return (lexeme.kind == .plus ? .must : .mustNot, query)
    case .and, .or, .close:
      report("nothing stands before the operator; it was ignored", lexeme.range)
      place += 1
      return nil
    case .open:
      return group(lexeme)
    case .quotation:
      place += 1
      return wrapped(terms.quotation(lexeme), lexeme)
    case .word:
      place += 1
      return wrapped(terms.word(lexeme), lexeme)
    }
  }

  private mutating func wrapped(
    _ reading: QueryTermReader.Reading, _ lexeme: QueryLexer.Lexeme
  ) -> (Occurrence, Query)? {
    if let problem = reading.problem { report(problem, lexeme.range) }
    return reading.query.map { (.should, $0) }
  }

  private mutating func group(_ open: QueryLexer.Lexeme) -> (Occurrence, Query)? {
    place += 1
    guard depth < QueryParser.maximumDepth else {
      report("parentheses nest too deep; this one was ignored", open.range)
      return nil
    }
    depth += 1
    let clauses = sequence()
    depth -= 1
    var query = Self.combined(clauses)
    if let close = current, close.kind == .close {
      place += 1
      let suffix = terms.suffix(close.suffix)
      if let boost = suffix.boost { query = .boosted(query, by: boost) }
      if let problem = suffix.problem { report(problem, close.range) }
    } else {
      report("the parenthesis is not closed; read to the end", open.range)
    }
    if let field = open.field {
      if terms.isTextField(field) {
        query = .field(field, query)
      } else {
        report("only a text field can have words in parentheses; read without it", open.range)
      }
    }
    return clauses.isEmpty ? nil : (.should, query)
  }

  private static func combined(_ clauses: [(Occurrence, Query)]) -> Query {
    let should = clauses.filter { $0.0 == .should }.map(\.1)
    var must = clauses.filter { $0.0 == .must }.map(\.1)
    let mustNot = clauses.filter { $0.0 == .mustNot }.map(\.1)
    if must.isEmpty, mustNot.isEmpty, should.count == 1 { return should[0] }
    if must.isEmpty, should.isEmpty, !mustNot.isEmpty { must = [.all] }
    return .boolean(must: must, should: should, mustNot: mustNot)
  }
}
