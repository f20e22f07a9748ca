// SPDX-License-Identifier: Apache-2.0

/// A document that a search found.
///
///     for hit in try searcher.search("اتحادیه های تعاونی", limit: 10) {
///       print(hit.rank, hit.score, hit.key, hit["title"] ?? "", hit.snippet(of: "body"))
///     }
public struct Hit: Sendable {
  /// The place among all hits, from 1 for the best.
  public let rank: Int
  /// How well the document matches; only comparable within one search.
  public let score: Double
  /// The score by the terms of the query alone, before what tells the best documents apart was
  /// added; never above ``score``.
  ///
  /// ``SearchResults/joining(_:limit:rescoredCount:)`` needs it.
  public let baseScore: Double
  /// The document's key.
  public let key: DocumentKey
  /// The stored fields; empty where ``SearchOptions/loadsFields`` was off.
  public let fields: [String: FieldValue]
  /// The keys of documents left out as nearly the same as this, best first, as far as the search had
  /// to look; empty unless ``SearchOptions/collapsedResemblance`` is set.
  public let duplicates: [DocumentKey]

  let context: HitContext

  init(
    rank: Int, score: Double, baseScore: Double, key: DocumentKey, fields: [String: FieldValue],
    duplicates: [DocumentKey] = [], context: HitContext
  ) {
    self.duplicates = duplicates
    self.rank = rank
    self.score = score
    self.baseScore = baseScore
    self.key = key
    self.fields = fields
    self.context = context
  }

  /// The same hit at another place and with another score.
  func placed(_ rank: Int, score: Double) -> Hit {
    Hit(
      rank: rank, score: score, baseScore: baseScore, key: key, fields: fields,
      duplicates: duplicates, context: context)
  }

  /// The stored value of a field; `nil` where the document does not have it or it is not stored.
  ///
  /// - Parameter name: The field's name.
  public subscript(name: String) -> FieldValue? {
    fields[name]
  }

  /// The document as it is stored.
  public var document: Document {
    Document(key: key, fields)
  }

  /// Returns the passage of a field that best shows why the document was found.
  ///
  /// - Parameters:
  ///   - name: The name of a stored text field.
  ///   - options: How long the snippet is and of how many passages.
  /// - Returns: The snippet; without pieces where the document has no such text, and the beginning
  ///   of the text where the query matched elsewhere.
  /// - Complexity: O(*n*) in the bytes of the text, which is analysed again.
  public func snippet(of name: String, options: SnippetOptions = SnippetOptions()) -> Snippet {
    guard case .text(let text)? = fields[name] else { return Snippet(pieces: []) }
    return SnippetBuilder(analyzer: context.analyzer, highlights: context.highlights)
      .snippet(of: text, options: options)
  }
}

/// What the hits of one search share.
final class HitContext: Sendable {
  let analyzer: any Analyzer
  let highlights: QueryHighlights

  init(analyzer: any Analyzer, highlights: QueryHighlights) {
    self.analyzer = analyzer
    self.highlights = highlights
  }
}
