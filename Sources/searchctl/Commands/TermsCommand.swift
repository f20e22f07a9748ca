// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl terms PREFIX`: what is in the term dictionary.
enum TermsCommand {
  static let command = Command(
    name: "terms", summary: "list the terms of the index that begin with a text",
    operand: .init(usage: "[PREFIX]", kind: .text, count: 0...1),
    options: [
      Options.index, Options.termField, Options.forms, Options.termLimit, Options.json,
    ],
    discussion: [
      "Each line is a term, a tab, the number of documents that have it, a tab, and how often it"
        + " occurs; the order is that of the bytes. PREFIX is compared with the terms as they are in"
        + " the index; `searchctl analyze` shows what a word becomes.",
      "The exit status is 1 where there is none.",
    ],
    examples: [
      .init(line: "searchctl terms تعاو", summary: "terms with a beginning"),
      .init(line: "searchctl terms --field category --limit 0", summary: "all values of a field"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    let searcher = try OpenIndex.searcher(at: IndexLocation(arguments))
    let prefix = Array((arguments.operands.first ?? "").utf8)
    let limit = arguments.number(Options.termLimit) ?? 100
    var count = 0
    try searcher.forEachTerm(
      in: arguments.string(Options.termField) ?? Fields.text,
      form: arguments.has(Options.forms) ? .writtenForm : .term,
      from: arguments.operands.first ?? ""
    ) { term in
      guard term.text.utf8.starts(with: prefix), limit == 0 || count < limit else { return false }
      count += 1
      if arguments.has(Options.json) {
        try console.output.writeLine(object(for: term).description)
      } else {
        let text = console.style.isolated(Sanitizer.visible(term.text))
        try console.output.writeLine("\(text)\t\(term.documentFrequency)\t\(term.occurrenceCount)")
      }
      return true
    }
    return count > 0 ? .success : .none
  }

  static func object(for term: IndexedTerm) -> JSONObject {
    var object = JSONObject(type: "term")
    object.set("text", term.text)
    object.set("documentFrequency", term.documentFrequency)
    object.set("occurrenceCount", term.occurrenceCount)
    return object
  }
}
