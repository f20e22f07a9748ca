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
  private let termIDF: [Float]
  private let placedIDF: [Float]
  private let pairIDF: [Float]

  /// Looks up the frequencies of the evidence.
  ///
  /// - Throws: `.corrupt` when a dictionary is damaged.
  package init(
    _ evidence: CompiledEvidence, searcher: SegmentSearcher
  ) throws(IndexError) {
    self.evidence = evidence
    self.searcher = searcher
    var idfs: [Float] = []
    for term in evidence.terms { idfs.append(try Self.idf(of: term.fields, searcher)) }
    termIDF = idfs
    var placed: [Float] = []
    for term in evidence.placedTerms { placed.append(try Self.idf(of: term.fields, searcher)) }
    placedIDF = placed
    pairIDF = evidence.pairs.map { placed[$0.first] + placed[$0.second] }
  }

  private static func idf(
    of fields: [CompiledTerm.FieldKey], _ searcher: SegmentSearcher
  ) throws(IndexError) -> Float {
    var greatest = 0
    for field in fields {
      let frequency: Int
      if let keys = WrittenFormKeys(field.key) {
        frequency = WrittenFormKeys.documentFrequency(
          listed: try documentFrequency(of: keys.listed, searcher),
          term: try documentFrequency(of: keys.term, searcher),
          otherwise: try documentFrequency(of: keys.otherwise, searcher))
      } else {
        frequency = try documentFrequency(of: field.key, searcher)
      }
      greatest = max(greatest, frequency)
    }
    return greatest == 0 ? 0 : searcher.inverseDocumentFrequency(greatest)
  }

  private static func documentFrequency(
    of key: [UInt8], _ searcher: SegmentSearcher
  ) throws(IndexError) -> Int {
    if let collection = searcher.collection { return try collection.documentFrequency(of: key) }
    var frequency = 0
    for segment in searcher.segments {
      frequency += Int(try find(key, in: segment)?.documentFrequency ?? 0)
    }
    return frequency
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
    try parts(of: hits).map { $0.reduce(0, +) }
  }

  /// What each term, then each pair and then each term's opening adds to the scores of some
  /// documents.
  package func parts(of hits: [SearchHits.Hit]) throws(IndexError) -> [[Float]] {
    let count = evidence.terms.count + evidence.pairs.count + evidence.placedTerms.count
    var result = [[Float]](repeating: [Float](repeating: 0, count: count), count: hits.count)
    for (number, segment) in searcher.segments.enumerated() {
      let order = hits.indices.filter { hits[$0].segment == number }
        .sorted { hits[$0].document < hits[$1].document }
      guard !order.isEmpty else { continue }
      let documents = order.map { hits[$0].document }
      for (place, term) in evidence.terms.enumerated() {
        let saturated = try saturations(of: term.fields, in: segment, documents)
        for (hit, value) in zip(order, saturated) {
          result[hit][place] = term.weight * termIDF[place] * value
        }
      }
      let added = try placedAdditions(in: segment, documents)
      for (hit, values) in zip(order, added) {
        for (place, value) in values.enumerated() {
          result[hit][evidence.terms.count + place] = value
        }
      }
    }
    return result
  }

  private func saturations(
    of fields: [CompiledTerm.FieldKey], in segment: SearchSegment, _ documents: [UInt32]
  ) throws(IndexError) -> [Float] {
    var sums = [Float](repeating: 0, count: documents.count)
    for field in fields {
      let list = try OccurrenceList(field, in: segment, searcher)
      defer { list.deallocate() }
      if list.isEmpty { continue }
      for (place, document) in documents.enumerated() {
        sums[place] += try list.normalizedFrequency(in: document)
      }
    }
    return sums.map(Self.saturated)
  }

  /// x / (1 + x), which is 1 where k1 is 0 and x therefore infinite.
  private static func saturated(_ x: Float) -> Float {
    x == .infinity ? 1 : x / (1 + x)
  }

  /// What the pairs and then the openings add.
  private func placedAdditions(
    in segment: SearchSegment, _ documents: [UInt32]
  ) throws(IndexError) -> [[Float]] {
    let count = evidence.pairs.count + evidence.placedTerms.count
    var result = [[Float]](repeating: [Float](repeating: 0, count: count), count: documents.count)
    // For every term, its list in each field; the fields stand in the same order for all.
    var lists: [[PlacedList?]] = []
    defer { for list in lists.joined() { list?.deallocate() } }
    for term in evidence.placedTerms {
      var ofTerm: [PlacedList?] = []
      for field in term.fields { ofTerm.append(try PlacedList(field, in: segment, searcher)) }
      lists.append(ofTerm)
    }
    for (place, document) in documents.enumerated() {
      for list in lists.joined() { try list?.loadPositions(in: document) }
      for (number, pair) in evidence.pairs.enumerated() {
        var (adjacency, nearness): (Float, Float) = (0, 0)
        for (first, second) in zip(lists[pair.first], lists[pair.second]) {
          guard let first, let second, first.positionCount > 0, second.positionCount > 0 else {
            continue
          }
          let (together, near) = Self.meetings(first, second, offset: pair.offset)
          adjacency += first.normalized(together, in: document)
          nearness += first.normalized(near, in: document)
        }
        result[place][number] =
          pairIDF[number]
          * (pair.adjacencyWeight * Self.saturated(adjacency)
            + pair.nearnessWeight * Self.saturated(nearness))
      }
      for (number, term) in evidence.placedTerms.enumerated() where term.openingWeight > 0 {
        var first: UInt32?
        for list in lists[number] {
          guard let list, list.positionCount > 0 else { continue }
          first = min(first ?? .max, list.positions[0])
        }
        guard let first else { continue }
        result[place][evidence.pairs.count + number] =
          term.openingWeight * placedIDF[number] / (1 + Float(first) / Self.opening)
      }
    }
    return result
  }

  /// How often the second term stands exactly `offset` behind the first, and the sum of the inverse
  /// distances from each place of the first to the nearest of the second.
  private static func meetings(
    _ first: PlacedList, _ second: PlacedList, offset: UInt32
  ) -> (together: Float, near: Float) {
    var (together, near): (Float, Float) = (0, 0)
    var exact = 0
    var next = 0
    for index in 0..<first.positionCount {
      let position = first.positions[index]
      while exact < second.positionCount, second.positions[exact] < position &+ offset {
        exact += 1
      }
      if exact < second.positionCount, second.positions[exact] == position &+ offset {
        together += 1
      }
      while next < second.positionCount, second.positions[next] < position { next += 1 }
      var distance = UInt32.max
      if next < second.positionCount { distance = second.positions[next] - position }
      if next > 0 { distance = min(distance, position - second.positions[next - 1]) }
      if distance <= reach { near += 1 / Float(max(distance, 1)) }
    }
    return (together, near)
  }
}
