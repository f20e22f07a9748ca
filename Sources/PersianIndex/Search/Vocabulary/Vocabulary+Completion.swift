// SPDX-License-Identifier: Apache-2.0

/// A word of an index.
public struct VocabularyWord: Sendable, Hashable {
  /// The word in the analyzer's spelling-independent form.
  public let text: String
  /// How many documents have it.
  public let documentCount: Int
}

extension Vocabulary {
  /// Returns the most frequent words that begin as a text does.
  ///
  ///     vocabulary.completions(of: "کتا", limit: 3).map(\.text)   // ["کتاب", "کتابخانه", …]
  ///
  /// - Parameters:
  ///   - prefix: The beginning of a word, in any spelling; what is before its last space is left
  ///     alone and not part of the result.
  ///   - limit: The most words to return, 0 or more.
  /// - Returns: The words, the most frequent first and equals in byte order; empty where no word
  ///   begins so, and for a text without a letter at its end.
  /// - Complexity: O(`limit` log *n*) in the number of words, however many begin so.
  public func completions(of prefix: String, limit: Int = 10) -> [VocabularyWord] {
    let beginning = Letters.folded(
      prefix.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace).last ?? "")
    guard !beginning.isEmpty, limit > 0 else { return [] }
    // A beginning need not be a word, so the analyzer must not take it apart.
    return mostFrequent(in: words.range(of: Array(beginning.utf8)), limit: limit).map {
      VocabularyWord(text: words.text($0), documentCount: Int(words.documentCounts[$0]))
    }
  }

  /// The most frequent words of a run, best first: the best of the run, then the best of what is
  /// left on either side of it, and so on.
  private func mostFrequent(in range: Range<Int>, limit: Int) -> [Int] {
    typealias Part = (range: Range<Int>, best: Int)
    var parts: [Part] = []
    func add(_ range: Range<Int>) {
      if let best = words.mostFrequent(in: range) { parts.append((range, best)) }
    }
    add(range)
    var result: [Int] = []
    while result.count < limit {
      let next = parts.indices.max { left, right in
        let (a, b) = (parts[left].best, parts[right].best)
        let (x, y) = (words.documentCounts[a], words.documentCounts[b])
        return x != y ? x < y : a > b
      }
      guard let next else { break }
      let part = parts.remove(at: next)
      result.append(part.best)
      add(part.range.lowerBound..<part.best)
      add(part.best + 1..<part.range.upperBound)
    }
    return result
  }
}
