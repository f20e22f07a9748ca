// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl merge INDEX... --into DIR`: joins indexes.
enum MergeCommand {
  static let command = Command(
    name: "merge", summary: "join indexes into a new one, without reading the texts again",
    operand: .init(usage: "INDEX...", kind: .path, count: 1...Int.max),
    options: [Options.into],
    discussion: [
      "All must have the same fields and the same analyzer. Where a key is in several, the document"
        + " of the last one stays; deleted documents stay behind. The indexes are not changed.",
      "The new index does not know which files its documents came from: a later `index` into it"
        + " reads all files again.",
    ],
    examples: [
      .init(line: "searchctl merge 1398 1399 --into all", summary: "two years in one index")
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    guard let target = arguments.string(Options.into) else {
      throw Failure("--into is missing", hint: "usage: \(command.usage)")
    }
    let folder = try Environment.currentDirectory()
    let indexes = try arguments.operands.map { path in
      try OpenIndex.index(at: IndexLocation(named: path, in: folder))
    }
    let location = IndexLocation(named: target, in: folder)
    let merged = try SearchIndex.merge(indexes, into: location.directory)
    let statistics = try merged.statistics()
    console.note(
      "\(indexes.count) joined;"
        + " \(NumberText.count(statistics.documentCount, "document")) in \(location.shown)")
    return .success
  }
}
