// SPDX-License-Identifier: Apache-2.0

/// The user's own words for Persian analysis.
///
/// They are stored in the index that is created with them, and come before the library's lexicon.
///
///     var configuration = PersianConfiguration()
///     configuration.words = ["داکرایز"]
///     configuration.synonyms = ["رایانه": "کامپیوتر"]
///     let analyzer = PersianAnalyzer(configuration: configuration)
public struct PersianConfiguration: Sendable, Hashable {
  /// Words to know beside those of the lexicon: their inflected forms are read as theirs.
  public var words: [String]
  /// Words that are indexed as they are written and never analysed further.
  public var protectedWords: [String]
  /// Terms that ranking should weigh less, beside the library's own.
  public var stopWords: [String]
  /// Words, each with the word whose term it takes; both are single words.
  public var synonyms: [String: String]

  /// Creates a configuration.
  ///
  /// - Parameters:
  ///   - words: Words to know beside those of the lexicon.
  ///   - protectedWords: Words never analysed further.
  ///   - stopWords: Terms that ranking should weigh less.
  ///   - synonyms: Words, each with the word whose term it takes.
  public init(
    words: [String] = [], protectedWords: [String] = [], stopWords: [String] = [],
    synonyms: [String: String] = [:]
  ) {
    self.words = words
    self.protectedWords = protectedWords
    self.stopWords = stopWords
    self.synonyms = synonyms
  }

  /// Whether it holds nothing.
  public var isEmpty: Bool {
    words.isEmpty && protectedWords.isEmpty && stopWords.isEmpty && synonyms.isEmpty
  }

  /// The configuration as bytes: lines of UTF-8 text, sorted, so equal configurations give equal
  /// bytes; empty where the configuration is.
  public var data: [UInt8] {
    var lines: [String] = []
    func line(_ kind: String, _ text: String) {
      lines.append(kind + "\t" + text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }
    for word in Set(words) { line("word", word) }
    for word in Set(protectedWords) { line("protected", word) }
    for word in Set(stopWords) { line("stop", word) }
    for (word, target) in synonyms { line("synonym", word + "\t" + target) }
    return Array(lines.sorted().joined(separator: "\n").utf8)
  }

  /// Reads a configuration from the bytes that ``data`` gave.
  ///
  /// - Parameter data: The bytes.
  /// - Throws: ``IndexError`` with code `.corrupt` if they are no configuration.
  public init(data: some Sequence<UInt8>) throws(IndexError) {
    self.init()
    for line in String(decoding: Array(data), as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      switch (fields[0], fields.count) {
      case ("word", 2): words.append(fields[1])
      case ("protected", 2): protectedWords.append(fields[1])
      case ("stop", 2): stopWords.append(fields[1])
      case ("synonym", 3): synonyms[fields[1]] = fields[2]
      default:
        throw IndexError(
          .corrupt, "the analyzer's stored words are damaged; recover or rebuild the index")
      }
    }
  }

  /// The entries that the words make in the lexicon: letters, their lemma's letters, and flags.
  var entries: [([UInt8], [UInt8]?, Lexicon.Flags)] {
    var result: [([UInt8], [UInt8]?, Lexicon.Flags)] = []
    func add(_ word: String, _ canonical: String?, _ flags: Lexicon.Flags) {
      let codes = PersianLetters.codes(word)
      guard codes.count >= 2, codes.count <= WordReader.longest else { return }
      result.append((codes, canonical.map { PersianLetters.codes($0) }, flags))
    }
    for word in protectedWords.sorted() { add(word, nil, [.user, .protected]) }
    for (word, target) in synonyms.sorted(by: { $0.key < $1.key }) {
      add(word, target, [.user, .variant])
    }
    for word in words.sorted() { add(word, nil, [.user]) }
    return result
  }

  /// At most how many entries the words make, their lemmas with them.
  var size: Int { 2 * (words.count + protectedWords.count + synonyms.count) }

  var stopWordCodes: [[UInt8]] { stopWords.map { PersianLetters.codes($0) } }
}
