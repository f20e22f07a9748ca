// SPDX-License-Identifier: Apache-2.0

/// How a search is run and what its results carry.
///
///     var options = SearchOptions(limit: 20, offset: 40)
///     options.countsAll = true
public struct SearchOptions: Sendable, Hashable {
  /// The most hits to return, 0 or more.
  public var limit: Int
  /// How many of the best hits to leave out before, 0 or more; for paging.
  public var offset: Int
  /// The page to follow, as ``SearchResults/nextPage`` gave it; ``offset`` is not used then.
  public var after: PageToken?
  /// Whether all matching documents are counted, not just the best found; it takes longer.
  public var countsAll = false
  /// Whether hits carry the stored fields of their documents; leaving them out is faster where keys
  /// and scores will do.
  public var loadsFields = true
  /// The order of the hits by a field, whose scores are 0 then; `nil` for the best first.
  ///
  /// Documents without a value come last, and equals in the order of insertion. ``after`` does not go
  /// with it.
  public var sort: SortOrder?
  /// What scores are made of.
  public var ranking = Ranking()

  /// Creates options.
  ///
  /// - Parameters:
  ///   - limit: The most hits to return, 0 or more.
  ///   - offset: How many of the best hits to leave out before, 0 or more.
  public init(limit: Int = 10, offset: Int = 0) {
    self.limit = limit
    self.offset = offset
  }

  func validate() throws(IndexError) {
    guard limit >= 0, offset >= 0 else {
      throw IndexError(
        .invalidArgument, "limit \(limit) and offset \(offset) must not be negative")
    }
    guard sort == nil || after == nil else {
      throw IndexError(
        .invalidArgument, "hits in the order of a field have no pages to follow; use the offset")
    }
  }
}
