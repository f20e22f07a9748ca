// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// Reads the words of this snapshot, for completion and corrections.
  ///
  ///     let vocabulary = try searcher.vocabulary()
  ///     vocabulary.completions(of: "تعاو")
  ///
  /// - Parameters:
  ///   - fields: The names of text fields; `nil` for all.
  ///   - minimumDocumentCount: In how many documents a word must be to be taken, at least 1; in a
  ///     large index, 2 leaves most misspellings out.
  /// - Returns: The words.
  /// - Throws: `.invalidArgument` where a name is not that of a text field, `.corrupt` where a
  ///   damaged part of the index is met.
  /// - Complexity: O(*n*) in the number of words; about 0.1 s for 300,000. Keep the result.
  public func vocabulary(
    of fields: [String]? = nil, minimumDocumentCount: Int = 1
  ) throws(IndexError) -> Vocabulary {
    var places: [Int] = []
    for name in fields ?? [] {
      guard let place = schema.index(of: name), schema.fields[place].kind == .text else {
        throw IndexError(.invalidArgument, "there is no text field '\(name)'")
      }
      places.append(place)
    }
    return try Vocabulary(
      dictionaries: dictionaries, fields: fields == nil ? schema.textFields : places,
      analyzer: analyzer, minimumDocumentCount: minimumDocumentCount)
  }
}
