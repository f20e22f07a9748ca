// SPDX-License-Identifier: Apache-2.0

/// A segment as one searcher sees it: the file, and which of its documents are deleted.
package final class SegmentSnapshot: @unchecked Sendable {
  // Sendable: everything is constant, the words behind the pointer too.

  /// The segment.
  package let reader: SegmentReader
  /// Which documents are live; `nil` where none is deleted.
  package let live: LiveDocs?
  private let sequenceOffset: UInt64
  private let words: UnsafeMutablePointer<UInt64>?

  /// Creates a snapshot.
  ///
  /// - Parameters:
  ///   - reader: The segment.
  ///   - live: Which documents are live; `nil` where none is deleted.
  ///   - sequenceOffset: What is added to the insertion numbers, so that those of several indexes
  ///     follow each other.
  package init(_ reader: SegmentReader, live: LiveDocs?, sequenceOffset: UInt64 = 0) {
    self.reader = reader
    self.sequenceOffset = sequenceOffset
    guard let live, live.deletedCount > 0 else {
      self.live = nil
      words = nil
      return
    }
    self.live = live
    // Searchers read the bits through a pointer, which an array does not promise to keep.
    let copy = UnsafeMutablePointer<UInt64>.allocate(capacity: max(live.words.count, 1))
    for (index, word) in live.words.enumerated() { copy[index] = word }
    words = copy
  }

  deinit {
    words?.deallocate()
  }

  /// The number of documents that are not deleted.
  package var liveCount: Int { live?.liveCount ?? reader.documentCount }

  /// Returns what evaluation needs of the segment; it keeps this object alive.
  package var searchSegment: SearchSegment {
    let (reader, sequenceOffset) = (reader, sequenceOffset)
    return SearchSegment(
      documentCount: UInt32(reader.documentCount), dictionary: reader.dictionary,
      postings: reader.postings, fields: reader.searchFields,
      live: words.map { UnsafePointer($0) }, liveCount: UInt32(liveCount),
      isInSequenceOrder: reader.sequences.isAscending,
      firstSequence: reader.sequences.isGapless ? reader.sequences[0] &+ sequenceOffset : nil,
      sequence: { reader.sequences[$0] &+ sequenceOffset },
      columnValue: { column, document in reader.column(column, document: document) },
      owner: self)
  }
}
