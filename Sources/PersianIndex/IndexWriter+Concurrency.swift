// SPDX-License-Identifier: Apache-2.0

// Each method is the blocking one of the same name on a thread that may block.

extension IndexWriter {
  /// Adds a document, or replaces the one of its key, without blocking the task's thread.
  ///
  /// For many documents ``SearchIndex/write(options:waitingUpTo:isolation:_:)`` is faster, which
  /// changes threads only once.
  ///
  /// - Parameters:
  ///   - document: The document.
  ///   - isolation: The caller's actor; leave it out.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func add(
    _ document: Document, isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) {
    try await IndexThreads.run { () throws(IndexError) in try self.add(document) }
  }

  /// Replaces the document of the same key, or adds the document where there is none, without
  /// blocking the task's thread.
  ///
  /// - Parameters:
  ///   - document: The document in its new form.
  ///   - isolation: The caller's actor; leave it out.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func update(
    _ document: Document, isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) {
    try await IndexThreads.run { () throws(IndexError) in try self.update(document) }
  }

  /// Deletes the document of a key, where there is one, without blocking the task's thread.
  ///
  /// - Parameters:
  ///   - key: The key of the document.
  ///   - isolation: The caller's actor; leave it out.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func delete(
    key: DocumentKey, isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) {
    try await IndexThreads.run { () throws(IndexError) in try self.delete(key: key) }
  }

  /// Deletes all documents that match a query, without blocking the task's thread.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - isolation: The caller's actor; leave it out.
  /// - Returns: The number of documents deleted.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  @discardableResult
  public func delete(
    matching query: Query, isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) -> Int {
    try await IndexThreads.run { () throws(IndexError) in try self.delete(matching: query) }
  }

  /// Makes all changes since the last commit durable, together, without blocking the task's thread.
  ///
  ///     try await writer.commit()
  ///
  /// A commit that has begun is not interrupted by a cancellation: when this returns it has been
  /// made, and when it throws `.cancelled` nothing has happened and the changes are still there.
  ///
  /// - Parameter isolation: The caller's actor; leave it out.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func commit(
    isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) {
    try await IndexThreads.run { () throws(IndexError) in try self.commit() }
  }

  /// Takes back all changes since the last commit, without blocking the task's thread.
  ///
  /// - Parameter isolation: The caller's actor; leave it out.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func rollback(
    isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) {
    try await IndexThreads.run { () throws(IndexError) in try self.rollback() }
  }

  /// Brings all documents into one segment, without blocking the task's thread.
  ///
  /// - Parameter isolation: The caller's actor; leave it out.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func optimize(
    isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) {
    try await IndexThreads.run { () throws(IndexError) in try self.optimize() }
  }

  /// Waits until no merge is under way or due, without blocking the task's thread.
  ///
  /// - Parameter isolation: The caller's actor; leave it out.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func waitForMerges(
    isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) {
    try await IndexThreads.run { () throws(IndexError) in try self.waitForMerges() }
  }

  /// Opens a searcher that sees the changes made so far, without blocking the task's thread.
  ///
  /// - Parameter isolation: The caller's actor; leave it out.
  /// - Returns: The searcher.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func searcher(
    isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) -> Searcher {
    try await IndexThreads.run { () throws(IndexError) in try self.searcher() }
  }

  /// Ends the writer, without blocking the task's thread; it is not kept from that by cancellation.
  ///
  /// - Parameter isolation: The caller's actor; leave it out.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func close(isolation: isolated (any Actor)? = #isolation) async {
    await IndexThreads.perform { _ in self.close() }
  }
}
