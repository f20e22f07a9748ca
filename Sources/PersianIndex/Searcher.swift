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
  /// The term dictionaries of all segments.
  let dictionaries: [TermDictionaryReader]
  let engine: SegmentSearcher
  /// What queries are compiled with.
  let queryContext: QueryContext
  /// Whether all that is seen is in the commit, and not only in its writer.
  let isCommitted: Bool

  init(
    snapshot: IndexSnapshot, schema: Schema, analyzer: any Analyzer,
    statistics: RankingStatistics? = nil
  ) {
    self.snapshot = snapshot
    dictionaries = snapshot.segments.map(\.reader.dictionary)
    self.schema = schema
    self.analyzer = analyzer
    let committed = Set(snapshot.manifest.segments.map(\.id))
    isCommitted = snapshot.segments.allSatisfy { committed.contains($0.reader.entry.id) }
    engine = SegmentSearcher(
      segments: snapshot.segments.map(\.searchSegment), collection: statistics)
    queryContext = QueryContext(
      schema: schema, analyzer: analyzer, dictionaries: dictionaries, collection: statistics)
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
  /// - Throws: `.invalidArgument` for a negative limit or offset or a field that cannot be sorted
  ///   by, `.invalidQuery` where the query exceeds a limit or asks a field for what it does not have, `.corrupt` where a damaged part of
  ///   the index is met. The searcher stays usable.
  /// - Complexity: O(*p* + *m* log *k*) in the postings read, the documents scored and the hits
  ///   wanted.
  public func search(
    _ query: Query, options: SearchOptions = SearchOptions()
  ) throws(IndexError) -> SearchResults {
    try options.validate()
    let page = try page(query, options: options)
    let found = page.hits
    let first = options.after?.position ?? options.offset
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
      let address = DocumentAddress(segment: document.segment, document: document.document)
      hits.append(
        Hit(
          rank: first + place + 1, score: Double(document.score),
          baseScore: Double(document.baseScore), key: try key(at: address),
          fields: options.loadsFields ? try fields(at: address) : [:],
          duplicates: try keys(of: page.duplicates.isEmpty ? [] : page.duplicates[place]),
          context: context))
    }
    return SearchResults(hits: hits, totalCount: page.total, nextPage: page.next)
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
    try options.validate()
    let page = try page(query, options: options, leadsOn: false)
    return (
      page.hits.map {
        ScoredDocument(
          address: DocumentAddress(segment: $0.segment, document: $0.document),
          score: Double($0.score))
      }, page.total
    )
  }

  /// One page of hits, the token of the next where there may be one, and for each hit what was
  /// left out in its favour; none where nothing was to be.
  private struct Page {
    var hits: [SearchHits.Hit]
    var total: Int?
    var next: PageToken?
    var duplicates: [[SearchHits.Hit]] = []
  }

  private func keys(of hits: [SearchHits.Hit]) throws(IndexError) -> [DocumentKey] {
    var keys: [DocumentKey] = []
    for hit in hits {
      keys.append(try key(at: DocumentAddress(segment: hit.segment, document: hit.document)))
    }
    return keys
  }

  /// Finds one page of hits, and unless it leads nowhere, the token of the next.
  private func page(
    _ query: Query, options: SearchOptions, leadsOn: Bool = true
  ) throws(IndexError) -> Page {
    if let resemblance = options.collapsedResemblance {
      var sorted: SearchHits?
      if let sort = options.sort {
        let rows = try rows(query, in: sort)
        sorted = SearchHits(hits: rows, total: options.countsAll ? rows.count : nil)
      }
      let page = try collapsed(resemblance, query, options: options, sorted: sorted)
      return Page(hits: page.hits, total: page.total, next: nil, duplicates: page.duplicates)
    }
    if let sort = options.sort {
      let rows = try rows(query, in: sort)
      let page = rows.dropFirst(options.offset).prefix(options.limit)
      return Page(hits: Array(page), total: options.countsAll ? rows.count : nil, next: nil)
    }
    let (wanted, overflow) = options.limit.addingReportingOverflow(
      options.after?.position ?? options.offset)
    guard let token = options.after else {
      let (found, _, compiled, evidence) = try ranked(
        query, options: options, limit: overflow ? .max : wanted)
      let hits =
        options.offset == 0 && found.hits.count <= options.limit
        ? found.hits : Array(found.hits.dropFirst(options.offset).prefix(options.limit))
      return Page(
        hits: hits, total: found.total,
        next: !leadsOn
          ? nil : try next(after: hits, position: wanted, compiled, evidence, options.ranking))
    }
    // Documents added since the first page are left out, so more are taken until the page is full,
    // and as many are told apart as were then.
    let needed = max(overflow ? .max : wanted, options.ranking.rescoredCount)
    var limit = needed
    while true {
      let (found, isComplete, _, _) = try ranked(
        query, options: options, limit: limit, token: token)
      if isComplete || found.hits.count >= needed {
        let last = found.hits.firstIndex { $0.sequence == token.sequence }
        let start = last.map { $0 + 1 } ?? token.position
        let page = Array(found.hits.dropFirst(start).prefix(options.limit))
        return Page(
          hits: page, total: found.total,
          next: page.last.map {
            var next = PageToken(position: wanted, sequence: $0.sequence, end: token.end)
            next.statistics = token.statistics
            return next
          })
      }
      limit = limit > Int.max / 2 ? .max : limit * 2
    }
  }

  /// The best hits by the base score, the first of them told apart by the evidence too.
  ///
  /// Documents that the token's pages do not see are left out.
  func ranked(
    _ query: Query, options: SearchOptions, limit: Int, token: PageToken? = nil
  ) throws(IndexError) -> (
    found: SearchHits, isComplete: Bool, query: CompiledQuery, evidence: CompiledEvidence
  ) {
    let end = token?.end ?? .max
    let (original, evidence) = try compiled(
      query, ranking: options.ranking, gathersEvidence: options.ranking.needsEvidence)
    let compiled = try withFeedback(original, evidence, ranking: options.ranking, end: end)
    let engine = try engine(for: options.ranking, token, compiled, evidence)
    let worth = try worth(options.ranking.documentBoost)
    let rescored =
      evidence.isEmpty && worth == nil ? 0 : max(0, options.ranking.rescoredCount)
    let wanted = min(max(limit, limit == 0 ? 0 : rescored), documentCount)
    let plan = try QueryPlan(compiled, engine, keepsLookups: rescored > 0)
    var found = try engine.search(plan, limit: wanted, needsTotal: options.countsAll)
    let isComplete = found.hits.count < wanted || wanted == documentCount
    if end != .max { found.hits.removeAll { $0.sequence >= end } }
    if rescored > 0 {
      found.hits = try EvidenceScorer(evidence, searcher: engine, lookups: plan.lookups)
        .rescored(found.hits, count: rescored, worth: worth ?? { _ in 0 })
    }
    return (found, isComplete, compiled, evidence)
  }

  /// What a boost adds to the score of a document.
  func worth(_ boost: DocumentBoost?) throws(IndexError) -> ((SearchHits.Hit) -> Float)? {
    guard let boost else { return nil }
    let place = try place(of: boost.field, kinds: [.integer, .number])
    let kind = schema.fields[place].kind
    let segments = engine.segments
    return { hit in
      guard let column = segments[hit.segment].columnValue(place, hit.document) else { return 0 }
      let value =
        switch FieldValue(columnValue: column, kind: kind) {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .text, .date: 0.0
        }
      return value > 0 ? max(0, boost.weight) * Float(naturalLogarithm(1 + value)) : 0
    }
  }

  func engine(for ranking: Ranking) -> SegmentSearcher {
    ranking.bm25 == engine.bm25
      ? engine
      : SegmentSearcher(
        segments: engine.segments, bm25: ranking.bm25, collection: engine.collection)
  }

  /// Returns how many documents match a query.
  ///
  /// - Parameter query: The query.
  /// - Returns: The number of matching documents.
  /// - Throws: As ``search(_:options:)``.
  /// - Complexity: O(*p*) in the postings read; O(1) for one term without deletions.
  public func count(_ query: Query) throws(IndexError) -> Int {
    try engine.count(compiled(query, ranking: Ranking(), gathersEvidence: false).query)
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

  func compiled(
    _ query: Query, ranking: Ranking, gathersEvidence: Bool = true
  ) throws(IndexError) -> (query: CompiledQuery, evidence: CompiledEvidence) {
    var compiler = QueryCompiler(queryContext, ranking: ranking, gathersEvidence: gathersEvidence)
    let compiled = try compiler.compile(query)
    return (compiled, compiler.evidence)
  }
}

extension SegmentSnapshot {
  fileprivate func isLive(_ document: UInt32) -> Bool {
    live?.isLive(document) ?? true
  }
}
