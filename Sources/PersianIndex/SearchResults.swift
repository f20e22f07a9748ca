// SPDX-License-Identifier: Apache-2.0

/// The hits of a search, best first.
///
/// Hits of equal score stand in the order in which their documents were added, so that equal
/// searches of equal indexes give equal results.
public struct SearchResults: Sendable, RandomAccessCollection {
  /// The hits, best first.
  public let hits: [Hit]
  /// How many documents match in all; `nil` where ``SearchOptions/countsAll`` was off.
  public let totalCount: Int?
  /// Where the next page begins; `nil` where this one has no hit.
  public let nextPage: PageToken?

  init(hits: [Hit], totalCount: Int?, nextPage: PageToken? = nil) {
    self.hits = hits
    self.totalCount = totalCount
    self.nextPage = nextPage
  }

  /// The place of the first hit.
  public var startIndex: Int { hits.startIndex }

  /// The place after the last hit.
  public var endIndex: Int { hits.endIndex }

  /// The hit at a place.
  ///
  /// - Parameter position: A place from ``startIndex`` up to ``endIndex``; others trap.
  public subscript(position: Int) -> Hit {
    hits[position]
  }
}
