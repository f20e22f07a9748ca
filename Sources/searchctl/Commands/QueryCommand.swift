// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl query QUERY`: the best documents.
enum QueryCommand {
  static let command = Command(
    name: "query", summary: "search, best documents first",
    operand: .init(usage: "QUERY...", kind: .text, count: 0...Int.max),
    options: [
      Options.indexes, Options.limit, Options.offset, Options.after, Options.filter, Options.sort,
      Options.collapse, Options.facet, Options.open, Options.explain, Options.json, Options.format,
      Options.queries,
      Options.statistics, Options.ranking, Options.snippetLength, Options.strict,
      Options.highlight, Options.bidi, Options.digits,
    ],
    discussion: [
      "The words of QUERY are joined by spaces. Bare words ask for documents with any of them."
        + " +word must be there, -word must not; \"exact phrase\" or «عبارت دقیق», \"near\"~3,"
        + " pre*, w?ld, fuzzy~1, title:word, published:[1399/08/01 TO 1399/08/30], word^2, AND, OR,"
        + " NOT and parentheses. What cannot be understood is told on standard error and read as"
        + " plain words; --strict makes it an error.",
      "Put `--` before a QUERY that begins with a dash. Without QUERY, on a terminal, hits are shown"
        + " as you type; ^D leaves.",
      "--facet counts all matches by the values of a keyword field, the most frequent first, or by"
        + " the Jalali months of a date field, by its years with :year, and by Gregorian ones with"
        + " :month:gregorian. --sort orders by a field in place of the score: FIELD or FIELD:asc puts"
        + " the least first, FIELD:desc the greatest; documents without a value come last. --collapse shows a report that many"
        + " have printed once, under its best document, and counts the hits that are left.",
      "--explain shows the score of each hit as a tree whose numbers add up. --open N prints the"
        + " N-th hit whole in place of the list. The summary of --json has `nextPage`; with --after"
        + " it gives the next page as it would have been then, whatever was added since.",
      "With --queries FILE each line holds a name, a tab and a text of plain words without"
        + " operators; --format trec writes what trec_eval and its likes read.",
      "--ranking sets k1 and b of BM25; how much stop words (stop), words as written (form), parts of"
        + " compounds (part), neighbours in order (adjacency), nearness, early places (opening)"
        + " and words one slip from unknown ones (slip) count; and how many of the best are told"
        + " apart by the last six (rescored). feedback=0.1 adds the likeliest words of the best"
        + " documents to the query (RM3), with feedback-documents and feedback-terms saying of how"
        + " many documents how many words; it is off otherwise.",
      "With several --index they are searched as one, with the scores of one. Where indexes live"
        + " apart, --statistics FILE ranks each by the sum of what `searchctl statistics` printed of"
        + " all. With --json hits have their `baseScore` then, and as many are printed as whoever"
        + " joins the parts needs; see docs/scale.md.",
    ],
    examples: [
      .init(line: "searchctl query \"تعاونی توسعه و عمران\"", summary: "any of the words, ranked"),
      .init(
        line: "searchctl query --filter 'published:1399' --json +کتاب -مجله",
        summary: "with operators, a filter, and JSON Lines out"),
      .init(
        line: "searchctl query --facet published --sort published:desc تعاونی",
        summary: "newest first, with the number of matches in each Jalali month"),
      .init(line: "searchctl query --explain --limit 1 کتاب", summary: "why it is the best"),
      .init(
        line: "searchctl query --queries topics.tsv --format trec --limit 1000 > run.txt",
        summary: "a run for an evaluation"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    var run = try QueryRun(arguments, console)
    if let file = arguments.string(Options.queries) { return try run.batch(of: file) }
    guard arguments.operands.isEmpty else { return try run.single() }
    if run.format == .text, console.output.isTerminal {
      let search = InteractiveSearch(
        searcher: run.searcher, location: run.location, filters: run.filters, console: console)
      if let status = try search.run() { return status }
    }
    throw Failure("QUERY is missing", hint: "usage: \(command.usage)")
  }
}
