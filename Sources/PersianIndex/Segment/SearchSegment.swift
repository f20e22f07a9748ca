// SPDX-License-Identifier: Apache-2.0

/// What evaluation needs of one segment: views of its mapped bytes.
///
/// Whoever holds one keeps the mapping alive (``owner`` does). It never changes, so any number of
/// threads may search it. It is an object, because every query passes it about, and counting one
/// reference takes less than counting those of all its parts.
package final class SearchSegment: @unchecked Sendable {
  /// The number of documents, deleted ones included.
  package let documentCount: UInt32
  /// The term dictionary.
  package let dictionary: TermDictionaryReader
  /// The postings section.
  package let postings: PostingsReader
  /// The indexed fields, by number; what a dictionary key's first byte selects.
  package let fields: [Field]
  /// The live documents: bit *d* of the words says whether document *d* is live; `nil` when
  /// none is deleted.
  package let live: UnsafePointer<UInt64>?
  /// The number of live documents.
  package let liveCount: UInt32
  /// Whether the writer's sequence numbers ascend with the doc ids.
  package let isInSequenceOrder: Bool
  /// The writer's sequence number of document 0, where those of all others follow it without a gap.
  package let firstSequence: UInt64?
  private let sequences: @Sendable (_ document: UInt32) -> UInt64
  /// The value of a column in a document, `nil` where it has none.
  package let columnValue: @Sendable (_ column: Int, _ document: UInt32) -> Int64?
  /// What keeps the views alive.
  package let owner: any AnyObject & Sendable

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
    firstSequence: UInt64? = nil, sequence: @escaping @Sendable (UInt32) -> UInt64,
    columnValue: @escaping @Sendable (Int, UInt32) -> Int64?, owner: any AnyObject & Sendable
  ) {
    self.documentCount = documentCount
    self.dictionary = dictionary
    self.postings = postings
    self.fields = fields
    self.live = live
    self.liveCount = liveCount
    self.isInSequenceOrder = isInSequenceOrder
    self.firstSequence = firstSequence
    sequences = sequence
    self.columnValue = columnValue
    self.owner = owner
  }
  /// The writer's sequence number of a document; used to break ties.
  @inline(__always)
  package func sequence(_ document: UInt32) -> UInt64 {
    if let firstSequence { return firstSequence &+ UInt64(document) }
    return sequences(document)
  }
}
