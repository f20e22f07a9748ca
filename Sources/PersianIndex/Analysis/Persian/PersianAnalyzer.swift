// SPDX-License-Identifier: Apache-2.0

/// Turns Persian text into lemmas, whatever its spelling.
///
/// The three spellings of a half-space (kept, a space, nothing), all code points of a letter or a
/// digit, inflected forms, spoken forms, and words run together give the terms of the words they
/// stand for, at the same positions. Every token carries the word as written too, with its affixes
/// and without half-spaces.
///
///     PersianAnalyzer().tokens(of: "کتابهای خوب").map(\.term)  // ["کتاب", "خوب"]
///
/// Numbers are in ASCII digits without group separators, other scripts in lower case by the word
/// rules of Unicode. A date, an address of the web or of e-mail gives one token for the whole and,
/// from the same position on, one for each part. Nothing is dropped but punctuation.
public struct PersianAnalyzer: Analyzer {
  /// The version of the rules.
  static let version: UInt32 = 2

  let lexicon: Lexicon
  /// The user's own words.
  public let configuration: PersianConfiguration
  /// What is stored in an index to recognise the analyzer again.
  public let identity: AnalyzerIdentity

  /// Yes: «کتاب‌خانه», «کتاب خانه» and «کتابخانه» are one word.
  public var variesSpaces: Bool { true }

  /// Creates an analyzer with the library's lexicon.
  ///
  /// The lexicon is loaded on first use, in a few milliseconds, and shared from then on.
  ///
  /// - Parameter configuration: The user's own words. An analyzer with words of its own loads a
  ///   lexicon of its own, of some megabytes, here and not on first use.
  public init(configuration: PersianConfiguration = PersianConfiguration()) {
    self.configuration = configuration
    var fingerprint = LexiconTables.checksum
    if configuration.isEmpty {
      lexicon = .shared
    } else {
      let text = LexiconTables.words
      lexicon = Lexicon(
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount),
        configuration: configuration)
      for byte in configuration.data { fingerprint = (fingerprint ^ UInt32(byte)) &* 0x0100_0193 }
    }
    identity = AnalyzerIdentity(name: "persian", version: Self.version, fingerprint: fingerprint)
  }

  /// Creates an analyzer over a lexicon's text, for trying out a lexicon.
  package init(lexiconText: [UInt8]) {
    configuration = PersianConfiguration()
    lexicon = lexiconText.withUnsafeBufferPointer { Lexicon($0, configuration: nil) }
    identity = AnalyzerIdentity(name: "persian", version: Self.version)
  }

  /// The user's own words, from which an index makes the analyzer again.
  public var configurationData: [UInt8] { configuration.isEmpty ? [] : configuration.data }

  /// Appends the tokens of a text to a buffer.
  ///
  /// - Parameters:
  ///   - text: The text in UTF-8; invalid bytes act as punctuation.
  ///   - tokens: Receives the tokens; its scratch keeps the words met.
  /// - Complexity: O(*n*) in the bytes of `text`.
  public func analyze(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout TokenBuffer) {
    let cache: WordCache
    if let known = tokens.scratch as? WordCache, known.lexicon === lexicon {
      cache = known
    } else {
      cache = WordCache(lexicon: lexicon)
      tokens.scratch = cache
    }
    cache.trim()
    var tokenizer = PersianTokenizer(text: text, cache: cache)
    tokenizer.run(into: &tokens)
  }
}
