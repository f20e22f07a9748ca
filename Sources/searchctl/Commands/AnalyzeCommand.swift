// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl analyze TEXT`: what the words of a text become.
enum AnalyzeCommand {
  static let command = Command(
    name: "analyze", summary: "show the terms that a text is indexed and searched by",
    operand: .init(usage: "TEXT...", kind: .text, count: 0...Int.max),
    options: [Options.index, Options.terms] + WordFiles.options + [Options.json, Options.bidi],
    discussion: [
      "The words of TEXT are joined by spaces; `-` reads lines from standard input. Each token has"
        + " two lines: its position, its term and the text it came from; and how that was read: the"
        + " parts of the word, and why the term is what it is. What is indexed beside the term (the"
        + " word as written) and what else is known of it stand there too.",
      "With --terms it is a filter: for each line in, one line out with the terms separated by"
        + " spaces.",
      "With --index it analyses as that index does, with the words its user gave it. With files of"
        + " words, as `searchctl index` takes them, it shows what they would change.",
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
    let configuration = try WordFiles.configuration(arguments)
    guard configuration == nil || !arguments.has(Options.index) else {
      throw Failure(
        "--index and files of words do not go together", hint: "an index has words of its own")
    }
    let analyzer: any Analyzer =
      arguments.has(Options.index)
      ? try OpenIndex.index(at: IndexLocation(arguments)).analyzer
      : PersianAnalyzer(configuration: configuration ?? PersianConfiguration())
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
    // The place of the token before, in bytes and in scalars: starts never go back.
    var place = (utf8: 0, scalars: 0)
    for reading in readings(of: text, analyzer) {
      if isJSON {
        let start = reading.token.utf8Range.lowerBound
        let bytes = text.utf8.dropFirst(place.utf8).prefix(start - place.utf8)
        place = (start, place.scalars + bytes.count { $0 & 0xC0 != 0x80 })
        try console.output.writeLine(
          object(reading, scalar: place.scalars, line: line).description)
      } else {
        try write(reading, to: console)
      }
    }
  }

  /// The tokens of a text with what is known of how they were read.
  private static func readings(of text: String, _ analyzer: some Analyzer) -> [Reading] {
    (analyzer as? PersianAnalyzer)?.readings(of: text).map {
      Reading(token: $0.token, parts: $0.pieces, reason: $0.explanation)
    } ?? analyzer.tokens(of: text).map { Reading(token: $0, parts: nil, reason: nil) }
  }

  /// A token and, of an analyzer that tells, the parts of its word and why the term is what it is.
  private struct Reading {
    let token: AnalyzedToken
    let parts: [String]?
    let reason: String?
  }

  private static func write(_ reading: Reading, to console: Console) throws {
    let style = console.style
    let token = reading.token
    func shown(_ text: String) -> String { style.isolated(Sanitizer.running(text)) }
    try console.output.writeLine(
      "\(token.position)\t\(style.bold(shown(token.term)))\tfrom \(shown(token.surface))"
        + "\tbytes \(token.utf8Range.lowerBound)-\(token.utf8Range.upperBound)")
    var details: [String] = []
    if let reason = reading.reason { details.append(shown(reason)) }
    if let form = token.writtenForm, form != token.term { details.append("written \(shown(form))") }
    details += names(of: token.flags)
    if !details.isEmpty {
      try console.output.writeLine(style.dim("\t" + details.joined(separator: "; ")))
    }
  }

  private static func object(_ reading: Reading, scalar: Int, line: Int?) -> JSONObject {
    let token = reading.token
    var object = JSONObject(type: "token")
    if let line { object.set("line", line) }
    object.set("position", token.position)
    object.set("term", token.term)
    if let form = token.writtenForm { object.set("written", form) }
    object.set("surface", token.surface)
    if let parts = reading.parts { object.set("parts", parts) }
    if let reason = reading.reason { object.set("reason", reason) }
    object.set("utf8", [token.utf8Range.lowerBound, token.utf8Range.upperBound])
    object.set("scalars", [scalar, scalar + token.surface.unicodeScalars.count])
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
