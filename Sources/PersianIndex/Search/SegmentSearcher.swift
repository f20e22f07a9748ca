// SPDX-License-Identifier: Apache-2.0

/// Evaluates compiled queries over the segments of one snapshot.
///
/// It never changes: any number of threads may search with it, each call for itself.
package final class SegmentSearcher: Sendable {
  /// The segments, in any order.
  package let segments: [SearchSegment]
  /// The parameters of the ranking.
  package let bm25: BM25
  /// The statistics of the collection; `nil` where the segments are all of it.
  package let collection: RankingStatistics?
  /// The number of documents of the collection, deleted ones included.
  package let documentCount: Int
  let statistics: FieldStatistics

  /// Gathers the statistics of all segments.
  ///
  /// - Parameters:
  ///   - segments: The segments, all with the same fields.
  ///   - bm25: The parameters of the ranking.
  ///   - collection: The statistics of a larger collection, to rank by in place of the segments'.
  package init(
    segments: [SearchSegment], bm25: BM25 = BM25(), collection: RankingStatistics? = nil
  ) {
    self.segments = segments
    self.bm25 = bm25
    self.collection = collection
    documentCount =
      collection?.documentCount ?? segments.reduce(0) { $0 + Int($1.documentCount) }
    statistics = FieldStatistics(
      segments: segments, bm25: bm25, documentCount: documentCount,
      totalLengths: collection?.totalLengths)
  }

  /// The inverse document frequency of a term that is in a number of documents.
  package func inverseDocumentFrequency(_ frequency: Int) -> Float {
    let n = Double(documentCount)
    let f = Double(min(frequency, documentCount))
    return Float(naturalLogarithm(1 + (n - f + 0.5) / (f + 0.5)))
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
    try search(
      QueryPlan(query, self), limit: limit, needsTotal: needsTotal, isCancelled: isCancelled)
  }

  /// Returns the best documents of a query whose terms have been looked up.
  func search(
    _ plan: borrowing QueryPlan, limit: Int, needsTotal: Bool = false,
    isCancelled: (() -> Bool)? = nil
  ) throws(IndexError) -> SearchHits {
    let capacity = min(limit, segments.reduce(0) { $0 + Int($1.liveCount) })
    if capacity <= 0 {
      return SearchHits(hits: [], total: needsTotal ? try count(plan, isCancelled) : nil)
    }
    var heap = TopHeap(limit: capacity)
    defer { heap.deallocate() }
    var total = 0
    for index in segments.indices {
      if needsTotal {
        if let count = try TopEvaluator.collectAndCount(
          plan, self, segment: index, into: &heap, isCancelled: isCancelled)
        {
          total += count
          continue
        }
        total += try CountEvaluator.count(
          plan, self, segment: index, isCancelled: isCancelled)
      }
      try TopEvaluator.collect(
        plan, self, segment: index, into: &heap, isCancelled: isCancelled)
    }
    let scale = plan.scale
    let hits = heap.sorted { entry in
      SearchHits.Hit(
        segment: Int(entry.segment), document: entry.document,
        score: Float(entry.score) / scale, sequence: entry.sequence)
    }
    return SearchHits(hits: hits, total: needsTotal ? total : nil)
  }

  /// Counts the matching documents.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - isCancelled: Asked now and then; counting ends with `.cancelled` when it says yes.
  /// - Returns: The number of live documents that match.
  /// - Throws: `.corrupt` when a damaged list is met; `.cancelled`.
  package func count(_ query: CompiledQuery, isCancelled: (() -> Bool)? = nil)
    throws(IndexError) -> Int
  {
    try count(QueryPlan(query, self), isCancelled)
  }

  private func count(
    _ plan: borrowing QueryPlan, _ isCancelled: (() -> Bool)?
  ) throws(IndexError) -> Int {
    var total = 0
    for index in segments.indices {
      total += try CountEvaluator.count(plan, self, segment: index, isCancelled: isCancelled)
    }
    return total
  }

  /// Returns all matching documents of one segment as a bit set, one bit per document; deletions
  /// are applied.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - segment: The segment's index.
  /// - Returns: As many words as the segment's documents fill.
  /// - Throws: `.corrupt` when a damaged list is met.
  package func matches(of query: CompiledQuery, inSegment segment: Int) throws(IndexError)
    -> [UInt64]
  {
    try CountEvaluator.matches(QueryPlan(query, self), self, segment: segment)
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
    /// The score by the terms of the query alone, before any evidence was added.
    package let baseScore: Float
    /// The writer's sequence number of the document.
    package var sequence: UInt64

    /// Creates a value.
    package init(segment: Int, document: UInt32, score: Float, sequence: UInt64) {
      self.segment = segment
      self.document = document
      self.score = score
      baseScore = score
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
