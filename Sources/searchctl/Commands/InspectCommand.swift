// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl inspect WORD|KEY`: what the index knows of a document or a word.
enum InspectCommand {
  static let command = Command(
    name: "inspect", summary: "show a stored document, or the posting list of a word",
    operand: .init(usage: "KEY|WORD", kind: .text, count: 1...1),
    options: [Options.index, Options.termField, Options.termLimit, Options.json],
    discussion: [
      "Where a document has that KEY, it is printed as it is stored. Otherwise WORD is analysed, and"
        + " for each of its terms come the number of documents that have it and, one per line, their"
        + " keys, how often each has it, and at which positions.",
      "The exit status is 1 where there is neither.",
    ],
    examples: [
      .init(line: "searchctl inspect seeds/000_01dc0ca69e2adcf6.txt", summary: "a document"),
      .init(line: "searchctl inspect --limit 3 تعاونی", summary: "a word"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    let searcher = try OpenIndex.searcher(at: IndexLocation(arguments))
    let isJSON = arguments.has(Options.json)
    let text = arguments.operands[0]
    if let document = try searcher.document(for: DocumentKey(text)) {
      try DocumentRenderer(isJSON: isJSON).write(document, to: console)
      return .success
    }
    let field = arguments.string(Options.termField) ?? Fields.text
    let limit = arguments.number(Options.termLimit) ?? 10
    var status = ExitStatus.none
    for token in searcher.analyzer.tokens(of: text) {
      guard let term = try searcher.term(token.term, in: field) else {
        console.note("no document has the term \(Sanitizer.visible(token.term))")
        continue
      }
      status = .success
      let postings = try term.postings()
      let shown = limit == 0 ? postings[...] : postings.prefix(limit)
      if isJSON {
        var object = TermsCommand.object(for: term)
        object.set("postings", try shown.map { try Self.object(for: $0, searcher) })
        try console.output.writeLine(object.description)
      } else {
        try write(term, shown, of: postings.count, searcher, console)
      }
    }
    return status
  }

  private static func write(
    _ term: IndexedTerm, _ shown: ArraySlice<IndexedTerm.Posting>, of count: Int,
    _ searcher: Searcher, _ console: Console
  ) throws {
    let style = console.style
    try console.output.writeLine(
      "term \(style.isolated(Sanitizer.visible(term.text)))"
        + "\t\(NumberText.count(term.documentFrequency, "document"))"
        + "\t\(NumberText.count(term.occurrenceCount, "occurrence"))")
    for posting in shown {
      let positions = posting.positions.map { String($0) }.joined(separator: ",")
      let key = try searcher.key(at: posting.address).text
      try console.output.writeLine(
        "\(posting.frequency)\t\(positions)\t\(style.isolated(Sanitizer.visible(key)))")
    }
    if shown.count < count { console.note("\(count - shown.count) more documents") }
  }

  private static func object(
    for posting: IndexedTerm.Posting, _ searcher: Searcher
  ) throws -> JSONObject {
    var object = JSONObject()
    object.set("key", try searcher.key(at: posting.address).text)
    object.set("frequency", posting.frequency)
    object.set("positions", posting.positions)
    return object
  }
}
