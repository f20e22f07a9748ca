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
  private let termLists: EvidenceLists
  private let placedLists: EvidenceLists
  private let pairIDF: [Float]

  /// Looks up the frequencies of the evidence.
  ///
  /// - Throws: `.corrupt` when a dictionary is damaged.
  package init(
    _ evidence: CompiledEvidence, searcher: SegmentSearcher
  ) throws(IndexError) {
    self.evidence = evidence
    self.searcher = searcher
    var placed = EvidenceLists()
    for term in evidence.placedTerms { try placed.append(term.fields, searcher) }
    placedLists = placed
    var terms = EvidenceLists()
    for term in evidence.terms {
      let word = term.placedTerm.map { evidence.placedTerms[$0].fields } ?? []
      try terms.append(term.fields, searcher, of: term.placedTerm, word, in: placed)
    }
    termLists = terms
    pairIDF = evidence.pairs.map { placed.idf[$0.first] + placed.idf[$0.second] }
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
      let documents = order.map { (row: $0 * partCount, document: hits[$0].document) }
      let places = try addPlaces(in: segment, documents, to: &result)
      for (place, term) in evidence.terms.enumerated() {
        try add(term, place, in: segment, documents, places, to: &result)
      }
    }
    return result
  }

  /// Which of the placed terms are in some documents, and how often in each field, document by
  /// document and term by term.
  private struct Places {
    var isThere: [Bool]
    var counts: [UInt32]
    var fieldCount: Int
  }

  /// Adds what a term tells.
  ///
  /// A word as written is only looked for where the word is.
  private func add(
    _ term: CompiledEvidence.Term, _ place: Int, in segment: Int,
    _ documents: [(row: Int, document: UInt32)], _ places: Places, to result: inout [Float]
  ) throws(IndexError) {
    let lists = try termLists.lists(of: place, term.fields, in: segment, searcher)
    defer { for list in lists { list.deallocate() } }
    let weight = term.weight * termLists.idf[place]
    for (number, (row, document)) in documents.enumerated() {
      let cell = number * evidence.placedTerms.count + (term.placedTerm ?? 0)
      if term.placedTerm != nil, !places.isThere[cell] { continue }
      var sum: Float = 0
      for (field, list) in lists.enumerated() {
        let known = term.placedTerm == nil ? 0 : places.counts[cell * places.fieldCount + field]
        sum += try list.normalizedFrequency(in: document, wordFrequency: Int(known))
      }
      result[row + place] = weight * Self.saturated(sum)
    }
  }

  /// x / (1 + x), which is 1 where k1 is 0 and x therefore infinite.
  private static func saturated(_ x: Float) -> Float {
    x == .infinity ? 1 : x / (1 + x)
  }

  /// Adds what the pairs and then the openings tell.
  ///
  /// - Returns: Which of the terms are in the documents.
  private func addPlaces(
    in segment: Int, _ documents: [(row: Int, document: UInt32)], to result: inout [Float]
  ) throws(IndexError) -> Places {
    let terms = evidence.placedTerms
    let fieldCount = terms.map(\.fields.count).max() ?? 0
    var isThere = [Bool](repeating: false, count: documents.count * terms.count)
    var counts = [UInt32](repeating: 0, count: documents.count * terms.count * fieldCount)
    // For every term, its list in each field; the fields stand in the same order for all.
    var lists: [[OccurrenceList]] = []
    defer { for ofTerm in lists { for list in ofTerm { list.deallocate() } } }
    for (place, term) in terms.enumerated() {
      lists.append(try placedLists.lists(of: place, term.fields, in: segment, searcher))
    }
    for (place, (row, document)) in documents.enumerated() {
      for (number, term) in terms.enumerated() {
        var first: UInt32?
        for (field, occurrences) in lists[number].enumerated() {
          guard let list = occurrences.listed, try list.loadPositions(in: document) else {
            continue
          }
          let cell = place * terms.count + number
          isThere[cell] = true
          counts[cell * fieldCount + field] = UInt32(list.positionCount)
          if list.positionCount > 0 { first = min(first ?? .max, list.positions[0]) }
        }
        guard let first else { continue }
        result[row + evidence.terms.count + evidence.pairs.count + number] =
          term.openingWeight * placedLists.idf[number] / (1 + Float(first) / Self.opening)
      }
      for (number, pair) in evidence.pairs.enumerated()
      where isThere[place * terms.count + pair.first] && isThere[place * terms.count + pair.second]
      {
        var (adjacency, nearness): (Float, Float) = (0, 0)
        for field in lists[pair.first].indices {
          guard let first = lists[pair.first][field].listed,
            let second = lists[pair.second][field].listed,
            first.positionCount > 0, second.positionCount > 0
          else { continue }
          let (together, near) = Self.meetings(first, second, offset: pair.offset)
          adjacency += first.normalized(together, in: document)
          nearness += first.normalized(near, in: document)
        }
        result[row + evidence.terms.count + number] =
          pairIDF[number]
          * (pair.adjacencyWeight * Self.saturated(adjacency)
            + pair.nearnessWeight * Self.saturated(nearness))
      }
    }
    return Places(isThere: isThere, counts: counts, fieldCount: fieldCount)
  }

  /// How often the second term stands exactly `offset` behind the first, and the sum of the inverse
  /// distances from each place of the first to the nearest of the second.
  private static func meetings(
    _ first: PlacedList, _ second: PlacedList, offset: UInt32
  ) -> (together: Float, near: Float) {
    var (together, near): (Float, Float) = (0, 0)
    var exact = 0
    var next = 0
    let (count, places) = (second.positionCount, second.positions)
    for index in 0..<first.positionCount {
      let position = first.positions[index]
      while exact < count, places[exact] < position &+ offset { exact += 1 }
      if exact < count, places[exact] == position &+ offset { together += 1 }
      while next < count, places[next] < position { next += 1 }
      var distance = UInt32.max
      if next < count { distance = places[next] - position }
      if next > 0 { distance = min(distance, position - places[next - 1]) }
      if distance <= reach { near += 1 / Float(max(distance, 1)) }
    }
    return (together, near)
  }
}
