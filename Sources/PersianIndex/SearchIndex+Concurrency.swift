// SPDX-License-Identifier: Apache-2.0

extension SearchIndex {
  /// Opens a writer, without blocking the task's thread.
  ///
  /// A task that waits for another writer takes no thread, and stops waiting when it is cancelled.
  ///
  ///     let writer = try await index.writer(waitingUpTo: 30)
  ///     for try await document in documents { try await writer.update(document) }
  ///     try await writer.commit()
  ///
  /// - Parameters:
  ///   - options: Memory, threads and merging.
  ///   - seconds: How long to wait for another writer to finish, 0 for not at all.
  ///   - isolation: The caller's actor; leave it out.
  /// - Returns: The writer; the lock is held until it is closed or gone.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it is open.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func writer(
    options: IndexWriterOptions = IndexWriterOptions(), waitingUpTo seconds: Double = 0,
    isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) -> IndexWriter {
    try await whenUnlocked(waitingUpTo: seconds) { () throws(IndexError) in
      try writer(options: options)
    }
  }

  /// Runs a closure with a writer, and commits what it wrote, without blocking the task's thread.
  ///
  ///     try await index.write { writer in
  ///       for document in documents { try writer.update(document) }
  ///     }
  ///
  /// Where the task is cancelled, the closure's next call of the writer throws `.cancelled`, and
  /// nothing is committed. A commit that has begun is completed.
  ///
  /// - Parameters:
  ///   - options: Memory, threads and merging.
  ///   - seconds: How long to wait for another writer to finish, 0 for not at all; a task that waits
  ///     takes no thread.
  ///   - isolation: The caller's actor; leave it out.
  ///   - body: Writes documents, on one of the ``IndexThreads``; it must not keep the writer.
  /// - Returns: What the closure returns.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before the commit.
  ///   The index is as before then.
  @discardableResult
  public func write<Value: Sendable>(
    options: IndexWriterOptions = IndexWriterOptions(), waitingUpTo seconds: Double = 0,
    isolation: isolated (any Actor)? = #isolation,
    _ body: @escaping @Sendable (IndexWriter) throws -> Value
  ) async throws -> Value {
    let writer = try await writer(options: options, waitingUpTo: seconds)
    return try await IndexThreads.perform(onCancel: writer.cancel) { failure in
      defer { writer.close() }
      return Result<Value, any Error> {
        if let failure { throw failure }
        let result = try body(writer)
        try writer.commit()
        return result
      }
    }.get()
  }

  /// Opens the newest commit for searching, without blocking the task's thread.
  ///
  /// - Parameter isolation: The caller's actor; leave it out.
  /// - Returns: The searcher, a snapshot.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func searcher(
    isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) -> Searcher {
    try await IndexThreads.run { () throws(IndexError) in try searcher() }
  }

  /// Opens the newest commit for searching, sharing with an older searcher what has not changed,
  /// without blocking the task's thread.
  ///
  /// - Parameters:
  ///   - older: A searcher of this index.
  ///   - isolation: The caller's actor; leave it out.
  /// - Returns: The searcher; `older` itself where it has seen the newest commit.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func searcher(
    refreshing older: Searcher, isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) -> Searcher {
    try await IndexThreads.run { () throws(IndexError) in try searcher(refreshing: older) }
  }

  /// Tries again while another writer has the index, and sleeps in between.
  private func whenUnlocked<Value: Sendable>(
    waitingUpTo seconds: Double, isolation: isolated (any Actor)? = #isolation,
    _ body: @escaping @Sendable () throws(IndexError) -> Value
  ) async throws(IndexError) -> Value {
    let deadline = MonotonicClock.nanoseconds + UInt64(max(0, min(seconds, 1e9)) * 1e9)
    var pause: UInt64 = 1
    while true {
      do throws(IndexError) {
        return try await IndexThreads.run(body)
      } catch {
        guard error.code == .locked, MonotonicClock.nanoseconds < deadline else { throw error }
      }
      // A cancelled task does not sleep, and the next try throws.
      try? await Task.sleep(nanoseconds: pause * 1_000_000)
      pause = min(pause * 2, 50)
    }
  }
}
