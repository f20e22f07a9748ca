// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl analyze TEXT`: what the words of a text become.
enum AnalyzeCommand {
  static let command = Command(
    name: "analyze", summary: "show the terms that a text is indexed and searched by",
    operand: .init(usage: "TEXT...", kind: .text, count: 0...Int.max),
    options: [Options.index, Options.terms, Options.json, Options.bidi],
    discussion: [
      "The words of TEXT are joined by spaces; `-` reads lines from standard input. For each token"
        + " it prints its position, its term, the written form that is compared beside the term,"
        + " the text it came from, and what else is known of it.",
      "With --terms it is a filter: for each line in, one line out with the terms separated by"
        + " spaces.",
      "With --index it analyses as that index does, with the words its user gave it.",
    ],
    examples: [
      .init(line: "searchctl analyze \"کتاب‌هایشان را می‌خوانند\"", summary: "explain a sentence"),
      .init(line: "searchctl analyze --json کتاب‌ها", summary: "for programs"),
      .init(line: "searchctl analyze --terms - < text.txt", summary: "analyse a file line by line"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    let words = arguments.operands
    let readsInput = words == ["-"] || (words.isEmpty && !Descriptor.standardInput.isTerminal)
    guard readsInput || !words.isEmpty else {
      throw Failure("TEXT is missing", hint: "usage: \(command.usage)")
    }
    // An index may know words of its user's, but only one that was asked for.
    let analyzer: any Analyzer =
      arguments.has(Options.index)
      ? try OpenIndex.index(at: IndexLocation(arguments)).analyzer : PersianAnalyzer()
    if arguments.has(Options.terms) {
      return try printTerms(words, readsInput, analyzer, console)
    }
    let isJSON = arguments.has(Options.json)
    if readsInput {
      var reader = LineReader(.standardInput)
      while let text = try reader.nextLine({ String(decoding: $0, as: UTF8.self) }) {
        try printTokens(of: text, line: reader.lineNumber, analyzer, isJSON, console)
        if !reader.hasBufferedLine { try console.output.flush() }
      }
    } else {
      try printTokens(
        of: words.joined(separator: " "), line: nil, analyzer, isJSON, console)
    }
    return .success
  }

  /// The filter: no string and no allocation per line.
  private static func printTerms(
    _ words: [String], _ readsInput: Bool, _ analyzer: some Analyzer, _ console: Console
  ) throws -> ExitStatus {
    var tokens = TokenBuffer()
    if readsInput {
      var reader = LineReader(.standardInput)
      while let line = try reader.nextLine({ line in
        tokens.removeAll()
        analyzer.analyze(line, into: &tokens)
      }) {
        _ = line
        try write(tokens, console)
        // Whoever feeds us line by line gets each answer before the next question.
        if !reader.hasBufferedLine { try console.output.flush() }
      }
    } else {
      var text = words.joined(separator: " ")
      text.withUTF8 { analyzer.analyze($0, into: &tokens) }
      try write(tokens, console)
    }
    return .success
  }

  private static func write(_ tokens: borrowing TokenBuffer, _ console: Console) throws {
    var isFirst = true
    for token in tokens.tokens {
      if !isFirst { try console.output.write(byte: UInt8(ascii: " ")) }
      isFirst = false
      try console.output.write(tokens.term(of: token))
    }
    try console.output.write(byte: UInt8(ascii: "\n"))
  }

  private static func printTokens(
    of text: String, line: Int?, _ analyzer: some Analyzer, _ isJSON: Bool,
    _ console: Console
  ) throws {
    let style = console.style
    for token in analyzer.tokens(of: text) {
      if isJSON {
        try console.output.writeLine(object(token, of: text, line: line).description)
        continue
      }
      var row = "\(token.position)\tterm \(style.isolated(token.term))"
      if let form = token.writtenForm { row += "\twritten \(style.isolated(form))" }
      row += "\tfrom \(style.isolated(Sanitizer.running(token.surface)))"
      row += "\tbytes \(token.utf8Range.lowerBound)-\(token.utf8Range.upperBound)"
      let flags = names(of: token.flags)
      if !flags.isEmpty { row += "\t" + flags.joined(separator: ",") }
      try console.output.writeLine(row)
    }
  }

  private static func object(_ token: AnalyzedToken, of text: String, line: Int?) -> JSONObject {
    var object = JSONObject(type: "token")
    if let line { object.set("line", line) }
    object.set("position", token.position)
    object.set("term", token.term)
    if let form = token.writtenForm { object.set("written", form) }
    object.set("surface", token.surface)
    object.set("utf8", [token.utf8Range.lowerBound, token.utf8Range.upperBound])
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: token.utf8Range.lowerBound)
    let before = text.unicodeScalars[..<start].count
    object.set("scalars", [before, before + token.surface.unicodeScalars.count])
    object.set("flags", names(of: token.flags))
    return object
  }

  private static func names(of flags: TokenFlags) -> [String] {
    var names: [String] = []
    if flags.contains(.stopWord) { names.append("stopWord") }
    if flags.contains(.continuesWord) { names.append("continuesWord") }
    if flags.contains(.number) { names.append("number") }
    return names
  }
}
