// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl count QUERY`: how many documents match.
enum CountCommand {
  static let command = Command(
    name: "count", summary: "print how many documents match",
    operand: .init(usage: "QUERY...", kind: .text, count: 1...Int.max),
    options: [Options.index, Options.filter, Options.json],
    discussion: ["QUERY is as for `searchctl query`. The exit status is 1 where none matches."],
    examples: [.init(line: "searchctl count +اصفهان +تعاونی", summary: "documents with both")]
  ) { arguments, console in
    let searcher = try OpenIndex.searcher(at: IndexLocation(arguments))
    let query = try QueryText.query(arguments, schema: searcher.schema)
    let count = try searcher.count(query)
    if arguments.has(Options.json) {
      var object = JSONObject(type: "count")
      object.set("count", count)
      try console.output.writeLine(object.description)
    } else {
      try console.output.writeLine("\(count)")
    }
    return count > 0 ? .success : .none
  }
}
