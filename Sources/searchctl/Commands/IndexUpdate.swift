// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// One run of `index`: finds what changed since the last one and writes it.
final class IndexUpdate {
  /// What a run did, counted in files.
  struct Summary {
    var added = 0
    var updated = 0
    var removed = 0
    var unchanged = 0
    var failed = 0
    /// Files of kinds that are not read.
    var others = 0
    var documentsRead = 0
    /// The documents in the index afterwards.
    var documentCount = 0
  }

  let location: IndexLocation
  let reader: DocumentReader
  /// The fields of the index, where it is to be made.
  private(set) var schema: Schema
  /// The user's own words, for an index that is to be made; `nil` where none were named.
  let words: PersianConfiguration?
  /// What the user said the files named hold.
  let content: FileFormat.Content?
  var progress: Progress
  /// How the writer uses memory and threads.
  var writerOptions = IndexWriterOptions()
  /// How long to wait for another writer, in seconds.
  var patience = 0.5

  private var index: SearchIndex?
  private var writer: IndexWriter?
  private var table = FileTable()
  /// The commit that the table is of.
  private var generation: UInt64?
  private var summary = Summary()
  private var lastCommit = ContinuousClock.now
  private var hasChanges = false
  /// The bytes of the files that were walked, and of those that are read.
  private var bytesInAll: Int64 = 0
  private var bytesDone: Int64 = 0
  /// Files that were listed and are gone.
  private var vanished: Set<String> = []

  /// How long the work of an interrupted run can be that is done again.
  private static let commitInterval = Duration.seconds(60)

  init(
    location: IndexLocation, reader: DocumentReader, schema: Schema,
    words: PersianConfiguration?, content: FileFormat.Content?, progress: Progress
  ) {
    self.words = words
    self.location = location
    self.reader = reader
    self.schema = schema
    self.content = content
    self.progress = progress
  }

  /// Reads what changed and commits it.
  ///
  /// - Parameters:
  ///   - paths: Files, folders and `-`, as the user wrote them.
  ///   - isRebuild: Whether everything is read again into an emptied index.
  ///   - report: Receives what could not be read.
  /// - Returns: What was done.
  /// - Throws: What stopped the run; the last commit stands.
  func run(
    paths: [String], isRebuild: Bool, report: (Failure) -> Void
  ) throws -> Summary {
    var walker = FileWalker(root: location.root, indexDirectory: location.directory)
    let isReadingInput = paths.contains("-")
    for path in paths where path != "-" {
      do {
        try walker.add(path, from: location.currentDirectory)
      } catch let failure as Failure {
        fail(failure, report)
      }
    }
    for failure in walker.failures { fail(failure, report) }
    summary.others = walker.otherCount
    try open(isRebuild: isRebuild)
    if walker.files.isEmpty, filesGone(walker).isEmpty, !isReadingInput {
      if summary.failed == 0 {
        let names = paths.map(Sanitizer.visible).joined(separator: ", ")
        throw Failure(
          "nothing to index in \(names)",
          hint: "it has no .txt, .md, .html, .jsonl, .csv or .tsv file that is not ignored")
      }
      throw Failure("nothing was indexed")
    }
    bytesInAll = walker.files.reduce(0) { $0 + $1.information.sizeInBytes }
    for file in walker.files {
      try Signals.check()
      try update(file, report)
      bytesDone += file.information.sizeInBytes
      showProgress()
      try commitIfLong()
    }
    if isReadingInput { try readInput(report) }
    for path in filesGone(walker) { try remove(path) }
    if hasChanges { try commit() }
    progress.clear()
    summary.documentCount = try index?.searcher().documentCount ?? 0
    return summary
  }

  /// Shows how far the run is.
  ///
  /// - Parameter position: How many bytes of the file that is being read are behind.
  private func showProgress(inFile position: Int64? = 0) {
    let share = position.flatMap {
      bytesInAll > 0 ? Double(bytesDone + $0) / Double(bytesInAll) : nil
    }
    progress.update(done: summary.documentsRead, share: share)
  }

  /// Gives up what was not committed.
  func rollback() {
    writer?.close()
    writer = nil
  }

  // MARK: The index

  private func open(isRebuild: Bool) throws {
    do {
      let index = try SearchIndex.open(at: location.directory)
      self.index = index
      let searcher = try index.searcher()
      if schema.fields.count > Fields.standard.count, schema != searcher.schema {
        throw Failure(
          "the index at \(location.shown) has other fields than those of --field",
          hint: "leave --field out, or remove the index and index again")
      }
      schema = searcher.schema
      generation = searcher.generation
      if let words, words.data != index.analyzer.configurationData {
        throw Failure(
          "the index at \(location.shown) was made with other words than those named",
          hint: "leave the files of words out, or remove the index and index again")
      }
      if isRebuild {
        try writing().delete(matching: .all)
        table = FileTable()
        hasChanges = true
      } else {
        table = FileTable(searcher.userData) ?? FileTable()
      }
    } catch let error as IndexError where error.code == .notFound {
      index = nil
    }
  }

  /// The writer, made when there is something to write, so that a run without any leaves no trace.
  private func writing() throws -> IndexWriter {
    if let writer { return writer }
    let index =
      try self.index
      ?? SearchIndex.create(
        at: location.directory, schema: schema,
        analyzer: PersianAnalyzer(configuration: words ?? PersianConfiguration()))
    self.index = index
    let writer = try OpenIndex.writer(of: index, waitingUpTo: patience, options: writerOptions)
    self.writer = writer
    // The writer that was waited for has its own files to keep in the table.
    let searcher = try index.searcher()
    if searcher.generation != generation {
      table = FileTable(searcher.userData) ?? FileTable()
      generation = searcher.generation
    }
    return writer
  }

  private func commit() throws {
    progress.update("writing the index")
    let writer = try writing()
    try writer.setUserData(table.encoded)
    try writer.commit()
    hasChanges = false
    lastCommit = .now
  }

  private func commitIfLong() throws {
    if hasChanges, ContinuousClock.now - lastCommit > Self.commitInterval { try commit() }
  }

  // MARK: Files

  private func fail(_ failure: Failure, _ report: (Failure) -> Void) {
    summary.failed += 1
    progress.clear()
    report(failure)
  }

  private func update(_ file: FileWalker.File, _ report: (Failure) -> Void) throws {
    let known = table.entries[file.path]
    if let known, known.modified != 0, known.modified == file.information.modified,
      known.sizeInBytes == file.information.sizeInBytes
    {
      summary.unchanged += 1
      return
    }
    do {
      if let format = try format(of: file) {
        try read(file, format: format, known: known, report)
      } else {
        summary.others += 1
      }
    } catch let failure as Failure {
      try Signals.check()
      let name = Sanitizer.visible(file.path)
      fail(Failure("\(name): \(failure.message)", hint: failure.hint), report)
    } catch let error as SystemError where error.isNotFound && !file.isNamed {
      // Gone since the folder was listed, as if it had never been met.
      vanished.insert(file.path)
    } catch let error as SystemError {
      try Signals.check()
      let name = Sanitizer.visible(file.path)
      fail(Failure("\(name): \(error)", hint: "it was skipped"), report)
    } catch let error as IndexError where error.code == .invalidDocument {
      fail(Failure("\(Sanitizer.visible(file.path)): \(error.message)"), report)
    }
  }

  /// What a file holds; `nil` for a file met in a folder that is not text.
  private func format(of file: FileWalker.File) throws -> FileFormat? {
    if file.isNamed, let content { return FileFormat(content: content, path: file.location) }
    if let format = file.format { return format }
    let guess = FileFormat(content: .text, path: file.location)
    if !file.isNamed {
      let bytes = try? reader.content(of: file, format: guess)
      guard let bytes, (try? reader.decoder.decode(bytes)) != nil else { return nil }
    }
    return guess
  }

  private func read(
    _ file: FileWalker.File, format: FileFormat, known: FileTable.Entry?,
    _ report: (Failure) -> Void
  ) throws {
    var entry = FileTable.Entry(
      sizeInBytes: file.information.sizeInBytes, modified: trusted(file.information.modified),
      checksum: 0, documentCount: 1)
    if format.content.isContainer {
      if known != nil {
        try writing().delete(matching: .keyword(Fields.path, file.path))
        hasChanges = true
      }
      entry.documentCount = try readRecords(
        at: file.location, path: file.path, format: format, report)
    } else {
      let whole = try reader.whole(file, format: format)
      entry.checksum = whole.checksum
      if let known, known.checksum == whole.checksum, known.sizeInBytes == entry.sizeInBytes {
        table.entries[file.path] = entry
        summary.unchanged += 1
        // A time that can be trusted now saves reading the file in the next run.
        if entry.modified != known.modified, index != nil { hasChanges = true }
        return
      }
      try add(whole.document)
    }
    table.entries[file.path] = entry
    hasChanges = true
    if known == nil { summary.added += 1 } else { summary.updated += 1 }
  }

  private func readInput(_ report: (Failure) -> Void) throws {
    let format = FileFormat(content: content ?? .jsonLines)
    if format.content.isContainer {
      _ = try readRecords(at: "-", path: nil, format: format, report)
    } else {
      let bytes = try Descriptor.standardInput.readToEnd(limit: DocumentReader.textLimit)
      var document = try reader.document(from: bytes, content: format.content, path: "-")
      document.path = nil
      try add(document)
    }
    summary.added += 1
  }

  private func readRecords(
    at location: String, path: String?, format: FileFormat, _ report: (Failure) -> Void
  ) throws -> Int {
    var count = 0
    let name = path.map(Sanitizer.visible) ?? "standard input"
    let before = summary.failed
    let failures = try reader.each(at: location, path: path, format: format) { document, position in
      try add(document)
      count += 1
      showProgress(inFile: path == nil ? nil : position)
    } report: { failure in
      progress.clear()
      report(Failure("\(name): \(failure.message)", hint: failure.hint))
    }
    if failures > 0 { summary.failed = before + 1 }
    return count
  }

  private func add(_ source: SourceDocument) throws {
    try writing().update(Fields.document(source, schema: schema, map: reader.map))
    summary.documentsRead += 1
    hasChanges = true
  }

  /// A file that changed within the clock's resolution may change again without its time moving.
  private func trusted(_ modified: Int64) -> Int64 {
    WallClock.nanoseconds - modified > 2_000_000_000 ? modified : 0
  }

  // MARK: What is gone

  /// The files of the table that lie in what was walked and were not found.
  private func filesGone(_ walker: FileWalker) -> [String] {
    let present = Set(walker.files.map(\.path)).subtracting(vanished)
    return table.entries.keys.filter { path in
      guard !present.contains(path) else { return false }
      let isInScope = walker.scopes.contains { scope in
        scope == path || (scope == "." && !path.hasPrefix("/")) || path.hasPrefix(scope + "/")
      }
      guard isInScope else { return false }
      // A file that was once named by itself is not found by walking, but it is still there.
      let exists = (try? FileInformation(at: PathName.absolute(path, in: location.root))) != nil
      return !exists || FileFormat(path: path) != nil
    }.sorted()
  }

  private func remove(_ path: String) throws {
    let writer = try writing()
    try writer.delete(key: DocumentKey(path))
    if FileFormat(path: path)?.content.isContainer != false {
      try writer.delete(matching: .keyword(Fields.path, path))
    }
    table.entries[path] = nil
    summary.removed += 1
    hasChanges = true
  }
}
