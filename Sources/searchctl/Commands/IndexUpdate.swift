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
    /// Those of the updated that were read on from where an earlier run was interrupted.
    var resumed = 0
    /// Files of kinds that are not read.
    var others = 0
    var documentsRead = 0
    /// What the index is afterwards.
    var statistics: IndexStatistics?
    /// The documents in the index afterwards.
    var documentCount: Int { statistics?.documentCount ?? 0 }
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
  /// How many documents are read before a commit; `nil` for as many as a minute gives.
  var documentsPerCommit: Int?

  var index: SearchIndex?
  /// Whether the index that is there gives way to a new one.
  private var isReplacing = false
  var writer: IndexWriter?
  var table = FileTable()
  /// The commit that the table is of.
  var generation: UInt64?
  var summary = Summary()
  var lastCommit = ContinuousClock.now
  var documentsSinceCommit = 0
  var hasChanges = false
  /// The bytes of the files that were walked, and of those that are read.
  var bytesInAll: Int64 = 0
  var bytesDone: Int64 = 0
  /// Files that were listed and are gone.
  var vanished: Set<String> = []

  /// How long the work of an interrupted run can be that is done again.
  static let commitInterval = Duration.seconds(60)

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
          hint: "it has no .txt, .md, .html, .jsonl, .csv, .tsv or .arrow file that is not ignored")
      }
      throw Failure("nothing was indexed")
    }
    bytesInAll = walker.files.reduce(0) { $0 + $1.information.sizeInBytes }
    for file in walker.files {
      try Signals.check()
      try update(file, report)
      bytesDone += file.information.sizeInBytes
      showProgress()
      if isTimeToCommit { try commit() }
    }
    if isReadingInput { try readInput(report) }
    for path in filesGone(walker) { try remove(path) }
    if hasChanges { try commit() }
    progress.clear()
    summary.statistics = try index?.statistics()
    return summary
  }

  /// Shows how far the run is.
  ///
  /// - Parameter position: How many bytes of the file that is being read are behind.
  func showProgress(inFile position: Int64? = 0) {
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

  func open(isRebuild: Bool) throws {
    do {
      let index = try SearchIndex.open(at: location.directory)
      self.index = index
      let searcher = try index.searcher()
      if let difference = difference(to: index) {
        guard isRebuild else {
          throw Failure(
            "the index at \(location.shown) \(difference.what)",
            hint: "leave \(difference.option) out, or index anew with --rebuild")
        }
        (self.index, isReplacing) = (nil, true)
        return
      }
      schema = searcher.schema
      generation = searcher.generation
      if isRebuild {
        try writing().delete(matching: .all)
        table = FileTable()
        hasChanges = true
      } else {
        table = FileTable(searcher.userData) ?? FileTable()
      }
    } catch let error as IndexError {
      index = nil
      if error.code == .notFound { return }
      guard isRebuild, [.analyzerMismatch, .formatTooOld, .corrupt].contains(error.code) else {
        throw error
      }
      isReplacing = true
    }
  }

  /// What the user asked for that an index was not made with.
  private func difference(to index: SearchIndex) -> (what: String, option: String)? {
    if let namedSchema, namedSchema != index.schema {
      return ("has other fields than those of --field", "--field")
    }
    if let words, words.data != index.analyzer.configurationData {
      return ("was made with other words than those named", "the files of words")
    }
    return nil
  }

  private func make() throws -> SearchIndex {
    guard isReplacing else {
      return try SearchIndex.create(
        at: location.directory, schema: schema,
        analyzer: PersianAnalyzer(configuration: words ?? PersianConfiguration()))
    }
    hasChanges = true
    return try SearchIndex.replace(
      at: location.directory, schema: namedSchema, configuration: words, fallback: schema)
  }

  /// The fields that the user named; `nil` where none were.
  private var namedSchema: Schema? {
    schema.fields.count > Fields.standard.count ? schema : nil
  }

  /// The writer, made when there is something to write, so that a run without any leaves no trace.
  func writing() throws -> IndexWriter {
    if let writer { return writer }
    let index = try self.index ?? make()
    self.index = index
    schema = index.schema
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

  func commit() throws {
    progress.update("writing the index")
    let writer = try writing()
    try writer.setUserData(table.encoded)
    try writer.commit()
    hasChanges = false
    lastCommit = .now
    documentsSinceCommit = 0
  }

  var isTimeToCommit: Bool {
    guard hasChanges else { return false }
    if let documentsPerCommit { return documentsSinceCommit >= documentsPerCommit }
    return ContinuousClock.now - lastCommit > Self.commitInterval
  }
}
