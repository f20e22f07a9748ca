// SPDX-License-Identifier: Apache-2.0

/// Where a page of hits ended, to go on from there.
///
///     var options = SearchOptions(limit: 20)
///     let first = try searcher.search(query, options: options)
///     options.after = first.nextPage
///     let second = try searcher.search(query, options: options)
///
/// Documents that were added after the first page was made are left out of those that follow, so
/// that none shifts the others. With the same searcher the pages are exactly the cuts of one long
/// list; with a newer one, deletions and the changed frequencies of terms can still move a document
/// over the edge.
public struct PageToken: Sendable, Hashable {
  let position: Int
  let score: Float
  let sequence: UInt64
  /// The first insertion number that the pages do not see.
  let end: UInt64

  /// The token as text, for links and command lines.
  public var text: String {
    [UInt64(position), UInt64(score.bitPattern), sequence, end]
      .map { String($0, radix: 36) }.joined(separator: "-")
  }

  /// Reads a token from its text.
  ///
  /// - Parameter text: What ``text`` gave; `nil` results from any other.
  public init?(text: String) {
    let numbers = text.split(separator: "-").compactMap { UInt64($0, radix: 36) }
    guard numbers.count == 4,
      text.split(separator: "-", omittingEmptySubsequences: false).count == 4,
      numbers[0] <= UInt64(Int.max), numbers[1] <= UInt64(UInt32.max)
    else { return nil }
    self.init(
      position: Int(numbers[0]), score: Float(bitPattern: UInt32(numbers[1])),
      sequence: numbers[2], end: numbers[3])
  }

  init(position: Int, score: Float, sequence: UInt64, end: UInt64) {
    self.position = position
    self.score = score
    self.sequence = sequence
    self.end = end
  }
}
