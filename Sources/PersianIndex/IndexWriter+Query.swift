// SPDX-License-Identifier: Apache-2.0

extension IndexWriter {
  /// Deletes all documents that match a query, uncommitted ones included.
  ///
  ///     try writer.delete(matching: .keyword("source", "old.jsonl"))
  ///
  /// - Parameter query: The query.
  /// - Returns: The number of documents deleted.
  /// - Throws: `.invalidQuery` where the query asks a field for what it does not have; `.closed`
  ///   after ``close()``; failures of the device.
  /// - Complexity: O(*p*) in the postings read; what is buffered is written to a segment first.
  @discardableResult
  public func delete(matching query: Query) throws(IndexError) -> Int {
    let (schema, analyzer) = (schema, analyzer)
    return try delete { (snapshot) throws(IndexError) in
      let segments = snapshot.segments.map(\.searchSegment)
      var compiler = QueryCompiler(
        QueryContext(
          schema: schema, analyzer: analyzer, dictionaries: segments.map(\.dictionary)),
        ranking: Ranking())
      let compiled = try compiler.compile(query)
      let searcher = SegmentSearcher(segments: segments)
      var documents: [[UInt32]] = []
      for segment in segments.indices {
        documents.append(
          Self.documents(in: try searcher.matches(of: compiled, inSegment: segment)))
      }
      return documents
    }
  }

  /// Opens a searcher that sees the changes made so far, though they are not committed.
  ///
  /// A crash may still undo what it shows; everything else is as with
  /// ``SearchIndex/searcher()``.
  ///
  /// - Returns: The searcher.
  /// - Throws: `.closed` after ``close()``; failures of the device.
  /// - Complexity: It writes what is buffered to a segment, without waiting for the device.
  public func searcher() throws(IndexError) -> Searcher {
    Searcher(snapshot: try snapshot(), schema: schema, analyzer: analyzer)
  }

  private static func documents(in bits: [UInt64]) -> [UInt32] {
    var documents: [UInt32] = []
    for (index, word) in bits.enumerated() {
      var rest = word
      while rest != 0 {
        documents.append(UInt32(index * 64 + rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
    return documents
  }
}
