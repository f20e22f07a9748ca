// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Adds, replaces and deletes documents of an index, and makes the changes durable.
///
/// Changes take effect together at ``commit()``: until then no searcher sees them, and after a crash
/// none of them has happened. There is one writer of an index at a time.
///
/// All methods are safe to call from any thread; they wait for each other.
public final class IndexWriter: Sendable {
  /// The most bytes of text that one document can have in all its text fields: 32 MiB.
  public static let maximumTextLength = 32 << 20

  /// The schema of the index.
  public let schema: Schema
  /// What texts are analysed with.
  public let analyzer: any Analyzer
  let directory: any StorageDirectory
  let segments: Monitor<SegmentSet>
  let pipeline: IndexingPipeline
  let merges: SegmentMergeRunner
  let coding: DocumentCoding
  private let mergeThread: Thread?
  let batchSize: Int
  let state: Mutex<State>
  private let isCancelled = Atomic(false)

  /// What the writer knows of changes that are not in segments yet.
  struct State {
    var lock: WriterLock?
    var batch = DocumentBatch()
    var nextSequence: UInt64
    var deletions: [SegmentSet.Deletion] = []
    /// Why documents were lost; only a rollback helps.
    var failure: IndexError?
  }

  /// Opens the writer of an index.
  ///
  /// - Parameters:
  ///   - directory: The directory of the index, which holds a commit.
  ///   - analyzer: The analyzer of the text fields; the caller has checked that it is the index's.
  ///   - options: How to use memory and threads.
  ///   - seconds: How long to wait for another writer to end; 0 to try once.
  /// - Throws: `.locked`, `.notFound`, `.corrupt`, and what the directory throws.
  package init(
    _ directory: any StorageDirectory, analyzer: any Analyzer,
    options: IndexWriterOptions = IndexWriterOptions(), waitingUpTo seconds: Double = 0
  ) throws(IndexError) {
    let lock = try directory.lock(waitingUpTo: seconds)
    let store = ManifestStore(directory)
    guard let manifest = try store.newestForWriting() else {
      throw IndexError(.notFound, "there is no index here", path: directory.path)
    }
    schema = try Schema(decoding: manifest.schema, path: directory.path)
    let fields = IndexedFields(kinds: schema.fields.map(\.kind))
    var members: [SegmentSet.Member] = []
    for entry in manifest.segments {
      let reader = try SegmentReader(entry, in: directory)
      guard reader.info.fields == fields else {
        throw reader.file.corrupt("its fields are not those of the schema", .segmentInfo)
      }
      members.append(
        SegmentSet.Member(
          reader, live: try LiveDocs(entry, in: directory),
          liveGeneration: entry.liveDocsGeneration))
    }
    // What a crashed writer left behind may have the numbers of the next files.
    try store.collectGarbage(keeping: manifest)
    self.directory = directory
    self.analyzer = analyzer
    coding = DocumentCoding(schema)
    segments = Monitor(SegmentSet(manifest: manifest, members: members))
    merges = SegmentMergeRunner(directory: directory, segments: segments, options: options)
    batchSize = min(256 << 10, max(options.memoryBudget / options.threadCount / 8, 16 << 10))
    pipeline = try IndexingPipeline(
      directory: directory, segments: segments, fields: fields, analyzer: analyzer,
      options: options)
    state = Mutex(State(lock: lock, nextSequence: manifest.nextSequence))
    do {
      let merges = merges
      mergeThread =
        options.mergesInBackground ? try Thread(name: "merging") { merges.run() } : nil
    } catch {
      pipeline.close()
      throw error
    }
  }

  deinit {
    stop()
  }

  /// Deletes the document of a key, where there is one.
  ///
  /// - Parameter key: The key of the document.
  /// - Throws: `.closed` after ``close()``; what made an earlier change fail, until
  ///   ``rollback()``.
  /// - Complexity: O(1); the document is looked up at the next commit.
  public func delete(key: DocumentKey) throws(IndexError) {
    try state.withLock { (state) throws(IndexError) in
      try check(state)
      state.deletions.append(
        SegmentSet.Deletion(key: Array(key.text.utf8), sequence: state.nextSequence))
      if state.deletions.count >= 100_000 { try flush(&state, synchronizing: false) }
    }
  }

  var closed: IndexError { IndexError(.closed, "the writer is closed", path: directory.path) }

  func check(_ state: borrowing State) throws(IndexError) {
    if state.lock == nil { throw closed }
    if isCancelled.load(ordering: .relaxed) {
      throw IndexError(
        .cancelled, "the task was cancelled; nothing has been committed", path: directory.path)
    }
    if let failure = state.failure { throw failure }
  }

  func submit(_ state: inout State) throws(IndexError) {
    guard state.batch.count > 0 else { return }
    do {
      try pipeline.submit(state.batch)
      state.batch.removeAll()
    } catch {
      state.failure = error
      throw error
    }
  }

  /// Brings all changes into segments, without committing them.
  ///
  /// - Parameters:
  ///   - state: The writer's state.
  ///   - synchronizing: Whether to wait until the new segments are on the medium; those of earlier
  ///     calls are not waited for.
  /// - Throws: Why documents were lost.
  func flush(_ state: inout State, synchronizing: Bool) throws(IndexError) {
    try submit(&state)
    do {
      try pipeline.flush(synchronizing: synchronizing)
      let deletions = state.deletions
      try segments.withLock { (set) throws(IndexError) in try set.delete(deletions) }
      state.deletions.removeAll(keepingCapacity: true)
    } catch {
      state.failure = error
      throw error
    }
  }

  /// Makes every further call throw `.cancelled`, but for ``close()``; safe from any thread.
  package func cancel() {
    isCancelled.store(true, ordering: .relaxed)
  }

  /// Ends all threads, and waits for merges that other calls carry out.
  func stop() {
    pipeline.close()
    segments.withLock { $0.isClosing = true }
    mergeThread?.join()
    segments.wait { $0.mergesUnderWay == 0 ? () : nil }
  }
}
