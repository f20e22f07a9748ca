// SPDX-License-Identifier: Apache-2.0

/// A query after analysis: dictionary keys and weights, nothing of text or schema.
package enum CompiledQuery: Sendable, Hashable {
  /// Matches no document.
  case none
  /// Matches every live document, with score 1.
  case all
  /// Matches the documents that hold a term, in any of its fields; scored by BM25F.
  case term(CompiledTerm)
  /// Matches the documents that hold the terms one after another; scored by BM25 with the phrase's
  /// own frequency.
  case phrase(CompiledPhrase)
  /// Matches by clauses; the scores of the matching `must` and `should` clauses are summed.
  case boolean(CompiledBoolean)
  /// Matches the documents that hold any of many terms (a prefix, say); all score the weight.
  case anyTerm(keys: [[UInt8]], weight: Float)
  /// Matches the documents whose column value is in a range; all score the weight.
  case range(column: Int, values: ClosedRange<Int64>, weight: Float)
  /// Matches what another query matches; all score the weight.
  indirect case constant(CompiledQuery, weight: Float)
}

/// A term of a query, in one or more indexed fields.
package struct CompiledTerm: Sendable, Hashable {
  /// One field's dictionary key and the weight of its occurrences.
  package struct FieldKey: Sendable, Hashable {
    /// The dictionary key: the indexed field's number, then the term in UTF-8.
    package var key: [UInt8]
    /// How much an occurrence in this field counts beside one in the others; greater than 0.
    package var weight: Float

    /// Creates a value.
    package init(key: [UInt8], weight: Float = 1) {
      self.key = key
      self.weight = weight
    }
  }

  /// The fields; an empty array matches nothing.
  package var fields: SmallArray<FieldKey>
  /// The weight that the score is multiplied by; 0 or more.
  package var weight: Float

  /// Creates a value.
  package init(fields: SmallArray<FieldKey>, weight: Float = 1) {
    self.fields = fields
    self.weight = weight
  }
}

/// Terms that must stand one after another in one field.
package struct CompiledPhrase: Sendable, Hashable {
  /// The dictionary keys in order, all of the same indexed field, which has positions.
  package var keys: [[UInt8]]
  /// Where each term stands relative to the first; ascending.
  package var offsets: [UInt32]
  /// How many places in all the terms may be moved from where the phrase has them; 0 is exact.
  package var slop: UInt32
  /// The weight that the score is multiplied by.
  package var weight: Float

  /// Creates a value.
  package init(keys: [[UInt8]], offsets: [UInt32], slop: UInt32 = 0, weight: Float = 1) {
    self.keys = keys
    self.offsets = offsets
    self.slop = slop
    self.weight = weight
  }
}

/// Clauses that are combined.
package struct CompiledBoolean: Sendable, Hashable {
  /// Each must match, and scores.
  package var must: [CompiledQuery]
  /// Each may match, and then scores.
  package var should: [CompiledQuery]
  /// None may match.
  package var mustNot: [CompiledQuery]
  /// Each must match, and does not score.
  package var filter: [CompiledQuery]
  /// How many of ``should`` must match at least; where ``must`` and ``filter`` are empty, at
  /// least 1 is taken.
  package var minimumShould: Int

  /// Creates a value.
  package init(
    must: [CompiledQuery] = [], should: [CompiledQuery] = [], mustNot: [CompiledQuery] = [],
    filter: [CompiledQuery] = [], minimumShould: Int = 0
  ) {
    self.must = must
    self.should = should
    self.mustNot = mustNot
    self.filter = filter
    self.minimumShould = minimumShould
  }
}
