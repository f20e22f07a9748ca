// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// Opens the newest commits of several indexes for searching as if they were one.
  ///
  /// Ranking uses the statistics of all of them, so that scores are those of one index with all the
  /// documents. Hits of equal score stand in the order of the indexes.
  ///
  ///     let searcher = try Searcher(over: [.open(at: "1398.index"), .open(at: "1399.index")])
  ///
  /// The indexes should have no key in common: documents of equal keys are all found.
  /// ``generation`` is 0 and ``userData`` empty for such a searcher.
  ///
  /// - Parameter indexes: At least one index, all of the same schema and analyzer.
  /// - Throws: `.invalidArgument` for no index or another schema and `.analyzerMismatch` for another
  ///   analyzer, with the path of the first index that differs; otherwise as
  ///   ``SearchIndex/searcher()``.
  /// - Complexity: O(*s*) in the number of segments.
  public init(over indexes: [SearchIndex]) throws(IndexError) {
    guard let first = indexes.first else {
      throw IndexError(.invalidArgument, "there is no index to search in")
    }
    let analyzer = first.analyzer
    var segments: [SegmentSnapshot] = []
    var offset: UInt64 = 0
    for index in indexes {
      try index.requireSame(
        first.schema, analyzer.identity.description, analyzer.configurationData, as: first.path)
      let snapshot = try IndexSnapshot.newest(in: index.directory)
      segments += snapshot.segments.map {
        SegmentSnapshot($0.reader, live: $0.live, sequenceOffset: offset)
      }
      offset &+= snapshot.manifest.nextSequence
    }
    let manifest = Manifest(
      generation: 0, schema: first.schema.encoded(),
      analyzerIdentity: analyzer.identity.description, analyzerData: analyzer.configurationData)
    self.init(
      snapshot: IndexSnapshot(manifest: manifest, segments: segments), schema: first.schema,
      analyzer: analyzer)
  }

  /// Returns what this snapshot knows of the terms of some queries.
  ///
  /// Added up over all parts of a collection, it lets ``ranked(by:)`` rank each part as one index
  /// with all documents would.
  ///
  ///     let statistics = try searcher.collectionStatistics(for: [.words("کتاب تاریخ")])
  ///
  /// - Parameters:
  ///   - queries: The queries.
  ///   - ranking: The ranking that they will be run with.
  /// - Returns: The statistics.
  /// - Throws: As ``search(_:options:)``.
  /// - Complexity: O(*t* log *n*) in the terms of the queries and of the index.
  public func collectionStatistics(
    for queries: [Query], ranking: Ranking = Ranking()
  ) throws(IndexError) -> CollectionStatistics {
    var keys: Set<[UInt8]> = []
    // What a collection knows is asked of its parts.
    let localContext =
      queryContext.collection == nil
      ? queryContext : QueryContext(schema: schema, analyzer: analyzer, dictionaries: dictionaries)
    for query in queries {
      var compiler = QueryCompiler(localContext, ranking: ranking, recordsLookups: true)
      try compiler.compile(query).collectRankedKeys(into: &keys)
      compiler.evidence.collectRankedKeys(into: &keys)
      // How a part cuts or joins a word is decided by the sum. A part that knows a word looks for no
      // cuts of it, so their sums are only whole where no part knows it; they are not used otherwise.
      keys.formUnion(compiler.lookups)
    }
    return try CollectionStatistics(
      of: keys, in: snapshot.segments.map(\.searchSegment), schema: schema,
      analyzer: analyzer.identity.description)
  }

  /// Returns a searcher of the same snapshot that ranks by the statistics of a larger collection.
  ///
  /// Each part tells its own best ``Ranking/rescoredCount`` documents apart, which are not all among
  /// those of the collection. Ask each part for at least that many hits, and let
  /// ``SearchResults/joining(_:limit:rescoredCount:)`` find out which are: what it gives is what one
  /// index gives.
  ///
  /// - Parameter statistics: The sum over all parts of the collection, this one included, gathered
  ///   for the queries that will be run.
  /// - Returns: The searcher. Its searches throw `.invalidArgument` for a query with a term that the
  ///   statistics do not have.
  /// - Throws: `.analyzerMismatch` or `.invalidArgument` where the statistics are of another analyzer
  ///   or other fields.
  /// - Complexity: O(*t*) in the terms of the statistics.
  public func ranked(by statistics: CollectionStatistics) throws(IndexError) -> Searcher {
    Searcher(
      snapshot: snapshot, schema: schema, analyzer: analyzer,
      statistics: try statistics.rankingStatistics(
        schema: schema, analyzer: analyzer.identity.description))
  }
}
