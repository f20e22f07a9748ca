// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl delete KEY...`: takes documents out of the index.
enum DeleteCommand {
  static let command = Command(
    name: "delete", summary: "delete documents from the index",
    operand: .init(usage: "KEY...", kind: .text, count: 0...Int.max),
    options: [Options.index, Options.matching, Options.wait],
    discussion: [
      "KEY is the key of a document, which for a file is its path. The files themselves are not"
        + " touched; a later `index` brings a document back only when its file has changed.",
      "The exit status is 1 where there was nothing to delete.",
    ],
    examples: [
      .init(line: "searchctl delete news/1399/old.txt", summary: "one document"),
      .init(
        line: "searchctl delete --matching 'published:[* TO 1390]'",
        summary: "every document that a query finds"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    guard !arguments.operands.isEmpty || arguments.has(Options.matching) else {
      throw Failure("KEY is missing", hint: "usage: \(command.usage)")
    }
    let index = try OpenIndex.index(at: IndexLocation(arguments))
    let parser = QueryParser(schema: index.schema)
    let queries = try arguments.strings(Options.matching).map { try parser.parseStrictly($0) }
    let writer = try OpenIndex.writer(
      of: index, waitingUpTo: OpenIndex.patience(arguments))
    defer { writer.close() }
    let searcher = try index.searcher()
    var count = 0
    for key in arguments.operands.map({ DocumentKey($0) }) {
      if try searcher.address(of: key) == nil {
        console.note("no document '\(Sanitizer.visible(key.text))'")
      } else {
        try writer.delete(key: key)
        count += 1
      }
    }
    for query in queries { count += try writer.delete(matching: query) }
    try writer.commit()
    console.note("\(NumberText.count(count, "document")) deleted")
    return count > 0 ? .success : .none
  }
}
