// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// The token of the page behind some hits, the first page of a query.
  func next(
    after hits: [SearchHits.Hit], position: Int, _ compiled: CompiledQuery,
    _ evidence: CompiledEvidence, _ ranking: Ranking
  ) throws(IndexError) -> PageToken? {
    guard let last = hits.last else { return nil }
    var token = PageToken(
      position: position, sequence: last.sequence,
      end: isCommitted ? snapshot.manifest.nextSequence : .max)
    if engine.collection == nil, ranking.feedback == nil {
      token.statistics = try pageStatistics(compiled, evidence)
    }
    return token
  }

  /// The engine that ranks the pages of a token, by the statistics that it carries.
  func engine(
    for ranking: Ranking, _ token: PageToken?, _ compiled: CompiledQuery,
    _ evidence: CompiledEvidence
  ) throws(IndexError) -> SegmentSearcher {
    guard let token, engine.collection == nil, ranking.feedback == nil,
      let statistics = rankingStatistics(token.statistics, compiled, evidence)
    else { return engine(for: ranking) }
    return SegmentSearcher(
      segments: engine.segments, bm25: ranking.bm25, collection: statistics)
  }

  /// What a query is ranked by: a checksum of its keys, the number of documents, the length of every
  /// text field, and the document frequency of every key in the order of their bytes.
  private func pageStatistics(
    _ compiled: CompiledQuery, _ evidence: CompiledEvidence
  ) throws(IndexError) -> [UInt64] {
    let keys = Self.rankedKeys(compiled, evidence)
    var statistics = [Self.checksum(of: keys), UInt64(engine.documentCount)]
    for place in schema.textFields {
      let number = Int(IndexedFields.terms(of: place))
      statistics.append(
        engine.segments.reduce(0) { sum, segment in
          sum &+ (number < segment.fields.count ? segment.fields[number].totalLength : 0)
        })
    }
    for key in keys {
      var frequency: UInt64 = 0
      for segment in engine.segments {
        frequency += UInt64(try EvidenceScorer.find(key, in: segment)?.documentFrequency ?? 0)
      }
      statistics.append(frequency)
    }
    return statistics
  }

  /// Reads what ``pageStatistics(_:_:)`` gave; `nil` where the query has other keys by now, or the
  /// numbers are none of this index.
  private func rankingStatistics(
    _ statistics: [UInt64], _ compiled: CompiledQuery, _ evidence: CompiledEvidence
  ) -> RankingStatistics? {
    let keys = Self.rankedKeys(compiled, evidence)
    let fields = schema.textFields
    guard statistics.count == 2 + fields.count + keys.count,
      statistics[0] == Self.checksum(of: keys),
      statistics.dropFirst().allSatisfy({ $0 < 1 << 48 })
    else { return nil }
    let documentCount = Int(statistics[1])
    var totalLengths = [UInt64](
      repeating: UInt64(documentCount), count: 2 * schema.fields.count)
    for (place, length) in zip(fields, statistics.dropFirst(2)) {
      totalLengths[Int(IndexedFields.terms(of: place))] = length
      totalLengths[Int(IndexedFields.writtenForms(of: place))] = length
    }
    var frequencies: [[UInt8]: Int] = [:]
    for (key, frequency) in zip(keys, statistics.dropFirst(2 + fields.count)) {
      frequencies[key] = Int(frequency)
    }
    return RankingStatistics(
      documentCount: documentCount, totalLengths: totalLengths,
      documentFrequencies: frequencies)
  }

  private static func rankedKeys(
    _ compiled: CompiledQuery, _ evidence: CompiledEvidence
  ) -> [[UInt8]] {
    var keys: Set<[UInt8]> = []
    compiled.collectRankedKeys(into: &keys)
    evidence.collectRankedKeys(into: &keys)
    return keys.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Tells lists of keys apart (Fowler, Noll and Vo, FNV-1a), in 32 bits.
  private static func checksum(of keys: [[UInt8]]) -> UInt64 {
    var hash: UInt32 = 0x811c_9dc5
    for byte in keys.joined(separator: [0xFF]) {
      hash = (hash ^ UInt32(byte)) &* 0x0100_0193
    }
    return UInt64(hash)
  }
}
