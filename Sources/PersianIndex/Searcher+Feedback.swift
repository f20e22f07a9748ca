// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// The query with the words that ``RelevanceFeedback`` adds to it; the same where it is off.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - evidence: Its evidence, which helps to find its best documents.
  ///   - ranking: What scores are made of.
  ///   - end: The insertion number from which on documents are not looked at.
  /// - Returns: The query to run.
  /// - Throws: `.invalidArgument` for feedback out of its bounds and in a part of a collection,
  ///   `.corrupt` where a damaged part of the index is met.
  func withFeedback(
    _ query: CompiledQuery, _ evidence: CompiledEvidence, ranking: Ranking, end: UInt64 = .max
  ) throws(IndexError) -> CompiledQuery {
    guard let feedback = ranking.feedback, feedback.weight > 0 else { return query }
    guard feedback.weight < 1, feedback.documentCount >= 1, feedback.termCount >= 1 else {
      throw IndexError(
        .invalidArgument,
        "feedback takes a weight below 1 and counts of at least 1, not \(feedback.weight), "
          + "\(feedback.documentCount) and \(feedback.termCount)")
    }
    guard engine.collection == nil else {
      throw IndexError(
        .invalidArgument, "feedback cannot be had from a part of a collection; search it as a whole"
      )
    }
    let best = try best(
      query, evidence, count: feedback.documentCount, ranking: ranking, end: end)
    let likely = try likelyTerms(of: best, count: feedback.termCount)
    let sum = likely.reduce(0) { $0 + $1.share }
    guard sum > 0 else { return query }
    // The words of the query have (1 − weight) of the whole, so each of them counts 1 as without.
    let words = Float(max(1, evidence.placedTerms.count))
    let factor = feedback.weight / (1 - feedback.weight) * words / sum
    return .boolean(
      CompiledBoolean(
        must: [query],
        should: likely.map { term in
          .term(
            CompiledTerm(
              fields: SmallArray(
                schema.textFields.map {
                  .init(
                    key: [IndexedFields.terms(of: $0)] + term.term,
                    weight: Float(schema.fields[$0].weight))
                }), weight: factor * term.share))
        }))
  }

  private func best(
    _ query: CompiledQuery, _ evidence: CompiledEvidence, count: Int, ranking: Ranking, end: UInt64
  ) throws(IndexError) -> [SearchHits.Hit] {
    let engine = engine(for: ranking)
    let rescored = evidence.isEmpty ? 0 : max(0, ranking.rescoredCount)
    var limit = max(count, rescored)
    while true {
      var hits = try engine.search(query, limit: min(limit, documentCount)).hits
      let isComplete = hits.count < limit
      if end != .max { hits.removeAll { $0.sequence >= end } }
      if isComplete || hits.count >= max(count, rescored) {
        if rescored > 0 {
          hits = try EvidenceScorer(evidence, searcher: engine).rescored(hits, count: rescored)
        }
        return Array(hits.prefix(count))
      }
      limit *= 2
    }
  }

  /// The likeliest terms of some documents, each document counting by its score.
  private func likelyTerms(
    of hits: [SearchHits.Hit], count: Int
  ) throws(IndexError) -> [(term: [UInt8], share: Float)] {
    var shares: [[UInt8]: Float] = [:]
    var buffer = TokenBuffer()
    for hit in hits {
      let fields = try document(
        at: DocumentAddress(segment: hit.segment, document: hit.document)
      ).fields
      var counts: [[UInt8]: Int] = [:]
      var length = 0
      for place in schema.textFields {
        guard case .text(var text)? = fields[schema.fields[place].name] else { continue }
        buffer.removeAll()
        text.withUTF8 { analyzer.analyze($0, into: &buffer) }
        length += buffer.tokens.count
        for token in buffer.tokens where token.flags.isDisjoint(with: [.stopWord, .number]) {
          counts[Array(buffer.term(of: token)), default: 0] += 1
        }
      }
      for (term, occurrences) in counts {
        shares[term, default: 0] += hit.score * Float(occurrences) / Float(max(length, 1))
      }
    }
    let ordered = shares.sorted {
      $0.value != $1.value
        ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
    }
    var likely: [(term: [UInt8], share: Float)] = []
    for (term, share) in ordered where likely.count < count {
      // What a tenth of all documents have tells nothing of these.
      if try !isCommon(term) { likely.append((term, share)) }
    }
    return likely
  }

  private func isCommon(_ term: [UInt8]) throws(IndexError) -> Bool {
    for place in schema.textFields {
      let key = [IndexedFields.terms(of: place)] + term
      var frequency = 0
      for segment in engine.segments {
        frequency += Int(try EvidenceScorer.find(key, in: segment)?.documentFrequency ?? 0)
      }
      if frequency > max(10, documentCount / 10) { return true }
    }
    return false
  }
}
