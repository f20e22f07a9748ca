// SPDX-License-Identifier: Apache-2.0

/// What ranking takes from the whole collection, where that is more than the segments searched.
package struct RankingStatistics: Sendable, Hashable {
  /// The number of documents, deleted ones included.
  package var documentCount: Int
  /// The sum of the lengths of every indexed field, by its number.
  package var totalLengths: [UInt64]
  /// How many documents hold a term, by dictionary key.
  package var documentFrequencies: [[UInt8]: Int]

  /// Creates a value.
  package init(
    documentCount: Int, totalLengths: [UInt64], documentFrequencies: [[UInt8]: Int]
  ) {
    self.documentCount = documentCount
    self.totalLengths = totalLengths
    self.documentFrequencies = documentFrequencies
  }

  /// Returns how many documents hold a term.
  ///
  /// - Parameter key: The term's dictionary key.
  /// - Returns: The number; 0 for a term that was looked for in vain.
  /// - Throws: `.invalidArgument` where the statistics were gathered without the term, which is
  ///   another thing than a term that no document holds.
  package func documentFrequency(of key: [UInt8]) throws(IndexError) -> Int {
    guard let frequency = documentFrequencies[key] else {
      throw IndexError(
        .invalidArgument,
        "the statistics do not have the term '\(String(decoding: key.dropFirst(), as: UTF8.self))';"
          + " gather them for this query")
    }
    return frequency
  }
}

extension CompiledQuery {
  /// Adds the dictionary keys whose frequencies the scores of this query depend on.
  package func collectRankedKeys(into keys: inout Set<[UInt8]>) {
    switch self {
    case .none, .all, .anyTerm, .range, .constant: break
    case .term(let term): keys.formUnion(term.fields.map(\.key))
    case .phrase(let phrase): keys.formUnion(phrase.keys)
    case .boolean(let boolean):
      for clause in boolean.must + boolean.should { clause.collectRankedKeys(into: &keys) }
    }
  }
}
