// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl similar KEY`: the documents most like one.
enum SimilarCommand {
  static let command = Command(
    name: "similar", summary: "find the documents most like one of the index",
    operand: .init(usage: "KEY", kind: .path, count: 1...1),
    options: [
      Options.index, Options.limit, Options.json, Options.snippetLength, Options.highlight,
      Options.bidi, Options.digits,
    ],
    discussion: [
      "KEY is the key of a document: its path, as `searchctl query` shows it, or the key of a record."
        + " The words that tell the most of the document, frequent in it and rare in the index, are"
        + " searched for.",
      "The exit status is 1 where no other document is like it.",
    ],
    examples: [
      .init(
        line: "searchctl similar seeds/000_01dc0ca69e2adcf6.txt", summary: "more like this one"),
      .init(line: "searchctl similar --json --limit 3 mehr/1", summary: "for programs"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    let location = try IndexLocation(arguments)
    let searcher = try OpenIndex.searcher(at: location)
    let given = arguments.operands[0]
    let key = try key(given, location, searcher)
    let isJSON = arguments.has(Options.json)
    let renderer = HitRenderer(
      format: isJSON ? .json : .text, location: location,
      snippetOptions: SnippetOptions(length: arguments.number(Options.snippetLength) ?? 200))
    let results = try searcher.similar(to: key, limit: arguments.number(Options.limit) ?? 10)
    for hit in results { try renderer.write(hit, to: console) }
    if isJSON {
      var summary = JSONObject(type: "summary")
      summary.set("formatVersion", JSONObject.formatVersion)
      summary.set("hits", results.count)
      summary.set("documentCount", searcher.documentCount)
      try console.output.writeLine(summary.description)
    } else if results.isEmpty {
      console.note("no other document is like it")
    }
    return results.isEmpty ? .none : .success
  }

  /// The key as it is, or that of the file that is called so from the current folder.
  private static func key(
    _ given: String, _ location: IndexLocation, _ searcher: Searcher
  ) throws -> DocumentKey {
    let path = PathName.relative(
      PathName.absolute(given, in: location.currentDirectory), to: location.root)
    for text in [given, path] {
      let key = DocumentKey(text)
      if try searcher.address(of: key) != nil { return key }
    }
    throw Failure(
      "there is no document '\(Sanitizer.visible(given))'",
      hint: "`searchctl query` shows the keys of what it finds")
  }
}
