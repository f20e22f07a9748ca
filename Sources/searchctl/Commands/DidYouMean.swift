// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// What a query without hits was probably meant to be.
enum DidYouMean {
  /// Returns the text with the words that the index does not have replaced by the likeliest it has.
  ///
  /// - Parameters:
  ///   - text: The text of a query.
  ///   - searcher: Where the words come from.
  /// - Returns: The text; `nil` where the query is more than words or nothing better is known.
  /// - Throws: What the index throws.
  static func text(for text: String, in searcher: Searcher) throws -> String? {
    let isPlain = text.allSatisfy { $0.isLetter || $0.isWhitespace || $0 == "\u{200C}" }
    guard isPlain else { return nil }
    let vocabulary = try searcher.vocabulary()
    var isChanged = false
    let words = text.split(whereSeparator: \.isWhitespace).map { word -> String in
      guard vocabulary.documentCount(of: String(word)) == 0,
        let correction = vocabulary.corrections(of: String(word), limit: 1).first
      else { return String(word) }
      isChanged = true
      return correction.text
    }
    return isChanged ? words.joined(separator: " ") : nil
  }
}
