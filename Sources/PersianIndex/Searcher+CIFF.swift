// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// Writes the terms of a field in the Common Index File Format, which research engines such as
  /// PISA, Anserini, Terrier and JASS read.
  ///
  /// The file has terms, frequencies, keys and lengths: no text and no other field. Lengths are those
  /// that ranking takes: exact below 65 tokens, within 3 % to about 5,000. Deleted documents are left
  /// out, as a merge of the whole index would leave them out.
  ///
  /// Beside what the format knows the file has positions, written forms, the order of insertion and the
  /// analyzer with its settings, in fields with numbers from 1001 on, which other readers of Protocol
  /// Buffers pass over. ``SearchIndex/importCIFF(at:into:)`` takes them, so that the copy answers as
  /// this index does.
  ///
  ///     try searcher.exportCIFF(of: "body", description: "news of 1399") { bytes in
  ///       try file.write(contentsOf: bytes)
  ///     }
  ///
  /// - Parameters:
  ///   - field: The name of a text field.
  ///   - description: What the file holds, for people.
  ///   - isPlain: Whether those fields are left out, for a smaller file.
  ///   - write: Receives the bytes of the file, piece by piece; what it throws ends the export.
  /// - Throws: `.invalidArgument` where the index has no such text field, `.corrupt` where a damaged
  ///   part is met, and what `write` throws.
  /// - Complexity: O(*n*) in the occurrences, O(*n* log *n*) in documents that are not in the order
  ///   of their insertion; memory for the longest list.
  public func exportCIFF(
    of field: String, description: String = "", isPlain: Bool = false,
    _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard let place = schema.index(of: field), schema.fields[place].kind == .text else {
      throw IndexError(.invalidArgument, "there is no text field '\(field)'")
    }
    let writer = CIFFWriter(
      snapshot.segments, field: place, analyzer: analyzer, isPlain: isPlain)
    try writer.write(description: description, to: write)
  }
}

extension SearchIndex {
  /// Adds the documents of a file in the Common Index File Format to this index.
  ///
  /// Terms are taken as they are, so searches find them where ``analyzer`` makes the same terms of
  /// the words of a query; ``analyzer(ofCIFF:)`` is that of the file, where it tells. The documents have
  /// no stored text.
  ///
  /// A file that ``Searcher/exportCIFF(of:description:isPlain:_:)`` wrote brings positions and written
  /// forms, and answers as the index did that it is of. Others have no positions: what phrase queries
  /// find among such documents means nothing.
  ///
  ///     let index = try SearchIndex.create(
  ///       at: "clueweb.index", schema: Schema(.text("text", isStored: false)),
  ///       analyzer: try SearchIndex.analyzer(ofCIFF: "clueweb.ciff") ?? WhitespaceAnalyzer())
  ///     try index.importCIFF(at: "clueweb.ciff", into: "text")
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - field: The name of the text field that gets the terms.
  /// - Returns: The header of the file.
  /// - Throws: `.invalidArgument` where the index has no such text field, `.notFound`, `.corrupt`
  ///   where the file is no CIFF file, is cut off or contradicts itself, `.locked`, and failures of
  ///   the device. The index is as before then.
  /// - Complexity: O(*n*) in the size of the file, which is read twice.
  @discardableResult
  public func importCIFF(at path: String, into field: String) throws(IndexError) -> CIFFHeader {
    guard let place = schema.index(of: field), schema.fields[place].kind == .text else {
      throw IndexError(.invalidArgument, "there is no text field '\(field)'", path: self.path)
    }
    let file = try MappedBytes(mapping: path)
    let ciff = try CIFFReader(file)
    let writer = try writer()
    defer { writer.close() }
    let importer = CIFFImporter(
      ciff, fields: IndexedFields(kinds: schema.fields.map(\.kind)), field: place)
    if !ciff.lengths.isEmpty {
      try writer.addSegment(documentCount: ciff.lengths.count) {
        (directory, segmentID, base) throws(IndexError) in
        try importer.write(to: directory, segmentID: segmentID, base: base)
      }
    }
    try writer.commit()
    return ciff.header
  }
  /// The analyzer of the index that a file in the Common Index File Format was exported from, with the
  /// words and other settings that it had.
  ///
  /// - Parameter path: The path of the file, of which only the header is read.
  /// - Returns: The analyzer; `nil` where the file does not tell, because another program wrote it, or
  ///   ``Searcher/exportCIFF(of:description:isPlain:_:)`` did without further fields.
  /// - Throws: `.analyzerMismatch` where this library does not have that analyzer, or has other rules or
  ///   another lexicon; `.notFound`, `.corrupt` where the file is no CIFF file, `.notPermitted`, `.io`.
  public static func analyzer(ofCIFF path: String) throws(IndexError) -> (any Analyzer)? {
    let header = try CIFFReader.header(of: try MappedBytes(mapping: path))
    guard !header.analyzer.isEmpty else { return nil }
    let analyzer: any Analyzer
    do throws(IndexError) {
      analyzer = try Analyzers.analyzer(
        identity: header.analyzer, configurationData: header.analyzerSettings, path: path)
    } catch {
      guard error.code == .corrupt else { throw error }
      throw IndexError(.corrupt, "the settings of the file's analyzer are damaged", path: path)
    }
    guard analyzer.identity.description == header.analyzer else {
      throw IndexError(
        .analyzerMismatch,
        "the terms were made by the analyzer \(header.analyzer), but this program has "
          + "\(analyzer.identity); export the file anew, or choose an analyzer",
        path: path)
    }
    return analyzer
  }
}
