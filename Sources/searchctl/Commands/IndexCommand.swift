// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl index PATH...`: makes an index, or brings it up to date.
enum IndexCommand {
  static let command = Command(
    name: "index", summary: "index files and folders, or bring the index up to date",
    operand: .init(usage: "PATH...", kind: .path, count: 1...Int.max),
    options: [
      Options.index, Options.field, Options.map, Options.encoding, Options.type,
      Options.words, Options.protectedWords, Options.stopWords, Options.synonyms, Options.rebuild,
      Options.commitEvery, Options.threads, Options.wait, Options.json,
    ],
    discussion: [
      "Folders are walked for .txt, .md, .html, .jsonl, .csv, .tsv and .arrow files, also packed as"
        + " .gz, .xz, .zst or .bz2 where the system has the program. Hidden files, symbolic links and"
        + " what a .searchctlignore names (in the syntax of .gitignore) are passed over. `-` reads"
        + " standard input.",
      "A text or a page is one document: its key is its path, its title the first line or the"
        + " <title>. Records (JSON Lines, tables with a header, or Arrow's IPC format) have their"
        + " own key in `id`, their text in `text`; --map says otherwise. Columns of Arrow are text,"
        + " numbers, truth values or times, without compression or dictionaries.",
      "A second run reads only what changed since, removes what is gone from the paths given, and"
        + " says how many of each. A file that cannot be read is told and skipped; the rest is"
        + " indexed, and the exit status is 2.",
      "Long work is committed once a minute, or after the documents that --commit-every says. What"
        + " was committed before an interrupt stays, and the next run goes on from there, within a"
        + " file of records too if it did not change meanwhile; standard input cannot be taken up"
        + " again.",
      "--words, --protected-words, --stop-words and --synonyms give a new index words of yours, which"
        + " it keeps and which queries are read by too. The files are UTF-8 with one word on each"
        + " line (of --synonyms two, with a space, a tab or = between); lines that begin with # are"
        + " passed over.",
      "The index is made in .searchctl in the current folder, unless one is found there or above.",
    ],
    examples: [
      .init(line: "searchctl index seeds/", summary: "index a folder"),
      .init(
        line: "searchctl index --map text=content --field category:keyword news.jsonl.gz",
        summary: "records with names of their own, and a further field"),
      .init(
        line: "searchctl index --words names.txt --synonyms same.txt news/",
        summary: "with words of your own"),
      .init(line: "xz -dc dump.xz | searchctl index -", summary: "JSON Lines from a pipe"),
      .init(
        line: "searchctl index --type arrow - < news.arrow",
        summary: "rows of a data frame, which need no JSON"),
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    Signals.catchInterrupts()
    let location = try IndexLocation(arguments, isMaking: true)
    let encoding = arguments.string(Options.encoding).flatMap(TextDecoder.Encoding.init)
    let reader = DocumentReader(
      decoder: TextDecoder(encoding: encoding ?? .automatic),
      map: try FieldMap(arguments.strings(Options.map)))
    let update = IndexUpdate(
      location: location, reader: reader,
      schema: try Fields.schema(arguments.strings(Options.field)),
      words: try WordFiles.configuration(arguments),
      content: arguments.string(Options.type).flatMap(FileFormat.Content.init),
      progress: Progress(isQuiet: console.isQuiet || arguments.has(Options.json)))
    update.patience = OpenIndex.patience(arguments)
    update.documentsPerCommit = arguments.number(Options.commitEvery)
    if let count = arguments.number(Options.threads) { update.writerOptions.threadCount = count }
    var failures: [Failure] = []
    let summary: IndexUpdate.Summary
    do {
      summary = try update.run(
        paths: arguments.operands, isRebuild: arguments.has(Options.rebuild)
      ) { failure in
        console.warn(failure)
        failures.append(failure)
      }
    } catch {
      update.progress.clear()
      update.rollback()
      throw error
    }
    if arguments.has(Options.json) {
      for failure in failures {
        var object = JSONObject(type: "failure")
        object.set("message", failure.message)
        try console.output.writeLine(object.description)
      }
      try console.output.writeLine(object(for: summary, location).description)
    } else {
      console.note(sentence(for: summary, location))
    }
    return failures.isEmpty ? .success : .failure
  }

  private static func object(
    for summary: IndexUpdate.Summary, _ location: IndexLocation
  ) -> JSONObject {
    var object = JSONObject(type: "summary")
    object.set("formatVersion", JSONObject.formatVersion)
    object.set("index", location.directory)
    object.set([
      "added": summary.added, "updated": summary.updated, "removed": summary.removed,
      "unchanged": summary.unchanged, "resumed": summary.resumed, "failed": summary.failed,
      "documentsRead": summary.documentsRead, "documentCount": summary.documentCount,
    ])
    if let statistics = summary.statistics {
      object.set("indexFormatVersion", statistics.formatVersion)
      object.set("analyzer", statistics.analyzer)
    }
    return object
  }

  private static func sentence(
    for summary: IndexUpdate.Summary, _ location: IndexLocation
  ) -> String {
    var text = "\(summary.added) added, \(summary.updated) updated, \(summary.removed) removed,"
    text += " \(summary.unchanged) unchanged"
    if summary.resumed > 0 {
      text += ", \(summary.resumed) of the updated read on where it was left"
    }
    if summary.failed > 0 { text += ", \(summary.failed) failed" }
    if summary.others > 0 { text += "; \(summary.others) other files passed over" }
    return text
      + "; \(NumberText.count(summary.documentCount, "document")) in \(location.shown)"
  }
}
