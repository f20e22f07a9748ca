// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl statistics`: what ranking needs to know of an index that lives apart from others.
enum StatisticsCommand {
  static let command = Command(
    name: "statistics", summary: "print what the index knows of the terms of queries, as JSON",
    operand: .init(usage: "[FILE...]", kind: .path, count: 0...Int.max),
    options: [Options.indexes, Options.queries],
    discussion: [
      "With --queries it prints the number of documents, the lengths of the fields, and in how many"
        + " documents each term of the queries is. `searchctl query --statistics` ranks by it.",
      "Indexes that live apart rank as one by the sum of what each prints. With FILEs, which hold"
        + " such statistics, it prints their sum; a program may as well add the numbers itself.",
    ],
    examples: [
      .init(
        line: "searchctl statistics --index a --queries topics.tsv > a.json",
        summary: "what one part of a collection knows"),
      .init(line: "searchctl statistics a.json b.json > all.json", summary: "add up"),
      .init(
        line: "searchctl query --index a --queries topics.tsv --statistics all.json --json",
        summary: "rank a part as the whole would"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    if let file = arguments.string(Options.queries) {
      guard arguments.operands.isEmpty else {
        throw Failure("--queries and FILEs do not go together", hint: "usage: \(command.usage)")
      }
      let searcher = try OpenIndex.searcher(arguments)
      var queries: [Query] = []
      try QueryFile.forEach(file) { _, _, text in queries.append(.words(text)) }
      try console.output.writeLine(searcher.collectionStatistics(for: queries).json)
      return .success
    }
    guard let first = arguments.operands.first else {
      throw Failure("--queries or FILE is missing", hint: "usage: \(command.usage)")
    }
    var sum = try read(first)
    for path in arguments.operands.dropFirst() {
      do {
        try sum.add(read(path))
      } catch let error as IndexError {
        throw Failure("\(Sanitizer.visible(path)): \(error.message)")
      }
    }
    try console.output.writeLine(sum.json)
    return .success
  }

  /// Reads a file of statistics.
  static func read(_ path: String) throws -> CollectionStatistics {
    let name = Sanitizer.visible(path)
    let bytes: [UInt8]
    do {
      let descriptor = path == "-" ? .standardInput : try Descriptor.open(path)
      defer { if path != "-" { descriptor.close() } }
      bytes = try descriptor.readToEnd()
    } catch {
      throw Failure("\(name): \(error)", hint: "check the path of the statistics")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(name): the statistics are not UTF-8")
    }
    do {
      return try CollectionStatistics(json: text)
    } catch {
      throw Failure("\(name): \(error)", hint: "make it with `searchctl statistics --queries`")
    }
  }
}
