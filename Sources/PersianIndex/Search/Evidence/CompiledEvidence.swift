// SPDX-License-Identifier: Apache-2.0

/// What tells good documents from better ones, looked at only in the best of them.
///
/// A base score comes from the terms of a query one by one, which is what posting lists can be
/// searched by fast. The written forms of its words and the places where its terms stand together
/// tell more, and need looking up in a few documents only.
package struct CompiledEvidence: Sendable, Hashable {
  /// A term that adds to the score as those of the query do.
  package struct Term: Sendable, Hashable {
    /// The dictionary keys.
    package var fields: [CompiledTerm.FieldKey]
    /// The factor of its score.
    package var weight: Float
    /// The term of ``placedTerms`` without which it does not count; `nil` where it counts always.
    package var placedTerm: Int?
  }

  /// A term whose places matter: its keys in the fields searched.
  package struct PlacedTerm: Sendable, Hashable {
    /// The dictionary keys, in fields with positions.
    package var fields: [CompiledTerm.FieldKey]
    /// How much it counts how early in a field the term first occurs.
    package var openingWeight: Float
  }

  /// Two neighbouring terms of the query.
  package struct Pair: Sendable, Hashable {
    /// The terms, as places in ``CompiledEvidence/placedTerms``.
    package var first: Int
    /// The later of the two.
    package var second: Int
    /// How far the second stands behind the first in the query.
    package var offset: UInt32
    /// How much it counts that they stand in a document as they do in the query.
    package var adjacencyWeight: Float
    /// How much it counts that they stand near each other in any order.
    package var nearnessWeight: Float
  }

  /// Written forms, parts of words, words that one of the query may be a slip of.
  package var terms: [Term] = []
  /// The terms whose first places count, and those of ``pairs``.
  package var placedTerms: [PlacedTerm] = []
  /// The neighbours.
  package var pairs: [Pair] = []

  /// Whether there is nothing to look at.
  package var isEmpty: Bool {
    terms.isEmpty && pairs.isEmpty && placedTerms.allSatisfy { $0.openingWeight == 0 }
  }

  /// Creates evidence of nothing.
  package init() {}

  /// Adds the dictionary keys whose frequencies the scores of this evidence depend on.
  package func collectRankedKeys(into keys: inout Set<[UInt8]>) {
    for key in terms.flatMap(\.fields).map(\.key) {
      keys.formUnion(WrittenFormKeys(key)?.all ?? [key])
    }
    for term in placedTerms { keys.formUnion(term.fields.map(\.key)) }
  }
}
