// SPDX-License-Identifier: Apache-2.0

/// Compares words written in Latin letters by ear with Persian words.
///
/// Persian writes few of its vowels, so a Latin vowel may be missing from the word, and letters
/// that sound the same are the same here.
enum Transliteration {
  /// Latin spellings of a sound and the letters it may be, each with its cost in tenths.
  private static let sounds: [String: [(letters: String, cost: UInt8)]] = [
    "sh": [("ش", 0)], "ch": [("چ", 0)], "kh": [("خ", 0)], "gh": [("ق", 0), ("غ", 0)],
    "zh": [("ژ", 0)], "ph": [("ف", 0)], "th": [("ث", 0), ("ت", 1)], "oo": [("و", 0)],
    "ou": [("و", 0)], "ow": [("و", 0)], "ee": [("یئ", 0)], "aa": [("اآ", 0), ("ع", 1)],
    "ei": [("یئ", 0)], "ey": [("ی", 0)], "ay": [("ی", 0)], "ai": [("ی", 0)], "eh": [("ه", 0)],
    "a": [("اآ", 0), ("ع", 1), ("ه", 3)], "b": [("ب", 0)], "c": [("ک", 0), ("س", 1)],
    "d": [("د", 0)], "e": [("هیئ", 1), ("اع", 1)], "f": [("ف", 0)], "g": [("گ", 0), ("جق", 2)],
    "h": [("هح", 0)], "i": [("یئ", 0), ("اع", 2)], "j": [("ج", 0), ("ژ", 2)],
    "k": [("ک", 0), ("خ", 3)],
    "l": [("ل", 0)], "m": [("م", 0)], "n": [("ن", 0)], "o": [("و", 0), ("اع", 1)],
    "p": [("پ", 0)], "q": [("قغ", 0)], "r": [("ر", 0)], "s": [("سصث", 0)], "t": [("تط", 0)],
    "u": [("و", 0)], "v": [("و", 0)], "w": [("و", 0)], "x": [("خ", 1)], "y": [("یئ", 0)],
    "z": [("زذضظ", 0)], "'": [("عءئ", 0)],
  ]

  private static let vowels: Set<Character> = ["a", "e", "i", "o", "u", "'"]

  /// The model of a Latin word, or `nil` where it holds anything but Latin letters and apostrophes.
  static func model(of word: String) -> ErrorModel? {
    let word = Array(word.lowercased().replacing("’", with: "'"))
    guard (2...32).contains(word.count),
      word.allSatisfy({ ($0.isASCII && $0.isLetter) || $0 == "'" })
    else { return nil }
    var symbols: [ErrorModel.Symbol] = []
    var place = 0
    while place < word.count {
      // A doubled consonant is written once in Persian.
      if place > 0, word[place] == word[place - 1], !vowels.contains(word[place]) {
        place += 1
        continue
      }
      let pair = place + 1 < word.count ? String(word[place...place + 1]) : ""
      if let sound = sounds[pair], !(pair == "eh" && place + 2 < word.count) {
        symbols.append(symbol(sound, isVowel: false))
        place += 2
      } else {
        let letter = word[place]
        symbols.append(symbol(sounds[String(letter)] ?? [], isVowel: vowels.contains(letter)))
        place += 1
      }
    }
    return ErrorModel(
      insertions: insertions, undoubling: 6, doubling: 10, transposition: 15, symbols: symbols)
  }

  private static func symbol(
    _ sound: [(letters: String, cost: UInt8)], isVowel: Bool
  ) -> ErrorModel.Symbol {
    var substitutions = [UInt8](repeating: 20, count: LetterCode.count)
    for (letters, cost) in sound {
      for letter in letters.unicodeScalars {
        let code = Int(LetterCode.code(letter))
        substitutions[code] = min(substitutions[code], cost)
      }
    }
    return ErrorModel.Symbol(
      substitutions: substitutions, deletion: isVowel ? 2 : 15, letter: LetterCode.other)
  }

  /// Letters that Latin spellings often leave out.
  private static let insertions: [UInt8] = {
    var table = [UInt8](repeating: 12, count: LetterCode.count)
    for letter in "عءئه".unicodeScalars { table[Int(LetterCode.code(letter))] = 5 }
    for letter in "ایو".unicodeScalars { table[Int(LetterCode.code(letter))] = 8 }
    return table
  }()
}
