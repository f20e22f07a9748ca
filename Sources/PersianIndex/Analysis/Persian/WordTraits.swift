// SPDX-License-Identifier: Apache-2.0

/// Tells what context wants to know of a word: whether it is an ending, a prefix, a verb.
struct WordTraits {
  private let lexicon: Lexicon
  private let verbPrefixes: LetterSet
  private let preverbs: LetterSet
  private let imperfectives: LetterSet
  private let closing = LetterSet([
    "که", "و", "از", "در", "به", "با", "تا", "را", "برای", "یا", "اما", "ولی", "چون", "اگر", "هم",
    "نیز",
    "زیرا", "بلکه", "مگر", "جز", "است", "نیست",
  ])
  private let plural = PersianLetters.codes("های")

  init(lexicon: Lexicon) {
    self.lexicon = lexicon
    let preverbs = lexicon.verbs.preverbs
    let imperfectives = ["می", "نمی", "همی"].map(PersianLetters.codes)
    self.preverbs = LetterSet(preverbs)
    self.imperfectives = LetterSet(imperfectives)
    verbPrefixes = LetterSet(
      imperfectives + preverbs.flatMap { preverb in imperfectives.map { preverb + $0 } })
  }

  /// The traits of a word that is one.
  ///
  /// - Parameters:
  ///   - letters: Its letter codes, with 0 at soft boundaries.
  ///   - key: The word packed, without its boundaries.
  ///   - reader: The reader that has just read it.
  /// - Returns: The traits.
  func traits(
    of letters: UnsafeBufferPointer<UInt8>, _ key: WordKey, _ reader: WordReader
  ) -> WordCache.Traits {
    var traits: WordCache.Traits = []
    let word = reader.word
    if word.count == letters.count {
      if lexicon.suffixes.tokens.contains(word) { traits.insert(.suffix) }
      if preverbs.contains(word) { traits.insert(.preverb) }
      if imperfectives.contains(word) { traits.insert(.imperfective) }
    }
    if verbPrefixes.contains(word) { traits.insert(.verbPrefix) }
    if reader.parts.count == 1 {
      switch reader.parts[0].reason {
      case .verb(_, let prefix, _, _):
        if prefix > 0 || word.last != PersianLetters.ye { traits.insert(.verb) }
        if VerbTables.isImperfective(prefix) { traits.insert(.imperfectiveVerb) }
      case .inflected(_, SuffixTable.vav, _): traits.insert(.vav)
      case .inflected where word.count == letters.count && isEitherHe(word):
        traits.insert(.eitherHe)
      default: break
      }
    }
    if closing.contains(word) { traits.insert(.closesPhrase) }
    if letters.count <= WordKey.most {
      if lexicon.pairs.mayBegin(PairFilter.first(key)) { traits.insert(.beginsPair) }
      if !traits.contains(.verb), lexicon.pairs.mayEnd(PairFilter.second(key)) {
        traits.insert(.endsPair)
      }
    }
    return traits
  }

  /// Whether a word is X with های or Xه with ای, of which both are nouns.
  private func isEitherHe(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    guard word.count >= 5, word.suffix(3).elementsEqual(plural) else { return false }
    func isNoun(_ length: Int) -> Bool {
      lexicon.find(UnsafeBufferPointer(rebasing: word[..<length])).map { entry in
        lexicon.entries[entry].flags.isDisjoint(with: [.function, .phrase, .protected])
      } ?? false
    }
    return isNoun(word.count - 3) && isNoun(word.count - 2)
  }
}
