// SPDX-License-Identifier: Apache-2.0

/// An index in a folder: where documents are written and searchers come from.
///
///     let index = try SearchIndex.create(
///       at: "news.index",
///       schema: Schema(.text("title", weight: 2), .text("body"), .date("published")))
///     try index.write { writer in
///       try writer.update(Document(key: "mehr/1", ["title": "نشست تعاون‌گران", "body": text]))
///     }
///     let searcher = try index.searcher()
///     for hit in try searcher.search("اتحادیه های تعاونی", limit: 10) {
///       print(hit.rank, hit.score, hit.key, hit.snippet(of: "body"))
///     }
///
/// The value holds no file open and no lock; copies are free, and it may be used from any thread.
/// At any time one writer, in this process or another, and any number of searchers can use the
/// folder.
public struct SearchIndex: Sendable {
  /// The format version that this build writes.
  public static let formatVersion = Int(Manifest.currentFormatVersion)
  /// The oldest format version that this build reads.
  public static let oldestFormatVersion = Int(Manifest.oldestFormatVersion)

  /// The fields of the documents.
  public let schema: Schema
  /// What texts and queries are analysed with.
  public let analyzer: any Analyzer

  let directory: any StorageDirectory

  /// The path of the folder.
  public var path: String { directory.path }

  // MARK: Creating and opening

  /// Creates an empty index in a folder, which is made where it is not there.
  ///
  /// - Parameters:
  ///   - path: The path of the folder. What else is in it stays as it is.
  ///   - schema: The fields that documents may have; fixed for the life of the index.
  ///   - analyzer: What texts and queries are analysed with; fixed too.
  /// - Returns: The index.
  /// - Throws: `.alreadyExists` where the folder holds an index, `.invalidSchema`, `.locked` where
  ///   another process is creating one, `.notPermitted`, `.outOfSpace`, `.io`.
  public static func create(
    at path: String, schema: Schema, analyzer: any Analyzer = PersianAnalyzer()
  ) throws(IndexError) -> SearchIndex {
    let directory = FileDirectory(path)
    try schema.validate()
    try directory.createFolder()
    return try create(in: directory, schema: schema, analyzer: analyzer)
  }

  /// Creates an empty index in memory, which is gone with the last value that uses it.
  ///
  /// - Parameters:
  ///   - schema: The fields that documents may have.
  ///   - analyzer: What texts and queries are analysed with.
  /// - Returns: The index.
  /// - Throws: `.invalidSchema`.
  public static func inMemory(
    schema: Schema, analyzer: any Analyzer = PersianAnalyzer()
  ) throws(IndexError) -> SearchIndex {
    try schema.validate()
    return try create(in: MemoryDirectory(), schema: schema, analyzer: analyzer)
  }

  /// Opens the index in a folder.
  ///
  /// - Parameters:
  ///   - path: The path of the folder.
  ///   - analyzer: The analyzer that the index was created with; `nil` for one of this library's.
  /// - Returns: The index.
  /// - Throws: `.notFound` where the folder holds no index, `.analyzerMismatch` where it was written
  ///   with another analyzer or lexicon, `.formatTooNew` or `.formatTooOld`, `.corrupt` where the
  ///   newest commit is damaged, `.notPermitted`, `.io`.
  public static func open(
    at path: String, analyzer: (any Analyzer)? = nil
  ) throws(IndexError) -> SearchIndex {
    try open(in: FileDirectory(path), analyzer: analyzer)
  }

  package static func create(
    in directory: any StorageDirectory, schema: Schema, analyzer: any Analyzer
  ) throws(IndexError) -> SearchIndex {
    let lock = try directory.lock(waitingUpTo: 0)
    defer { withExtendedLifetime(lock) {} }
    let store = ManifestStore(directory)
    guard try store.generations().isEmpty else {
      throw IndexError(
        .alreadyExists, "there is an index here already; open it, or delete the folder first",
        path: directory.path)
    }
    try store.publish(
      Manifest(
        generation: 1, schema: schema.encoded(), analyzerIdentity: analyzer.identity.description,
        analyzerData: analyzer.configurationData))
    return SearchIndex(schema: schema, analyzer: analyzer, directory: directory)
  }

  package static func open(
    in directory: any StorageDirectory, analyzer: (any Analyzer)?
  ) throws(IndexError) -> SearchIndex {
    guard let manifest = try ManifestStore(directory).newest() else {
      throw IndexError(.notFound, "there is no index here; create one", path: directory.path)
    }
    let schema = try Schema(decoding: manifest.schema, path: directory.path)
    let analyzer: any Analyzer =
      if let analyzer {
        analyzer
      } else {
        try Analyzers.analyzer(
          identity: manifest.analyzerIdentity, configurationData: manifest.analyzerData,
          path: directory.path)
      }
    guard analyzer.identity.description == manifest.analyzerIdentity else {
      throw IndexError(
        .analyzerMismatch,
        "made with the analyzer \(manifest.analyzerIdentity), but this program has "
          + "\(analyzer.identity); index the documents anew",
        path: directory.path)
    }
    return SearchIndex(schema: schema, analyzer: analyzer, directory: directory)
  }

  // MARK: Writing

  /// Opens a writer.
  ///
  /// - Parameters:
  ///   - options: Memory, threads and merging.
  ///   - seconds: How long to wait for another writer to finish, 0 for not at all.
  /// - Returns: The writer; the lock is held until it is closed or gone.
  /// - Throws: `.locked` where another writer has the index, `.corrupt` where the newest commit is
  ///   damaged, `.notPermitted`, `.outOfSpace`, `.io`.
  /// - Note: Blocks while it waits.
  public func writer(
    options: IndexWriterOptions = IndexWriterOptions(), waitingUpTo seconds: Double = 0
  ) throws(IndexError) -> IndexWriter {
    try IndexWriter(directory, analyzer: analyzer, options: options, waitingUpTo: seconds)
  }

  /// Runs a closure with a writer, and commits what it wrote, or nothing where it throws.
  ///
  ///     try index.write { writer in
  ///       try writer.update(document)
  ///       try writer.delete(key: "mehr/7")
  ///     }
  ///
  /// - Parameters:
  ///   - options: Memory, threads and merging.
  ///   - seconds: How long to wait for another writer to finish, 0 for not at all.
  ///   - body: Writes documents; it must not keep the writer.
  /// - Returns: What the closure returns.
  /// - Throws: What ``writer(options:waitingUpTo:)`` and the commit throw, and what `body` throws.
  ///   The index is as before then.
  /// - Note: Blocks until the commit is durable.
  @discardableResult
  public func write<Result>(
    options: IndexWriterOptions = IndexWriterOptions(), waitingUpTo seconds: Double = 0,
    _ body: (IndexWriter) throws -> Result
  ) throws -> Result {
    let writer = try writer(options: options, waitingUpTo: seconds)
    defer { writer.close() }
    let result = try body(writer)
    try writer.commit()
    return result
  }

  // MARK: Reading

  /// Opens the newest commit for searching.
  ///
  /// - Returns: The searcher, a snapshot.
  /// - Throws: `.notFound` where the index is gone, `.corrupt` where it is damaged,
  ///   `.outOfResources` where no file can be opened or mapped, `.io`.
  /// - Complexity: O(*s*) in the number of segments; documents are not read.
  public func searcher() throws(IndexError) -> Searcher {
    Searcher(
      snapshot: try IndexSnapshot.newest(in: directory), schema: schema, analyzer: analyzer)
  }

  /// Opens the newest commit for searching, sharing with an older searcher what has not changed.
  ///
  /// - Parameter older: A searcher of this index.
  /// - Returns: The searcher; `older` itself where it has seen the newest commit.
  /// - Throws: As ``searcher()``.
  /// - Complexity: O(*s*) in the number of new segments.
  public func searcher(refreshing older: Searcher) throws(IndexError) -> Searcher {
    let snapshot = try IndexSnapshot.newest(in: directory, reusing: older.snapshot)
    return snapshot.manifest.generation == older.generation
      ? older : Searcher(snapshot: snapshot, schema: schema, analyzer: analyzer)
  }

  /// Returns the counts and sizes of the newest commit.
  ///
  /// - Returns: The statistics.
  /// - Throws: As ``searcher()``, without opening segments.
  public func statistics() throws(IndexError) -> IndexStatistics {
    guard let manifest = try ManifestStore(directory).newest() else {
      throw IndexError(.notFound, "there is no index here; create one", path: directory.path)
    }
    return IndexStatistics(manifest)
  }
}
