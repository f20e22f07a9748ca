// SPDX-License-Identifier: Apache-2.0

/// A snapshot of an index, to search in.
///
///     let searcher = try index.searcher()
///     for hit in try searcher.search("تعاونی توسعه و عمران", limit: 10) {
///       print(hit.rank, hit.score, hit.key)
///     }
///
/// A searcher sees the commit that was the newest when it was made, for as long as it lives,
/// whatever is written, merged or removed meanwhile. It is a value without locks: copies are free,
/// and any number of threads and tasks may search with one at once. Searching reads mapped files
/// and so can block on the device.
public struct Searcher: Sendable {
  /// The fields of the documents.
  public let schema: Schema
  /// What texts and queries are analysed with.
  public let analyzer: any Analyzer

  let snapshot: IndexSnapshot
  private let engine: SegmentSearcher

  init(
    snapshot: IndexSnapshot, schema: Schema, analyzer: any Analyzer,
    statistics: RankingStatistics? = nil
  ) {
    self.snapshot = snapshot
    self.schema = schema
    self.analyzer = analyzer
    engine = SegmentSearcher(
      segments: snapshot.segments.map(\.searchSegment), collection: statistics)
  }

  /// The number of documents.
  public var documentCount: Int { snapshot.documentCount }

  /// The number of the commit that is seen; later commits have higher numbers.
  public var generation: UInt64 { snapshot.manifest.generation }

  /// What the program that wrote the commit left with it; see ``IndexWriter/setUserData(_:)``.
  public var userData: [UInt8] { snapshot.manifest.userData }

  // MARK: Searching

  /// Returns the best documents for a text as people write queries.
  ///
  /// The text is read leniently by ``QueryParser``: bare words ask for any of them.
  ///
  ///     let hits = try searcher.search("کتاب‌های تاریخ", limit: 10)
  ///
  /// - Parameters:
  ///   - text: The query's text.
  ///   - limit: The most hits to return, 0 or more.
  /// - Returns: The hits, best first; empty where nothing matches.
  /// - Throws: `.invalidQuery` where the query exceeds a limit or asks a field for what it does not
  ///   have; `.corrupt` where a damaged part of the index is met. The searcher stays usable.
  /// - Complexity: O(*p* + *m* log `limit`) in the postings read and the documents scored.
  public func search(_ text: String, limit: Int = 10) throws(IndexError) -> SearchResults {
    try search(QueryParser(schema: schema).parse(text).query, options: SearchOptions(limit: limit))
  }

  /// Returns the best documents for a query.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - options: How many hits to return and what they carry.
  /// - Returns: The hits, best first; empty where nothing matches.
  /// - Throws: `.invalidArgument` for a negative limit or offset, `.invalidQuery` where the query
  ///   exceeds a limit or asks a field for what it does not have, `.corrupt` where a damaged part of
  ///   the index is met. The searcher stays usable.
  /// - Complexity: O(*p* + *m* log *k*) in the postings read, the documents scored and the hits
  ///   wanted.
  public func search(
    _ query: Query, options: SearchOptions = SearchOptions()
  ) throws(IndexError) -> SearchResults {
    let (found, total) = try best(query, options: options)
    var highlights = QueryHighlights()
    if options.loadsFields {
      var collector = HighlightCollector(
        schema: schema, analyzer: analyzer, dictionaries: dictionaries,
        documentCount: documentCount)
      highlights = try collector.highlights(of: query)
    }
    let context = HitContext(analyzer: analyzer, highlights: highlights)
    var hits: [Hit] = []
    hits.reserveCapacity(found.count)
    for (place, document) in found.enumerated() {
      hits.append(
        Hit(
          rank: options.offset + place + 1, score: document.score,
          key: try key(at: document.address),
          fields: options.loadsFields ? try fields(at: document.address) : [:], context: context))
    }
    return SearchResults(hits: hits, totalCount: total)
  }

  /// Returns the places and scores of the best documents for a query, and nothing else of them.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - options: How many documents to return.
  /// - Returns: The documents, best first, and how many match in all where
  ///   ``SearchOptions/countsAll`` is on.
  /// - Throws: As ``search(_:options:)``.
  /// - Complexity: As ``search(_:options:)``.
  public func best(
    _ query: Query, options: SearchOptions = SearchOptions()
  ) throws(IndexError) -> (documents: [ScoredDocument], totalCount: Int?) {
    guard options.limit >= 0, options.offset >= 0 else {
      throw IndexError(
        .invalidArgument,
        "limit \(options.limit) and offset \(options.offset) must not be negative")
    }
    let (wanted, overflow) = options.limit.addingReportingOverflow(options.offset)
    let engine =
      options.ranking.bm25 == engine.bm25
      ? engine
      : SegmentSearcher(
        segments: engine.segments, bm25: options.ranking.bm25, collection: engine.collection)
    let (compiled, evidence) = try compiled(query, ranking: options.ranking)
    let rescored = evidence.isEmpty ? 0 : options.ranking.rescoredCount
    var found = try engine.search(
      compiled, limit: min(max(overflow ? .max : wanted, rescored), documentCount),
      needsTotal: options.countsAll)
    if rescored > 0 {
      found.hits = try EvidenceScorer(evidence, searcher: engine)
        .rescored(found.hits, count: rescored)
    }
    return (
      found.hits.dropFirst(options.offset).prefix(options.limit).map {
        ScoredDocument(
          address: DocumentAddress(segment: $0.segment, document: $0.document),
          score: Double($0.score))
      }, found.total
    )
  }

  /// Returns how many documents match a query.
  ///
  /// - Parameter query: The query.
  /// - Returns: The number of matching documents.
  /// - Throws: As ``search(_:options:)``.
  /// - Complexity: O(*p*) in the postings read; O(1) for one term without deletions.
  public func count(_ query: Query) throws(IndexError) -> Int {
    try engine.count(compiled(query, ranking: Ranking()).query)
  }

  // MARK: Documents

  /// Returns the document of a key.
  ///
  /// - Parameter key: The document's key.
  /// - Returns: The stored document; `nil` where the index has none of that key.
  /// - Throws: `.corrupt` where a damaged part of the index is met.
  /// - Complexity: O(*s*) in the number of segments.
  public func document(for key: DocumentKey) throws(IndexError) -> Document? {
    guard let address = try address(of: key) else { return nil }
    return try document(at: address)
  }

  /// Returns where the document of a key stands.
  ///
  /// - Parameter key: The document's key.
  /// - Returns: The place; `nil` where the index has no document of that key.
  /// - Throws: `.corrupt` where a damaged part of the index is met.
  /// - Complexity: O(*s*) in the number of segments.
  public func address(of key: DocumentKey) throws(IndexError) -> DocumentAddress? {
    let bytes = Array(key.text.utf8)
    for (number, segment) in snapshot.segments.enumerated() {
      let found = bytes.withUnsafeBytes { raw -> Result<UInt32?, IndexError> in
        Result { () throws(IndexError) in try segment.reader.keys.document(forKey: raw) }
      }
      if let document = try found.get(), segment.isLive(document) {
        return DocumentAddress(segment: number, document: document)
      }
    }
    return nil
  }

  /// Returns the key of a document found in this snapshot.
  ///
  /// - Parameter address: A place that this snapshot gave; others trap or name another document.
  /// - Returns: The key.
  /// - Throws: `.corrupt` where a damaged part of the index is met.
  public func key(at address: DocumentAddress) throws(IndexError) -> DocumentKey {
    let bytes = try snapshot.segments[address.segment].reader.keys.key(of: address.document)
    return DocumentKey(String(decoding: bytes, as: UTF8.self))
  }

  /// Returns a document found in this snapshot, with its stored fields.
  ///
  /// - Parameter address: A place that this snapshot gave; others trap or name another document.
  /// - Returns: The document.
  /// - Throws: `.corrupt` where a damaged part of the index is met.
  public func document(at address: DocumentAddress) throws(IndexError) -> Document {
    Document(key: try key(at: address), try fields(at: address))
  }

  /// Calls a closure with every document, in the order of insertion within each segment.
  ///
  /// - Parameter body: Receives each document; what it throws ends the walk.
  /// - Throws: `.corrupt` where a damaged part of the index is met, and what `body` throws.
  /// - Complexity: O(*n*) in the stored bytes.
  public func forEachDocument(_ body: (Document) throws -> Void) throws {
    for (number, segment) in snapshot.segments.enumerated() {
      for document in 0..<UInt32(segment.reader.documentCount) where segment.isLive(document) {
        try body(self.document(at: DocumentAddress(segment: number, document: document)))
      }
    }
  }

  private func fields(at address: DocumentAddress) throws(IndexError) -> [String: FieldValue] {
    let reader = snapshot.segments[address.segment].reader
    let bytes = try reader.stored.document(address.document)
    let coding = DocumentCoding(schema)
    return try bytes.withUnsafeBytes { raw -> Result<[String: FieldValue], IndexError> in
      Result { () throws(IndexError) in try coding.decode(raw, path: reader.file.path) }
    }.get()
  }

  // MARK: Compiling

  var dictionaries: [TermDictionaryReader] {
    snapshot.segments.map(\.reader.dictionary)
  }

  func compiled(
    _ query: Query, ranking: Ranking
  ) throws(IndexError) -> (query: CompiledQuery, evidence: CompiledEvidence) {
    var compiler = QueryCompiler(
      schema: schema, analyzer: analyzer, ranking: ranking, dictionaries: dictionaries,
      usesVocabulary: engine.collection == nil)
    let compiled = try compiler.compile(query)
    return (compiled, compiler.evidence)
  }
}

extension SegmentSnapshot {
  fileprivate func isLive(_ document: UInt32) -> Bool {
    live?.isLive(document) ?? true
  }
}
