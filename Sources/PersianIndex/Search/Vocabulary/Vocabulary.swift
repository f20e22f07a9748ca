// SPDX-License-Identifier: Apache-2.0

/// The words of an index with how many documents have them: what completion, corrections and
/// suggestions are made from.
///
///     let vocabulary = try searcher.vocabulary()
///     vocabulary.completions(of: "تعاو", limit: 5).map(\.text)   // ["تعاونی", "تعاون", …]
///     vocabulary.corrections(of: "تعاوني‌هاا", limit: 3).first?.text
///
/// The words are those that the documents have, with their affixes, in the analyzer's
/// spelling-independent form; for an analyzer without written forms they are its terms. A
/// vocabulary belongs to the snapshot that it was read from and holds its words in memory: about
/// 30 bytes each. It never changes, copies are free, and any number of threads may ask it at once.
public struct Vocabulary: Sendable {
  let words: WordTable
  let analyzer: any Analyzer

  /// The number of words.
  public var count: Int { words.count }

  /// Returns how many documents have a word, in this spelling or another of the same word.
  ///
  /// - Parameter word: The word as people write it.
  /// - Returns: The number of documents, deleted ones included until a merge drops them; 0 where no
  ///   document has it.
  /// - Complexity: O(log *n*) in the number of words.
  public func documentCount(of word: String) -> Int {
    words.place(of: folded(word)).map { Int(words.documentCounts[$0]) } ?? 0
  }

  /// The text in the letters of the vocabulary; empty where it has no word.
  func folded(_ text: String) -> [UInt8] {
    var buffer = TokenBuffer()
    return QueryUnit.units(of: text, analyzer: analyzer, buffer: &buffer).flatMap(\.folded)
  }
}

extension Vocabulary {
  /// Reads the words of some fields.
  ///
  /// - Parameters:
  ///   - dictionaries: The term dictionaries of all segments.
  ///   - fields: The places of text fields in the schema.
  ///   - analyzer: What the words asked for are analysed with.
  ///   - minimumDocumentCount: In how many documents a word must be to be taken.
  /// - Throws: `.corrupt` where a dictionary is damaged.
  package init(
    dictionaries: [TermDictionaryReader], fields: [Int], analyzer: any Analyzer,
    minimumDocumentCount: Int = 1
  ) throws(IndexError) {
    var table = WordTable()
    for field in fields {
      var ofField = try Self.words(
        dictionaries, number: IndexedFields.writtenForms(of: field))
      if ofField.count == 0 {
        ofField = try Self.words(dictionaries, number: IndexedFields.terms(of: field))
      }
      // A word of several fields is in at least as many documents as in any one of them.
      table = table.merged(with: ofField, combining: max)
    }
    self.words = table.prepared(minimumDocumentCount: minimumDocumentCount)
    self.analyzer = analyzer
  }

  /// Makes a vocabulary of given words, for tests.
  ///
  /// - Parameters:
  ///   - words: Words in the analyzer's form, with their document counts; in any order.
  ///   - analyzer: What the words asked for are analysed with.
  package init(words: [(String, Int)], analyzer: any Analyzer) {
    var table = WordTable()
    for (word, count) in words.map({ (Array($0.0.utf8), $0.1) })
      .sorted(by: { $0.0.lexicographicallyPrecedes($1.0) })
    {
      table.append(word, count: UInt32(count))
    }
    self.words = table.prepared(minimumDocumentCount: 1)
    self.analyzer = analyzer
  }

  private static func words(
    _ dictionaries: [TermDictionaryReader], number: UInt8
  ) throws(IndexError) -> WordTable {
    var table = WordTable()
    for dictionary in dictionaries {
      table = table.merged(with: try WordTable(dictionary, number: number), combining: &+)
    }
    return table
  }
}

extension WordTable {
  fileprivate init(_ dictionary: TermDictionaryReader, number: UInt8) throws(IndexError) {
    self.init()
    var cursor = try TermExpander.cursor(dictionary, from: [number])
    while try cursor.next(), cursor.key.first == number {
      append(cursor.key.dropFirst(), count: cursor.info.documentFrequency)
    }
  }
}
