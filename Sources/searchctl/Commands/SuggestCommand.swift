// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl suggest TEXT`: words of the index that a text begins or misspells.
enum SuggestCommand {
  static let command = Command(
    name: "suggest", summary: "complete a word, or correct it, from the words of the index",
    operand: .init(usage: "TEXT...", kind: .text, count: 1...Int.max),
    options: [Options.index, Options.limit, Options.correct, Options.json],
    discussion: [
      "Without an option it completes the last word of TEXT, the most frequent words first; each"
        + " line is a word, a tab and the number of documents. With --correct it prints what a"
        + " misspelt word may have been: letters that sound alike, neighbouring keys, letters left"
        + " out or doubled, lost spaces, and words typed with the wrong keyboard.",
      "The exit status is 1 where there is nothing to suggest.",
    ],
    examples: [
      .init(line: "searchctl suggest تعاو", summary: "complete"),
      .init(line: "searchctl suggest --correct تاعونی", summary: "correct"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    let searcher = try OpenIndex.searcher(at: IndexLocation(arguments))
    let vocabulary = try searcher.vocabulary()
    let text = arguments.operands.joined(separator: " ")
    let limit = arguments.number(Options.limit) ?? 10
    var rows: [(text: String, count: Int, kind: String)]
    if arguments.has(Options.correct) {
      rows = vocabulary.corrections(of: text, limit: limit).map {
        ($0.text, $0.documentCount, "\($0.kind)")
      }
    } else {
      rows = vocabulary.completions(of: text, limit: limit).map {
        ($0.text, $0.documentCount, "completion")
      }
    }
    for row in rows {
      if arguments.has(Options.json) {
        var object = JSONObject(type: "suggestion")
        object.set("kind", row.kind)
        object.set("text", row.text)
        object.set("documentCount", row.count)
        try console.output.writeLine(object.description)
      } else {
        try console.output.writeLine("\(console.style.isolated(row.text))\t\(row.count)")
      }
    }
    return rows.isEmpty ? .none : .success
  }
}
