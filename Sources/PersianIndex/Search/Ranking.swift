// SPDX-License-Identifier: Apache-2.0

/// What the score of a hit is made of, and how much each part counts.
///
///     var options = SearchOptions(limit: 20)
///     options.ranking.writtenFormWeight = 0
///
/// The defaults were chosen on several collections together.
public struct Ranking: Sendable, Hashable {
  /// The parameters of the formula for one term.
  public var bm25: BM25
  /// How much a function word such as «و» or «است» counts against a content word, 0 to 1.
  ///
  /// Where a query has no other words, they count fully.
  public var stopWordWeight: Float
  /// How much of the score of the word as written is added to that of its lemma, 0 or more.
  ///
  /// It lifts documents that have the word in the very form asked for over those with another
  /// inflection of it.
  public var writtenFormWeight: Float

  /// Creates a ranking.
  ///
  /// - Parameters:
  ///   - bm25: The parameters of the formula for one term.
  ///   - stopWordWeight: How much a function word counts against a content word, 0 to 1.
  ///   - writtenFormWeight: How much of the score of the word as written is added, 0 or more.
  public init(
    bm25: BM25 = BM25(), stopWordWeight: Float = 0.3, writtenFormWeight: Float = 0.5
  ) {
    self.bm25 = bm25
    self.stopWordWeight = stopWordWeight
    self.writtenFormWeight = writtenFormWeight
  }
}
