// SPDX-License-Identifier: Apache-2.0

/// What the queries of one snapshot are compiled with.
///
/// It is an object, because each query would otherwise count the references of all its parts.
package final class QueryContext: Sendable {
  let schema: Schema
  let analyzer: any Analyzer
  let expander: TermExpander
  /// Whether words are also looked for as the index has them joined or cut.
  let usesVocabulary: Bool
  /// Where the compilers of queries analyse.
  let buffers = TokenBufferPool()
  /// What the whole collection knows, where the dictionaries are those of a part of it.
  let collection: RankingStatistics?

  /// Creates a value.
  ///
  /// - Parameters:
  ///   - schema: The fields.
  ///   - analyzer: What the texts of queries are analysed with.
  ///   - dictionaries: The term dictionaries of all segments.
  ///   - collection: The statistics of a larger collection, which decide what its parts read as one
  ///     word or two; otherwise the dictionaries do.
  package init(
    schema: Schema, analyzer: any Analyzer, dictionaries: [TermDictionaryReader],
    collection: RankingStatistics? = nil
  ) {
    self.schema = schema
    self.analyzer = analyzer
    self.collection = collection
    expander = TermExpander(dictionaries: dictionaries, analyzer: analyzer)
    usesVocabulary = analyzer.variesSpaces
  }
}
