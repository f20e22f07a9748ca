// SPDX-License-Identifier: Apache-2.0

/// The parameters of the ranking formula, BM25.
///
/// A term that occurs *f* times in a field of *l* tokens scores
/// idf · f / (f + k1 · (1 − b + b · l / average)), where idf = ln(1 + (N − n + ½) / (n + ½)), *N*
/// being the number of documents that have the field and *n* the number of those that hold the term
/// (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; the
/// constant factor k1 + 1 is left out, which changes no order).
public struct BM25: Sendable, Hashable {
  /// How slowly further occurrences of a term add to the score: 0 counts the first alone.
  public var k1: Float
  /// How much long fields are marked down: from 0, not at all, to 1, fully.
  public var b: Float

  /// Creates parameters.
  ///
  /// - Parameters:
  ///   - k1: 0 or greater; 1.2 suits most texts.
  ///   - b: From 0 to 1; 0.75 suits most texts.
  public init(k1: Float = 1.2, b: Float = 0.75) {
    self.k1 = k1
    self.b = b
  }
}
