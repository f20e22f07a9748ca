// SPDX-License-Identifier: Apache-2.0

/// Tells what context wants to know of a word: whether it is an ending, a prefix, a verb.
struct WordTraits {
  private let lexicon: Lexicon
  private let verbPrefixes: LetterSet
  private let preverbs: LetterSet
  private let imperfectives: LetterSet

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
  ///   - key: The word packed.
  ///   - reader: The reader that has just read it.
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
      case .inflected(_, SuffixTable.vav, _): traits.insert(.vav)
      default: break
      }
    }
    if letters.count <= WordKey.most {
      if lexicon.pairs.mayBegin(PairFilter.first(key)) { traits.insert(.beginsPair) }
      if !traits.contains(.verb), lexicon.pairs.mayEnd(PairFilter.second(key)) {
        traits.insert(.endsPair)
      }
    }
    return traits
  }
}
