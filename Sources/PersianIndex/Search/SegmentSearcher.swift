// SPDX-License-Identifier: Apache-2.0

/// Evaluates compiled queries over the segments of one snapshot.
///
/// It is an immutable value: any number of threads may search with it, each call for itself.
package struct SegmentSearcher: Sendable {
  /// The segments, in any order.
  package let segments: [SearchSegment]
  /// The parameters of the ranking.
  package let bm25: BM25

  /// The statistics of the collection; `nil` where the segments are all of it.
  package let collection: RankingStatistics?

  /// Gathers the statistics of all segments.
  package init(
    segments: [SearchSegment], bm25: BM25 = BM25(), collection: RankingStatistics? = nil
  ) {
    self.segments = segments
    self.bm25 = bm25
    self.collection = collection
  }

  /// Returns the best documents of a query.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - limit: How many hits at most; 0 or more.
  ///   - needsTotal: Whether the exact number of matching documents is to be counted too.
  ///   - isCancelled: Asked now and then; the search ends with `.cancelled` when it says yes.
  /// - Returns: The hits, best first, ties by sequence number.
  /// - Throws: `.corrupt` when a damaged list is met; `.cancelled`.
  package func search(
    _ query: CompiledQuery, limit: Int, needsTotal: Bool = false,
    isCancelled: (() -> Bool)? = nil
  ) throws(IndexError) -> SearchHits {
    throw IndexError(.io, "unfinished")
  }

  /// Counts the matching documents.
  package func count(_ query: CompiledQuery, isCancelled: (() -> Bool)? = nil)
    throws(IndexError) -> Int
  {
    throw IndexError(.io, "unfinished")
  }

  /// Returns all matching documents of one segment as a bit set, one bit per document; deletions
  /// are applied.
  package func matches(of query: CompiledQuery, inSegment segment: Int) throws(IndexError)
    -> [UInt64]
  {
    throw IndexError(.io, "unfinished")
  }
}

/// The best documents of a query.
package struct SearchHits: Sendable, Hashable {
  /// One document found.
  package struct Hit: Sendable, Hashable {
    /// The index of the segment in ``SegmentSearcher/segments``.
    package var segment: Int
    /// The document's id in the segment.
    package var document: UInt32
    /// The score.
    package var score: Float
    /// The writer's sequence number of the document.
    package var sequence: UInt64

    /// Creates a value.
    package init(segment: Int, document: UInt32, score: Float, sequence: UInt64) {
      self.segment = segment
      self.document = document
      self.score = score
      self.sequence = sequence
    }
  }

  /// The hits, best first.
  package var hits: [Hit]
  /// The number of matching documents, where it was asked for.
  package var total: Int?

  /// Creates a value.
  package init(hits: [Hit], total: Int?) {
    self.hits = hits
    self.total = total
  }
}
