// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// Returns the best documents for a text as people write queries, without blocking the task's
  /// thread.
  ///
  ///     let hits = try await searcher.search("کتاب‌های تاریخ", limit: 10)
  ///
  /// - Parameters:
  ///   - text: The query's text, read leniently.
  ///   - limit: The most hits to return, 0 or more.
  ///   - isolation: The caller's actor; leave it out.
  /// - Returns: The hits, best first; empty where nothing matches.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func search(
    _ text: String, limit: Int = 10, isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) -> SearchResults {
    try await IndexThreads.run { () throws(IndexError) in try search(text, limit: limit) }
  }

  /// Returns the best documents for a query, without blocking the task's thread.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - options: How many hits to return and what they carry.
  ///   - isolation: The caller's actor; leave it out.
  /// - Returns: The hits, best first; empty where nothing matches.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func search(
    _ query: Query, options: SearchOptions = SearchOptions(),
    isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) -> SearchResults {
    try await IndexThreads.run { () throws(IndexError) in try search(query, options: options) }
  }

  /// Returns the number of documents that match a query, without blocking the task's thread.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - isolation: The caller's actor; leave it out.
  /// - Returns: The number.
  /// - Throws: As the blocking method; `.cancelled` where the task is cancelled before it begins.
  /// - Complexity: As the blocking method, on one of the ``IndexThreads``.
  public func count(
    _ query: Query, isolation: isolated (any Actor)? = #isolation
  ) async throws(IndexError) -> Int {
    try await IndexThreads.run { () throws(IndexError) in try count(query) }
  }
}
