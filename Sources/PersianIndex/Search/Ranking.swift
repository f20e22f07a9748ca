// SPDX-License-Identifier: Apache-2.0

/// What the score of a hit is made of, and how much each part counts.
///
///     var options = SearchOptions(limit: 20)
///     options.ranking.writtenFormWeight = 0
///
/// All matching documents are scored by the terms of the query with BM25. The best
/// ``rescoredCount`` of them are then told apart by more: by the very forms in which words are
/// written, by terms that stand together as they do in the query, by terms that a text begins
/// with, and by words that those of the query may be slips of. As this only ever adds to a score, documents further down never belong above them. It is
/// counted on the same documents for every limit and offset, so pages fit together.
///
/// The defaults were chosen on several collections together; docs/RANKING.md has the figures.
public struct Ranking: Sendable, Hashable {
  /// The parameters of the formula for one term.
  public var bm25: BM25
  /// How much a function word such as «و» or «است» counts against a content word, 0 to 1.
  ///
  /// Where a query has no other words, they count fully.
  public var stopWordWeight: Float
  /// How much of the score of a word as it is written is added to that of its lemma, 0 or more.
  ///
  /// It lifts documents that have the word in the very form asked for over those with another
  /// inflection of it.
  public var writtenFormWeight: Float
  /// How much of the scores of the parts of a word that analysis takes apart is added to that of
  /// the whole, 0 or more.
  public var partWeight: Float = 0.5
  /// How much it counts that neighbouring words of the query stand in a document just so, 0 or
  /// more.
  public var adjacencyWeight: Float = 0.15
  /// How much it counts that neighbouring content words stand at most eight words apart in any
  /// order, 0 or more.
  public var nearnessWeight: Float = 0.1
  /// How much it counts how near to the beginning of a field its words first occur, 0 or more.
  ///
  /// Texts name what they are about early on.
  public var openingWeight: Float = 0.4
  /// How much of the scores of the words one slip away is added for a word that no document has, 0
  /// or more.
  ///
  /// A misspelt word so still tells which documents are better, among those that the other words
  /// found; it finds none itself.
  public var slipWeight: Float = 1
  /// How many of the best documents are told apart by the six weights above and by
  /// ``documentBoost``; 0 for none.
  public var rescoredCount = 24
  /// Whether the best documents have a say in what is asked for, and how much; `nil` for none.
  public var feedback: RelevanceFeedback?
  /// What documents are worth whatever the query; `nil` where all are worth the same.
  public var documentBoost: DocumentBoost?

  /// Creates a ranking.
  ///
  /// - Parameters:
  ///   - bm25: The parameters of the formula for one term.
  ///   - stopWordWeight: How much a function word counts against a content word, 0 to 1.
  ///   - writtenFormWeight: How much of the score of the word as written is added, 0 or more.
  public init(
    bm25: BM25 = BM25(), stopWordWeight: Float = 0.3, writtenFormWeight: Float = 0.6
  ) {
    self.bm25 = bm25
    self.stopWordWeight = stopWordWeight
    self.writtenFormWeight = writtenFormWeight
  }
}

extension Ranking {
  /// Whether what a query tells beside its terms is looked at, if only how many words it has.
  var needsEvidence: Bool { rescoredCount > 0 || feedback != nil }
}

/// What documents are worth whatever the query, as a field of theirs says.
///
///     options.ranking.documentBoost = DocumentBoost(field: "views", weight: 0.2)
///     options.ranking.rescoredCount = 500
///
/// weight · ln(1 + value) is added to the scores of the best ``Ranking/rescoredCount`` documents; a
/// value that is missing or negative adds nothing. Where worth is to lift documents from far down,
/// that number has to be raised.
public struct DocumentBoost: Sendable, Hashable {
  /// The name of an integer or number field.
  public var field: String
  /// The factor, 0 or more.
  public var weight: Float

  /// Creates a boost.
  ///
  /// - Parameters:
  ///   - field: The name of an integer or number field.
  ///   - weight: The factor, 0 or more.
  public init(field: String, weight: Float) {
    self.field = field
    self.weight = weight
  }
}
