// SPDX-License-Identifier: Apache-2.0

/// Adds what evidence tells to the scores of some documents.
///
/// For a document, a term or written form adds weight · idf · x / (1 + x), where x is the sum over the fields of
/// w · f / K as in the base score. A pair adds (idf₁ + idf₂) · (adjacency · a / (1 + a) +
/// nearness · n / (1 + n)): *a* is the sum over the fields of w · (how often the terms stand as in
/// the query) / K, and *n* that of w · (the sum, over the places of the first, of 1 / d) / K, where
/// *d* is the distance to the nearest place of the second, up to ``reach`` (a form of the
/// proximity scores of Büttcher, Clarke and Lushman, "Term proximity scoring for ad-hoc retrieval
/// on very large text collections", SIGIR 2006). A term whose opening counts adds
/// weight · idf / (1 + p / ``opening``), *p* being the number of places before its first in the
/// field where that is least (after Troy and Zhang, "Enhancing relevance scoring with chronological
/// term rank", SIGIR 2007).
package struct EvidenceScorer {
  /// How far apart two terms may stand to be near each other.
  package static let reach: UInt32 = 8
  /// How many places from the beginning of a field a term counts half of what it does there.
  package static let opening: Float = 7

  private let evidence: CompiledEvidence
  private let searcher: SegmentSearcher
  private let lists: EvidenceLists

  /// Looks up the frequencies of the evidence.
  ///
  /// - Parameters:
  ///   - evidence: The evidence.
  ///   - searcher: What is searched.
  ///   - lookups: What the dictionaries of its segments say of some keys, in about the order of the
  ///     evidence's terms.
  /// - Throws: `.corrupt` when a dictionary is damaged.
  package init(
    _ evidence: CompiledEvidence, searcher: SegmentSearcher,
    lookups: [(key: [UInt8], infos: SmallArray<TermInfo?>)] = []
  ) throws(IndexError) {
    self.evidence = evidence
    self.searcher = searcher
    lists = try EvidenceLists(evidence, searcher, lookups)
  }

  static func find(
    _ key: [UInt8], in segment: SearchSegment
  ) throws(IndexError) -> TermInfo? {
    guard let number = key.first, Int(number) < segment.fields.count else { return nil }
    return try key.withUnsafeBufferPointer { bytes throws(IndexError) in
      try segment.dictionary.find(bytes)
    }
  }

  /// Puts the best documents in the order of their scores with the evidence.
  ///
  /// - Parameters:
  ///   - hits: The documents, best first.
  ///   - count: How many of them to look at. The others stay behind them: their scores are not
  ///     above those that the looked at had without the evidence.
  ///   - worth: What else is added to the score of a document, at least 0.
  /// - Returns: The documents, best first.
  /// - Throws: `.corrupt` when a damaged list is met.
  package func rescored(
    _ hits: [SearchHits.Hit], count: Int, worth: (SearchHits.Hit) -> Float = { _ in 0 }
  ) throws(IndexError) -> [SearchHits.Hit] {
    var best = Array(hits.prefix(count))
    for (place, addition) in try additions(to: best).enumerated() {
      best[place].score += addition + worth(best[place])
    }
    best.sort { $0.score != $1.score ? $0.score > $1.score : $0.sequence < $1.sequence }
    return best + hits.dropFirst(count)
  }

  /// What the evidence adds to the scores of some documents.
  ///
  /// - Parameter hits: The documents, in any order.
  /// - Returns: One number of at least 0 for each.
  /// - Throws: `.corrupt` when a damaged list is met.
  /// - Complexity: O(*h* · *t*) lookups for *h* documents and *t* terms; each decodes at most one
  ///   block of a list.
  package func additions(to hits: [SearchHits.Hit]) throws(IndexError) -> [Float] {
    let parts = try allParts(of: hits)
    return hits.indices.map { hit in
      var sum: Float = 0
      for part in parts[hit * partCount..<(hit + 1) * partCount] { sum += part }
      return sum
    }
  }

  /// What each term, then each pair and then each term's opening adds to the score of a document.
  package func parts(of hit: SearchHits.Hit) throws(IndexError) -> [Float] {
    try allParts(of: [hit])
  }

  private var partCount: Int {
    evidence.terms.count + evidence.pairs.count + evidence.placedTerms.count
  }

  /// The parts of all documents, one document after another.
  private func allParts(of hits: [SearchHits.Hit]) throws(IndexError) -> [Float] {
    var result = [Float](repeating: 0, count: hits.count * partCount)
    for segment in searcher.segments.indices {
      let order = hits.indices.filter { hits[$0].segment == segment }
        .sorted { hits[$0].document < hits[$1].document }
      guard !order.isEmpty else { continue }
      try addParts(
        in: segment, order.map { hits[$0].document }, rows: order.map { $0 * partCount },
        to: &result)
    }
    return result
  }

  private func addParts(
    in segment: Int, _ documents: [UInt32], rows: [Int], to result: inout [Float]
  ) throws(IndexError) {
    var found = SegmentEvidence(
      evidence, lists, searcher, segment: segment, documents: documents)
    try found.findPlaces()
    let count = documents.count
    let sums = UnsafeMutablePointer<Float>.allocate(capacity: count)
    defer { sums.deallocate() }
    for (place, term) in evidence.terms.enumerated() {
      sums.initialize(repeating: 0, count: count)
      try found.addFrequencies(of: place, to: sums)
      let weight = term.weight * lists.terms[place].idf
      for (number, row) in rows.enumerated() {
        result[row + place] = weight * Self.saturated(sums[number])
      }
    }
    var part = evidence.terms.count
    for pair in evidence.pairs {
      let idf = lists.placedTerms[pair.first].idf + lists.placedTerms[pair.second].idf
      for (number, row) in rows.enumerated() {
        guard let (adjacency, nearness) = found.meetings(pair, number) else {
          continue
        }
        result[row + part] =
          idf
          * (pair.adjacencyWeight * Self.saturated(adjacency)
            + pair.nearnessWeight * Self.saturated(nearness))
      }
      part += 1
    }
    for (number, term) in evidence.placedTerms.enumerated() {
      let weight = term.openingWeight * lists.placedTerms[number].idf
      for (place, row) in rows.enumerated() {
        guard let first = found.firstPosition(of: number, place) else { continue }
        result[row + part] = weight / (1 + Float(first) / Self.opening)
      }
      part += 1
    }
  }

  /// x / (1 + x), which is 1 where k1 is 0 and x therefore infinite.
  private static func saturated(_ x: Float) -> Float {
    x == .infinity ? 1 : x / (1 + x)
  }
}
