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
  /// The resemblance from which on a document is left out as nearly the same as a better hit.
  ///
  /// It is above 0 and at most 1; `nil` leaves none out. 0.6 finds the same report with another
  /// headline.
  ///
  ///     options.collapsedResemblance = 0.6
  ///     for hit in try searcher.search(query, options: options) { print(hit.key, hit.duplicates) }
  ///
  /// The resemblance of two documents is the share of runs of three terms that both have, of their
  /// stored text fields; those without stored text stay. ``limit`` and ``offset`` count the hits that
  /// stay, ``SearchResults/totalCount`` all; ``after`` does not go with it. Every hit looked at is
  /// analysed again, some twenty microseconds for a thousand words.
  public var collapsedResemblance: Double?
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
    if let collapsedResemblance {
      guard collapsedResemblance > 0, collapsedResemblance <= 1 else {
        throw IndexError(
          .invalidArgument,
          "the resemblance \(collapsedResemblance) must be above 0 and at most 1")
      }
      guard after == nil else {
        throw IndexError(
          .invalidArgument, "collapsed hits have no pages to follow; use the offset")
      }
    }
    guard sort == nil || after == nil else {
      throw IndexError(
        .invalidArgument, "hits in the order of a field have no pages to follow; use the offset")
    }
  }
}
