// SPDX-License-Identifier: Apache-2.0

/// What evaluation needs of one segment: views of its mapped bytes.
///
/// Whoever holds one keeps the mapping alive (``owner`` does). It never changes, so any number of
/// threads may search it.
package struct SearchSegment: @unchecked Sendable {
  /// The number of documents, deleted ones included.
  package var documentCount: UInt32
  /// The term dictionary.
  package var dictionary: TermDictionaryReader
  /// The postings section.
  package var postings: PostingsReader
  /// The indexed fields, by number; what a dictionary key's first byte selects.
  package var fields: [Field]
  /// The live documents: bit *d* of the words says whether document *d* is live; `nil` when
  /// none is deleted.
  package var live: UnsafePointer<UInt64>?
  /// The number of live documents.
  package var liveCount: UInt32
  /// Whether the writer's sequence numbers ascend with the doc ids.
  package var isInSequenceOrder: Bool
  /// The writer's sequence number of a document; used to break ties.
  package var sequence: @Sendable (_ document: UInt32) -> UInt64
  /// The value of a column in a document, `nil` where it has none.
  package var columnValue: @Sendable (_ column: Int, _ document: UInt32) -> Int64?
  /// What keeps the views alive.
  package var owner: any AnyObject & Sendable

  /// One indexed field of the segment.
  package struct Field: @unchecked Sendable {
    /// The code of the field's length, by doc id; `documentCount` bytes.
    package var lengths: UnsafeBufferPointer<UInt8>
    /// The sum of the field's lengths over all documents.
    package var totalLength: UInt64
    /// Whether the field's postings have positions.
    package var hasPositions: Bool
    /// Where the commonest words stand next to each other; `nil` where that was not written down.
    package var pairs: PairLists?

    /// Creates a value.
    package init(
      lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64, hasPositions: Bool,
      pairs: PairLists? = nil
    ) {
      self.pairs = pairs
      self.lengths = lengths
      self.totalLength = totalLength
      self.hasPositions = hasPositions
    }
  }

  /// Creates a value.
  package init(
    documentCount: UInt32, dictionary: TermDictionaryReader, postings: PostingsReader,
    fields: [Field], live: UnsafePointer<UInt64>?, liveCount: UInt32, isInSequenceOrder: Bool,
    sequence: @escaping @Sendable (UInt32) -> UInt64,
    columnValue: @escaping @Sendable (Int, UInt32) -> Int64?, owner: any AnyObject & Sendable
  ) {
    self.documentCount = documentCount
    self.dictionary = dictionary
    self.postings = postings
    self.fields = fields
    self.live = live
    self.liveCount = liveCount
    self.isInSequenceOrder = isInSequenceOrder
    self.sequence = sequence
    self.columnValue = columnValue
    self.owner = owner
  }
}
