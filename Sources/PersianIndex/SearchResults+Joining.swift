// SPDX-License-Identifier: Apache-2.0

extension SearchResults {
  /// Joins what the parts of a collection found into what one index would have found.
  ///
  /// Each part has to rank by the statistics of the collection; see ``Searcher/ranked(by:)``.
  ///
  ///     let options = SearchOptions(limit: max(10, Ranking().rescoredCount))
  ///     let parts = try searchers.map { try $0.ranked(by: sum).search(query, options: options) }
  ///     for hit in SearchResults.joining(parts, limit: 10) { print(hit.rank, hit.score, hit.key) }
  ///
  /// The scores by terms alone are the same in a part as in one index, so the best of all parts by
  /// them are the very documents that one index tells apart by further evidence, and each is among
  /// the best of its part. They keep their scores; of the others the evidence is taken away.
  ///
  /// - Parameters:
  ///   - parts: What each part found: all from its first page, and at least as many hits as the
  ///     greater of `limit` and `rescoredCount` where it has so many.
  ///   - limit: The most hits to return, 0 or more.
  ///   - rescoredCount: The ``Ranking/rescoredCount`` that the parts were searched with.
  /// - Returns: The best hits of all parts; hits of equal score in the order of their keys' bytes.
  ///   The total is the sum of those of the parts, and ``nextPage`` is `nil`.
  /// - Complexity: O(*n* log *n*) in the hits of all parts.
  public static func joining(
    _ parts: [SearchResults], limit: Int, rescoredCount: Int = Ranking().rescoredCount
  ) -> SearchResults {
    var hits = parts.flatMap(\.hits)
    hits.sort { Self.precedes($0, $1, by: \.baseScore) }
    let told = hits.prefix(Swift.max(0, rescoredCount)).sorted {
      Self.precedes($0, $1, by: \.score)
    }
    let joined =
      told.enumerated().map { $0.element.placed($0.offset + 1, score: $0.element.score) }
      + hits.enumerated().dropFirst(told.count).map {
        $0.element.placed($0.offset + 1, score: $0.element.baseScore)
      }
    let totals = parts.compactMap(\.totalCount)
    return SearchResults(
      hits: Array(joined.prefix(Swift.max(0, limit))),
      totalCount: totals.count == parts.count ? totals.reduce(0, +) : nil)
  }

  private static func precedes(_ left: Hit, _ right: Hit, by score: KeyPath<Hit, Double>) -> Bool {
    let (first, second) = (left[keyPath: score], right[keyPath: score])
    return first != second
      ? first > second : left.key.text.utf8.lexicographicallyPrecedes(right.key.text.utf8)
  }
}
