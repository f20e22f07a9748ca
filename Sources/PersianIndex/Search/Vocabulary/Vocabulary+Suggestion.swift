// SPDX-License-Identifier: Apache-2.0

extension Vocabulary {
  /// Returns what may have been meant by the words of a query, likeliest first.
  ///
  ///     if results.count < 3 {
  ///       for text in vocabulary.suggestions(for: "تاریح ایران") { print("Did you mean \(text)?") }
  ///     }
  ///
  /// Words that the index has are kept. Neighbours that it has as one word are joined, and an
  /// unknown word is corrected, where ``corrections(of:limit:)`` knows how.
  ///
  /// - Parameters:
  ///   - text: The text of the query, as plain words.
  ///   - limit: The most suggestions to return, 0 or more.
  /// - Returns: Whole texts; empty where the index has all words or nothing is near.
  /// - Complexity: O(*n*) in the words of the index for each unknown word of the text, of which at
  ///   most eight are corrected.
  public func suggestions(for text: String, limit: Int = 3) -> [String] {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count <= 64, limit > 0 else { return [] }
    var best: [String] = []
    var alternatives: [(place: Int, texts: [String])] = []
    var place = 0
    while place < words.count {
      let word = words[place]
      let isUnknown = documentCount(of: word) == 0 && word.contains(where: \.isLetter)
      if place + 1 < words.count, isUnknown || documentCount(of: words[place + 1]) == 0,
        let joined = joined(word, words[place + 1])
      {
        best.append(joined.text)
        alternatives.append((best.count - 1, [joined.text]))
        place += 2
        continue
      }
      let corrections =
        isUnknown && alternatives.count < 8 ? corrections(of: word, limit: limit) : []
      best.append(corrections.first?.text ?? word)
      if !corrections.isEmpty { alternatives.append((best.count - 1, corrections.map(\.text))) }
      place += 1
    }
    guard let last = alternatives.last else { return [] }
    var result = [best.joined(separator: " ")]
    // Further suggestions differ from the first in the last corrected word.
    for other in last.texts.dropFirst() {
      var changed = best
      changed[last.place] = other
      result.append(changed.joined(separator: " "))
    }
    return Array(result.prefix(limit))
  }
}
