// SPDX-License-Identifier: Apache-2.0

/// How much the best documents of a query have a say in what it asks for.
///
///     options.ranking.feedback = RelevanceFeedback()
///     let hits = try searcher.search(.words("تعاونی مسکن"), options: options)
///
/// The query is run once; the words that are the likeliest in its best documents, function words
/// and numbers left out, are added to it; and it is run again (pseudo-relevance feedback by the
/// relevance model RM3: Abdul-Jaleel and others, "UMass at TREC 2004: novelty and HARD", 2004).
/// What is found stays the same, only its order changes. It takes twice the time and the analysis
/// of those documents, whose text has to be stored.
///
/// It helps queries with many right documents and harms those with one: docs/RANKING.md has the
/// figures. It is off by default.
public struct RelevanceFeedback: Sendable, Hashable {
  /// How many of the best documents are taken for relevant, at least 1.
  public var documentCount: Int
  /// How many of their words are added, at least 1.
  public var termCount: Int
  /// The share of the added words in the new query, from 0 to below 1.
  public var weight: Float

  /// Creates a value.
  ///
  /// - Parameters:
  ///   - documentCount: How many of the best documents are taken for relevant, at least 1.
  ///   - termCount: How many of their words are added, at least 1.
  ///   - weight: The share of the added words in the new query, from 0 to below 1.
  public init(documentCount: Int = 10, termCount: Int = 20, weight: Float = 0.1) {
    self.documentCount = documentCount
    self.termCount = termCount
    self.weight = weight
  }
}
