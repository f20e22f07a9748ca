// SPDX-License-Identifier: Apache-2.0
import PersianIndex

/// An index under measurement, opened through the library's public interface alone.
struct OpenIndex {
  static let version = "format \(SearchIndex.formatVersion)"
  /// The one text field of a measured index.
  static let field = "body"

  let documentCount: Int
  let segmentCount: Int
  private let searcher: Searcher
  private let parser: QueryParser?
  private let ranking: Ranking

  /// Opens an index.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - mode: Whether queries are analysed.
  ///   - rescoredCount: How many documents are told apart by evidence; `nil` for none in prepared
  ///     mode and the default in native mode.
  /// - Throws: What opening throws.
  init(path: String, mode: Mode, rescoredCount: Int? = nil) throws {
    let index = try SearchIndex.open(at: path, analyzer: mode.analyzer)
    searcher = try index.searcher()
    documentCount = searcher.documentCount
    segmentCount = try index.statistics().segmentCount
    parser = mode == .native ? QueryParser(schema: index.schema) : nil
    var ranking = Ranking()
    // Identical tokens are ranked by BM25 alone, as the other engines do.
    if mode == .prepared { ranking.rescoredCount = 0 }
    if let rescoredCount { ranking.rescoredCount = rescoredCount }
    self.ranking = ranking
  }

  /// The number of hits of a `TOP_k`, and of all matches where they are counted.
  func answer(_ command: Command, _ text: String) throws -> Int {
    let query = compile(text)
    switch command {
    case .count:
      return try searcher.count(query)
    case .top(let limit):
      return try searcher.best(query, options: options(limit: limit)).documents.count
    case .topAndCount(let limit):
      var options = options(limit: limit)
      options.countsAll = true
      return try searcher.best(query, options: options).totalCount ?? 0
    }
  }

  /// The ordinals, which are the documents' keys, and scores of the best hits.
  func hits(_ text: String, limit: Int) throws -> [(ordinal: String, score: Double)] {
    try searcher.best(compile(text), options: options(limit: limit)).documents.map {
      (try searcher.key(at: $0.address).text, $0.score)
    }
  }

  private func options(limit: Int) -> SearchOptions {
    var options = SearchOptions(limit: limit)
    options.ranking = ranking
    return options
  }

  /// Reads `"a b"`, `+a +b` and `a b`; in native mode the library's own parser does.
  private func compile(_ text: String) -> Query {
    if let parser { return parser.parse(text).query }
    switch text.utf8.first {
    case UInt8(ascii: "\""):
      return .phrase(String(text.dropFirst().dropLast()))
    case UInt8(ascii: "+"):
      return .boolean(
        must: text.utf8.split(separator: UInt8(ascii: " ")).map {
          .words(String(Substring($0.dropFirst())))
        })
    default:
      return .words(text)
    }
  }
}
