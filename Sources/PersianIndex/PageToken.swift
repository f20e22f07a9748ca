// SPDX-License-Identifier: Apache-2.0

/// Where a page of hits ended, to go on from there.
///
///     var options = SearchOptions(limit: 20)
///     let first = try searcher.search(query, options: options)
///     options.after = first.nextPage
///     let second = try searcher.search(query, options: options)
///
/// Documents that were added after the first page was made are left out of those that follow, so
/// that none shifts the others, and those that follow are ranked by the statistics of the first: the
/// token carries the numbers of documents that the query's words are in. So with the same searcher or a
/// newer one the pages are the cuts of one long list, less the documents that were deleted or
/// replaced meanwhile. Pages of a ``Ranking`` with feedback, and of a word that stood in no document
/// for the first page and stands in one for the next, are ranked anew, each behind the last document of the page
/// before.
public struct PageToken: Sendable, Hashable {
  /// How many hits the pages so far had.
  let position: Int
  /// The insertion number of the last of them.
  let sequence: UInt64
  /// The first insertion number that the pages do not see.
  let end: UInt64
  /// What the pages are ranked by, see ``Searcher/pageStatistics(_:_:)``; empty for what the searcher
  /// finds.
  var statistics: [UInt64] = []

  /// The token as text, for links and command lines.
  public var text: String {
    ([UInt64(position), sequence, end] + statistics)
      .map { String($0, radix: 36) }.joined(separator: "-")
  }

  /// Reads a token from its text.
  ///
  /// - Parameter text: What ``text`` gave; `nil` results from any other.
  public init?(text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt64($0, radix: 36) }
    guard parts.count >= 3, numbers.count == parts.count, numbers[0] <= UInt64(Int.max) else {
      return nil
    }
    self.init(position: Int(numbers[0]), sequence: numbers[1], end: numbers[2])
    statistics = Array(numbers.dropFirst(3))
  }

  init(position: Int, sequence: UInt64, end: UInt64) {
    self.position = position
    self.sequence = sequence
    self.end = end
  }
}
