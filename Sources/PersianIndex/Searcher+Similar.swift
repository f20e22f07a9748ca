// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// Returns the documents most like one of the index.
  ///
  ///     for hit in try searcher.similar(to: "mehr/1", limit: 5) { print(hit.key) }
  ///
  /// The words that tell the most of the document, frequent in it and rare in the index, are
  /// searched for in all text fields.
  ///
  /// - Parameters:
  ///   - key: The document's key. Its text fields must be stored.
  ///   - limit: The most hits to return, 0 or more.
  ///   - wordCount: How many of its words to search for, at least 1.
  /// - Returns: The hits, best first, without the document itself; empty where it is not there or
  ///   has no stored text.
  /// - Throws: As ``search(_:options:)``.
  /// - Complexity: That of a search for `wordCount` words, and O(*n*) in the document's text.
  public func similar(
    to key: DocumentKey, limit: Int = 10, wordCount: Int = 25
  ) throws(IndexError) -> SearchResults {
    guard limit >= 0, wordCount >= 1 else {
      throw IndexError(
        .invalidArgument, "limit \(limit) must not be negative, nor word count \(wordCount) below 1"
      )
    }
    guard let document = try document(for: key) else {
      return SearchResults(hits: [], totalCount: nil)
    }
    let query = Query.boolean(
      should: try tellingWords(of: document, count: wordCount).map {
        .boosted(.words($0.word), by: $0.weight)
      })
    var options = SearchOptions(limit: limit + 1)
    options.ranking.rescoredCount = 0
    let hits = try search(query, options: options).filter { $0.key != key }.prefix(limit)
    return SearchResults(
      hits: hits.enumerated().map { $0.element.placed($0.offset + 1, score: $0.element.score) },
      totalCount: nil)
  }

  /// Words of a document as they are written in it, with what each tells.
  private func tellingWords(
    of document: Document, count: Int
  ) throws(IndexError) -> [(word: String, weight: Double)] {
    var words: [[UInt8]: (surface: String, frequency: Int)] = [:]
    var buffer = TokenBuffer()
    for place in schema.textFields {
      guard case .text(var text)? = document[schema.fields[place].name] else { continue }
      buffer.removeAll()
      text.withUTF8 { bytes in
        analyzer.analyze(bytes, into: &buffer)
        for token in buffer.tokens where token.flags.isDisjoint(with: [.stopWord, .number]) {
          let surface = bytes[Int(token.startOffset)..<Int(token.endOffset)]
          words[
            Array(buffer.term(of: token)),
            default: (String(decoding: surface, as: UTF8.self), 0)
          ].frequency += 1
        }
      }
    }
    var weighed: [(term: [UInt8], word: String, weight: Double)] = []
    for (term, word) in words {
      var frequency = 0
      for place in schema.textFields {
        let key = [IndexedFields.terms(of: place)] + term
        var sum = 0
        for segment in engine.segments {
          sum += Int(try EvidenceScorer.find(key, in: segment)?.documentFrequency ?? 0)
        }
        frequency = max(frequency, sum)
      }
      // A word of this document alone finds no other.
      guard frequency > 1 else { continue }
      let occurrences = Double(word.frequency)
      weighed.append(
        (
          term, word.surface,
          occurrences / (occurrences + 1) * Double(engine.inverseDocumentFrequency(frequency))
        ))
    }
    weighed.sort {
      $0.weight != $1.weight ? $0.weight > $1.weight : $0.term.lexicographicallyPrecedes($1.term)
    }
    return weighed.prefix(count).map { ($0.word, $0.weight) }
  }
}
