// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// One run of `query`: what was asked for, and the searcher that answers.
struct QueryRun {
  let arguments: Arguments
  let console: Console
  let location: IndexLocation
  let searcher: Searcher
  let format: HitRenderer.Format
  let filters: [Query]
  private var renderer: HitRenderer
  private var options: SearchOptions
  /// Whether others join the hits with those of the rest of a collection.
  private let isPart: Bool

  init(_ arguments: Arguments, _ console: Console) throws {
    self.arguments = arguments
    self.console = console
    location = try IndexLocation(arguments)
    var searcher = try OpenIndex.searcher(arguments)
    if let file = arguments.string(Options.statistics) {
      searcher = try searcher.ranked(by: StatisticsCommand.read(file))
    }
    self.searcher = searcher
    format =
      arguments.has(Options.json)
      ? .json : arguments.string(Options.format).flatMap(HitRenderer.Format.init) ?? .text
    isPart = arguments.has(Options.statistics) && format == .json
    renderer = HitRenderer(
      format: format, location: location,
      snippetOptions: SnippetOptions(length: arguments.number(Options.snippetLength) ?? 200))
    renderer.showsBaseScore = isPart
    filters = try QueryText.filters(arguments, schema: searcher.schema)
    options = SearchOptions(
      limit: arguments.number(Options.limit) ?? 10, offset: arguments.number(Options.offset) ?? 0)
    options.ranking = try QueryText.ranking(arguments)
    options.sort = try QueryText.sort(arguments)
    if arguments.has(Options.collapse) { options.collapsedResemblance = 0.6 }
    if let text = arguments.string(Options.after) {
      guard let token = PageToken(text: text) else {
        throw Failure(
          "--after takes the `nextPage` of a page before, not '\(Sanitizer.visible(text))'")
      }
      options.after = token
    }
    if format == .trec { try refuse([Options.facet, Options.explain, Options.open], with: "trec") }
    if options.sort != nil { try refuse([Options.explain, Options.after], with: "--sort") }
    if options.collapsedResemblance != nil { try refuse([Options.after], with: "--collapse") }
    if isPart {
      try refuse(
        [Options.offset, Options.after, Options.sort, Options.collapse, Options.open],
        with: "--statistics")
      options.limit = max(options.limit, options.ranking.rescoredCount)
    }
  }

  private func refuse(_ refused: [Option], with name: String) throws {
    guard let option = refused.first(where: { arguments.has($0) }) else { return }
    throw Failure("--\(option.name) does not go with \(name)")
  }

  // MARK: One query

  /// Runs the query of the operands.
  mutating func single() throws -> ExitStatus {
    let query = try QueryText.query(arguments, schema: searcher.schema)
    if let number = arguments.number(Options.open) { return try open(number, of: query) }
    options.countsAll = format != .trec && !console.isQuiet
    let results = try searcher.search(query, options: options)
    explain(query)
    try write(results)
    for facet in arguments.strings(Options.facet) {
      try FacetRenderer(isJSON: format == .json).write(facet, for: query, in: searcher, to: console)
    }
    try summarize(results)
    if results.isEmpty, format == .text, !console.isQuiet,
      let text = try DidYouMean.text(
        for: arguments.operands.joined(separator: " "), in: searcher)
    {
      console.note("did you mean: \(Sanitizer.visible(text))")
    }
    return results.isEmpty ? .none : .success
  }

  private mutating func explain(_ query: Query) {
    guard arguments.has(Options.explain) else { return }
    renderer.explanation = { [searcher, ranking = options.ranking] key in
      try searcher.explain(query, document: key, ranking: ranking)
    }
  }

  private func write(_ results: SearchResults) throws {
    guard isPart else {
      for hit in results { try renderer.write(hit, to: console) }
      return
    }
    let wanted = arguments.number(Options.limit) ?? 10
    for (hit, isWhole) in zip(results, PartOfCollection.canLead(results.hits, limit: wanted)) {
      try renderer.write(hit, to: console, isWhole: isWhole)
    }
  }

  private func summarize(_ results: SearchResults) throws {
    switch format {
    case .trec: break
    case .json:
      var summary = JSONObject(type: "summary")
      summary.set("formatVersion", JSONObject.formatVersion)
      summary.set("hits", results.count)
      if let total = results.totalCount { summary.set("total", total) }
      summary.set("documentCount", searcher.documentCount)
      if let next = results.nextPage { summary.set("nextPage", next.text) }
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
  private mutating func open(_ number: Int, of query: Query) throws -> ExitStatus {
    options.limit = 1
    options.offset = number - 1
    guard let hit = try searcher.search(query, options: options).first else {
      console.note("there is no hit \(number)")
      return .none
    }
    try DocumentRenderer(isJSON: format == .json).write(hit.document, to: console)
    return .success
  }

  // MARK: A file of queries

  /// Runs the queries of a file, one per line.
  mutating func batch(of path: String) throws -> ExitStatus {
    try refuse(
      [Options.facet, Options.open, Options.after], with: "--queries")
    var hasHits = false
    options.loadsFields = format != .trec
    // A copy that the closure may change: the lines come one by one.
    var run = self
    try QueryFile.forEach(path) { line, name, text in
      run.renderer.queryName = name
      let query = QueryText.filtered(.words(text), by: run.filters)
      if run.format == .trec {
        let found = try run.searcher.best(query, options: run.options).documents
        for (place, found) in found.enumerated() {
          try run.renderer.writeTREC(
            key: run.searcher.key(at: found.address), rank: run.options.offset + place + 1,
            score: found.score, run.console)
        }
        if !found.isEmpty { hasHits = true }
      } else {
        if run.format == .text { try run.console.output.writeLine("# \(line)") }
        run.explain(query)
        let results = try run.searcher.search(query, options: run.options)
        try run.write(results)
        if !results.isEmpty { hasHits = true }
      }
    }
    return hasHits ? .success : .none
  }
}
