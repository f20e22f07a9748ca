// SPDX-License-Identifier: Apache-2.0

extension IndexWriter {
  /// Takes over all documents of another index, without analysing them again.
  ///
  /// They count as added now, in the order in which they were added there. Deleted documents stay
  /// behind; a document whose key is in this index already replaces it. It takes effect with the
  /// next ``commit()``.
  ///
  ///     try writer.add(contentsOf: SearchIndex.open(at: "news-1398.index"))
  ///     try writer.add(contentsOf: SearchIndex.open(at: "news-1399.index"))   // wins on equal keys
  ///     try writer.commit()
  ///
  /// - Parameter index: An index of the same schema, written with the same analyzer; its newest
  ///   commit is taken.
  /// - Returns: The number of documents taken over.
  /// - Throws: `.invalidArgument` for another schema and `.analyzerMismatch` for another analyzer,
  ///   with the path of `index`; `.corrupt` where it is damaged; otherwise as ``commit()``. Nothing
  ///   of `index` has been added then.
  /// - Complexity: O(*n*) in the size of `index`, which is written anew; O(*k*) in the keys of the
  ///   smaller of each two segments.
  /// - Note: Other calls of the writer wait meanwhile. What the other program left with
  ///   ``setUserData(_:)`` is not taken over.
  @discardableResult
  public func add(contentsOf index: SearchIndex) throws(IndexError) -> Int {
    try index.requireSame(
      schema, analyzer.identity.description, analyzer.configurationData, as: directory.path)
    return try join(IndexSnapshot.newest(in: index.directory))
  }
}

extension SearchIndex {
  /// Joins indexes into a new one, without analysing their documents again.
  ///
  ///     let all = try SearchIndex.merge([first, second], into: "news.index")
  ///
  /// - Parameters:
  ///   - indexes: At least one index, all of one schema and analyzer. Where a key is in several, the
  ///     document of the last one stays.
  ///   - path: The folder of the new index.
  ///   - options: Memory, threads and merging.
  /// - Returns: The new index, committed. Its documents are in one segment where the merge policy
  ///   allows it.
  /// - Throws: `.alreadyExists` where there is an index at `path`; `.invalidArgument` for another
  ///   schema and `.analyzerMismatch` for another analyzer, with the path of the index that differs;
  ///   `.corrupt` where one is damaged; failures of the device. Only an empty index is left at `path`
  ///   then, or none.
  /// - Complexity: O(*n*) in the size of all indexes.
  public static func merge(
    _ indexes: [SearchIndex], into path: String,
    options: IndexWriterOptions = IndexWriterOptions()
  ) throws(IndexError) -> SearchIndex {
    guard let first = indexes.first else {
      throw IndexError(.invalidArgument, "there is no index to merge", path: path)
    }
    let analyzer = first.analyzer
    for index in indexes {
      try index.requireSame(
        first.schema, analyzer.identity.description, analyzer.configurationData, as: first.path)
    }
    let merged = try create(at: path, schema: first.schema, analyzer: analyzer)
    let writer = try merged.writer(options: options)
    defer { writer.close() }
    for index in indexes { try writer.add(contentsOf: index) }
    try writer.waitForMerges()
    try writer.commit()
    return merged
  }

  /// Checks that documents of this index can be joined with those of another.
  func requireSame(
    _ schema: Schema, _ identity: String, _ data: [UInt8], as other: String
  ) throws(IndexError) {
    guard self.schema == schema else {
      throw IndexError(
        .invalidArgument, "its fields are not those of \(other); index its documents anew",
        path: path)
    }
    guard analyzer.identity.description == identity, analyzer.configurationData == data else {
      throw IndexError(
        .analyzerMismatch,
        "it was written with \(analyzer.identity), and \(other) with \(identity) or other words;"
          + " index its documents anew", path: path)
    }
  }
}
