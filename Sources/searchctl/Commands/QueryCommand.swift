// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl query QUERY`: the best documents.
enum QueryCommand {
  static let command = Command(
    name: "query", summary: "search, best documents first",
    operand: .init(usage: "QUERY...", kind: .text, count: 0...Int.max),
    options: [
      Options.indexes, Options.limit, Options.offset, Options.filter, Options.json, Options.format,
      Options.queries, Options.statistics, Options.ranking, Options.open, Options.snippetLength,
      Options.strict,
      Options.highlight,
      Options.bidi, Options.digits,
    ],
    discussion: [
      "The words of QUERY are joined by spaces. Bare words ask for documents with any of them."
        + " +word must be there, -word must not; \"exact phrase\" or «عبارت دقیق», \"near\"~3,"
        + " pre*, w?ld, fuzzy~1, title:word, published:[1399/08/01 TO 1399/08/30], word^2, AND, OR,"
        + " NOT and parentheses. What cannot be understood is told on standard error and read as"
        + " plain words; --strict makes it an error.",
      "Put `--` before a QUERY that begins with a dash. Without QUERY, on a terminal, hits are shown"
        + " as you type; ^D leaves.",
      "With --queries FILE each line holds a name, a tab and a text of plain words without"
        + " operators; --format trec writes what trec_eval and its likes read.",
      "--ranking sets k1 and b of BM25, and how much stop words and the words as written count.",
      "With several --index they are searched as one, with the scores of one. Where indexes live"
        + " apart, --statistics FILE ranks each by the sum of what `searchctl statistics` printed of"
        + " all.",
    ],
    examples: [
      .init(line: "searchctl query \"تعاونی توسعه و عمران\"", summary: "any of the words, ranked"),
      .init(
        line: "searchctl query --filter 'published:1399' --json +کتاب -مجله",
        summary: "with operators, a filter, and JSON Lines out"),
      .init(
        line: "searchctl query --queries topics.tsv --format trec --limit 1000 > run.txt",
        summary: "a run for an evaluation"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    let location = try IndexLocation(arguments)
    var searcher = try OpenIndex.searcher(arguments)
    if let file = arguments.string(Options.statistics) {
      searcher = try searcher.ranked(by: StatisticsCommand.read(file))
    }
    let format =
      arguments.has(Options.json)
      ? .json : arguments.string(Options.format).flatMap(HitRenderer.Format.init) ?? .text
    let renderer = HitRenderer(
      format: format, location: location,
      snippetOptions: SnippetOptions(length: arguments.number(Options.snippetLength) ?? 200))
    var options = SearchOptions(
      limit: arguments.number(Options.limit) ?? 10, offset: arguments.number(Options.offset) ?? 0)

    options.ranking = try QueryText.ranking(arguments)
    if let file = arguments.string(Options.queries) {
      let filters = try QueryText.filters(arguments, schema: searcher.schema)
      return try runBatch(file, searcher, filters, options, renderer, console)
    }
    guard !arguments.operands.isEmpty else {
      if format == .text, console.output.isTerminal {
        let search = InteractiveSearch(
          searcher: searcher, location: location,
          filters: try QueryText.filters(arguments, schema: searcher.schema), console: console)
        if let status = try search.run() { return status }
      }
      throw Failure("QUERY is missing", hint: "usage: \(command.usage)")
    }
    let query = try QueryText.query(arguments, schema: searcher.schema)
    if let number = arguments.number(Options.open) {
      options.limit = 1
      options.offset = number - 1
      return try open(query, options, searcher, format, console)
    }
    options.countsAll = format != .trec && !console.isQuiet
    let results = try searcher.search(query, options: options)
    for hit in results { try renderer.write(hit, to: console) }
    try summarize(results, searcher, format, console)
    if results.isEmpty, format == .text, !console.isQuiet,
      let text = try DidYouMean.text(
        for: arguments.operands.joined(separator: " "), in: searcher)
    {
      console.note("did you mean: \(Sanitizer.visible(text))")
    }
    return results.isEmpty ? .none : .success
  }

  private static func summarize(
    _ results: SearchResults, _ searcher: Searcher, _ format: HitRenderer.Format,
    _ console: Console
  ) throws {
    switch format {
    case .trec: break
    case .json:
      var summary = JSONObject(type: "summary")
      summary.set("formatVersion", JSONObject.formatVersion)
      summary.set("hits", results.count)
      if let total = results.totalCount { summary.set("total", total) }
      summary.set("documentCount", searcher.documentCount)
      try console.output.writeLine(summary.description)
    case .text:
      try console.output.flush()
      guard let total = results.totalCount else { return }
      console.note(
        total == 0
          ? "no document matches"
          : "\(results.count) of \(NumberText.count(total, "matching document"))"
            + " (\(searcher.documentCount) in all)")
    }
  }

  /// Prints the stored document of one hit.
  private static func open(
    _ query: Query, _ options: SearchOptions, _ searcher: Searcher, _ format: HitRenderer.Format,
    _ console: Console
  ) throws -> ExitStatus {
    guard let hit = try searcher.search(query, options: options).first else {
      console.note("there is no hit \(options.offset + 1)")
      return .none
    }
    try DocumentRenderer(isJSON: format == .json).write(hit.document, to: console)
    return .success
  }

  private static func runBatch(
    _ path: String, _ searcher: Searcher, _ filters: [Query], _ options: SearchOptions,
    _ renderer: HitRenderer, _ console: Console
  ) throws -> ExitStatus {
    var renderer = renderer
    var hasHits = false
    var options = options
    options.loadsFields = renderer.format != .trec
    try QueryFile.forEach(path) { line, name, text in
      renderer.queryName = name
      let query = QueryText.filtered(.words(text), by: filters)
      if renderer.format == .trec {
        for (place, found) in try searcher.best(query, options: options).documents.enumerated() {
          hasHits = true
          try renderer.writeTREC(
            key: searcher.key(at: found.address), rank: options.offset + place + 1,
            score: found.score, console)
        }
      } else {
        if renderer.format == .text { try console.output.writeLine("# \(line)") }
        for hit in try searcher.search(query, options: options) {
          hasHits = true
          try renderer.write(hit, to: console)
        }
      }
    }
    return hasHits ? .success : .none
  }
}
