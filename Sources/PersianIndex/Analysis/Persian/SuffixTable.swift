// SPDX-License-Identifier: Apache-2.0

/// The endings of nouns and adjectives, each with its price.
struct SuffixTable {
  /// What an ending asks of its stem, and what it makes of it.
  struct Conditions: OptionSet, Sendable {
    let rawValue: UInt16
    /// The stem ends in ه.
    static let afterHe = Conditions(rawValue: 1)
    /// The stem ends in ا or و.
    static let afterVowel = Conditions(rawValue: 2)
    /// The stem ends in neither ا nor ه.
    static let afterConsonant = Conditions(rawValue: 4)
    /// The stem is an adjective.
    static let adjective = Conditions(rawValue: 8)
    /// The stem lost its ه before the ending (نویسندگان).
    static let restoresHe = Conditions(rawValue: 16)
    /// The stem lost its ت before the ending (صفات).
    static let restoresTe = Conditions(rawValue: 32)
    /// Taken off a word that is not known.
    static let safe = Conditions(rawValue: 64)
    /// The stem is a function word or may be one (آن‌ها, برایم).
    static let anyStem = Conditions(rawValue: 128)
    /// The stem ends in ی.
    static let afterYe = Conditions(rawValue: 256)
  }

  /// One ending.
  struct Suffix: Sendable {
    /// How rare it is, in quarters of −log₂.
    var cost: UInt8
    var conditions: Conditions
    /// Which of ``names`` describes it.
    var name: UInt8
  }

  static let longest = 12
  /// The index in ``names`` of the spoken plural ا.
  static let spokenPlural = 12
  /// The index in ``names`` of the ی of the ezafe; those before it are of written nouns.
  static let ezafe = 7
  /// The index in ``names`` of را.
  static let object = 10
  /// The index in ``names`` of the copula.
  static let copula = 9
  /// The index in ``names`` of و run on to a word.
  static let vav = 13
  /// Words that are spelt like endings, and are words when they stand apart (احساس ترس).
  private static let words = [
    "ترس", "تره", "تراس", "تراست", "تراش", "ترام", "ترمه", "ترهات", "ترید", "هاشم", "هان",
  ]
  /// Endings of adjectives that are words of their own after a noun (پایان ترم, but بزرگ‌ترم).
  let adjectiveTokens = LetterSet(["ترم", "ترش", "ترن"])
  /// What each ending means, for people.
  static let names = [
    "plural ها", "plural ان", "plural ات", "plural ین", "comparative", "superlative", "ی",
    "ezafe ی", "possessive", "copula", "object را", "spoken ه", "spoken plural ا", "joined و",
  ]

  private(set) var table = LetterTable<Suffix>(capacity: 4096)
  /// Endings that are written as words of their own and join the word before them.
  private(set) var tokens = LetterSet([[UInt8]]())

  init() {
    var tokens: [[UInt8]] = []
    addParadigms(&tokens)
    let alone = """
      ام ات اش ای ایم اید اند است ی یی م ت ش مان تان شان مون تون شون یم یت یش یمان یتان یشان \
      ند ن س اس ست ات جات گان یان
      """
    tokens += VerbTables.copulasWithPronoun.split(separator: " ").map(PersianLetters.codes)
    tokens += alone.split(separator: " ").map(PersianLetters.codes)
    let words = Set(Self.words.map(PersianLetters.codes))
    self.tokens = LetterSet(tokens.filter { !words.contains($0) })
    table.freeze()
  }

  private mutating func add(_ text: String, _ cost: Int, _ conditions: Conditions, _ name: Int) {
    table.add(
      Suffix(cost: UInt8(min(cost * 4, 250)), conditions: conditions, name: UInt8(name)),
      for: PersianLetters.codes(text))
  }

  /// What can follow a base that ends in a consonant, in ا, or in ه.
  private static let afterConsonant: [(String, Int, Int)] = [
    ("", 0, 6), ("ی", 4, 6), ("م", 7, 8), ("ت", 8, 8), ("ش", 6, 8), ("مان", 8, 8), ("تان", 9, 8),
    ("شان", 7, 8), ("مون", 9, 8), ("تون", 10, 8), ("شون", 9, 8), ("یم", 13, 9), ("ید", 13, 9),
    ("ند", 11, 9), ("ست", 9, 9), ("است", 8, 9), ("اند", 8, 9), ("ایم", 13, 9), ("اید", 13, 9),
    ("ام", 9, 8), ("اش", 8, 8), ("ات", 10, 8), ("را", 7, 10), ("رو", 9, 10), ("ه", 9, 11),
    ("یه", 11, 11), ("ین", 12, 9), ("و", 11, 13), ("یست", 11, 9), ("شو", 13, 10), ("مو", 13, 10),
    ("تو", 13, 10), ("یش", 12, 8), ("مم", 16, 8), ("تم", 15, 8), ("شم", 15, 8), ("شه", 15, 11),
    ("مه", 15, 11), ("ته", 15, 11), ("مونه", 15, 11), ("تونه", 15, 11),
    ("شونه", 15, 11), ("مند", 15, 9), ("شند", 15, 9), ("یو", 14, 10), ("یم", 11, 8),
    ("شانند", 18, 9), ("شانرا", 14, 10), ("شرا", 14, 10), ("یرا", 10, 10), ("مانرا", 15, 10),
    ("یند", 14, 9), ("ن", 10, 9), ("اس", 12, 9), ("س", 14, 9), ("یام", 12, 8), ("یاش", 12, 8),
    ("یشان", 13, 8), ("یمان", 13, 8),
  ]
  private static let afterVowel: [(String, Int, Int)] = [
    ("ی", 3, 7), ("یی", 5, 6), ("یم", 8, 8), ("یت", 9, 8), ("یش", 6, 8), ("یمان", 8, 8),
    ("یتان", 9, 8), ("یشان", 7, 8), ("م", 8, 8), ("ت", 9, 8), ("ش", 7, 8), ("مون", 10, 8),
    ("تون", 11, 8), ("شون", 10, 8), ("مان", 10, 8), ("تان", 11, 8), ("شان", 9, 8), ("ست", 7, 9),
    ("یند", 9, 9), ("ند", 11, 9), ("ید", 10, 9), ("ییم", 11, 9), ("یید", 11, 9), ("را", 7, 10),
    ("رو", 9, 10), ("ن", 11, 9), ("س", 11, 9), ("یه", 10, 11), ("ست", 7, 9), ("یین", 13, 9),
    ("یمو", 14, 10), ("شو", 13, 10), ("مو", 13, 10), ("تو", 13, 10), ("یو", 13, 10),
    ("ییش", 12, 8), ("ییم", 12, 8), ("ییست", 11, 9), ("ییه", 12, 11), ("یشرا", 14, 10),
    ("یرا", 11, 10), ("ییرا", 12, 10), ("شم", 15, 8), ("یم", 10, 9), ("ه", 12, 11), ("م", 12, 9),
    ("و", 13, 10), ("اند", 12, 9), ("است", 11, 9), ("اش", 13, 8), ("ام", 13, 8),
  ]
  private static let afterHe: [(String, Int, Int)] = [
    ("ای", 3, 6), ("ی", 4, 7), ("ام", 6, 8), ("ات", 9, 8), ("اش", 5, 8), ("مان", 8, 8),
    ("تان", 9, 8), ("شان", 7, 8), ("مون", 9, 8), ("تون", 10, 8), ("شون", 9, 8), ("م", 9, 8),
    ("ت", 10, 8), ("ش", 7, 8), ("است", 11, 9), ("ست", 10, 9), ("اند", 7, 9), ("ایم", 13, 9),
    ("اید", 13, 9), ("ند", 10, 9), ("ن", 10, 9), ("س", 11, 9), ("اس", 10, 9), ("را", 7, 10),
    ("رو", 9, 10), ("ایست", 9, 9), ("اند", 7, 9), ("ئی", 6, 6), ("یی", 6, 6), ("ایه", 11, 11),
    ("ایی", 13, 6), ("ایم", 13, 9), ("ین", 12, 9), ("یم", 11, 9), ("ید", 11, 9), ("شو", 13, 10),
    ("مو", 13, 10), ("تو", 13, 10), ("اشرا", 14, 10), ("ایرا", 11, 10), ("ایاند", 13, 9),
    ("اشان", 8, 8), ("امان", 9, 8), ("اتان", 9, 8), ("ه", 13, 11), ("و", 13, 10),
  ]

  private mutating func addParadigms(_ tokens: inout [[UInt8]]) {
    for (text, cost, name) in Self.afterConsonant where !text.isEmpty {
      add(text, cost, .afterConsonant, name)
    }
    for (text, cost, name) in Self.afterVowel { add(text, cost, .afterVowel, name) }
    for (text, cost, name) in Self.afterHe {
      add(text, cost, text == "ی" ? [.afterHe, .anyStem] : .afterHe, name)
    }
    for ending in ["ام", "اش", "ات", "اند", "ایم", "است"] {
      add(ending, 8, [.afterYe], 8)
    }
    add("ای", 10, [.afterYe], 6)
    // Plural ها after any stem, and after a comparative.
    for (degree, degreeCost, conditions, name) in [
      ("", 0, Conditions.anyStem, 0), ("تر", 7, .adjective, 4), ("ترین", 6, .adjective, 5),
      ("ی", 14, .afterConsonant, 6), ("یی", 14, .afterVowel, 6), ("ای", 14, .afterHe, 6),
      ("یتر", 21, .afterConsonant, 4), ("یترین", 20, .afterConsonant, 5),
    ] {
      let isPlain = degree.isEmpty
      func token(_ text: String) { tokens.append(PersianLetters.codes(text)) }
      if name != 6, !degree.hasPrefix("ی") {
        token(degree + "ها")
        for (text, _, _) in Self.afterVowel { token(degree + "ها" + text) }
      }
      if name == 4 || name == 5, !degree.hasPrefix("ی") {
        token(degree)
        for (text, _, _) in Self.afterConsonant { token(degree + text) }
      }
      add(degree + "ها", degreeCost + 3, isPlain ? [conditions, .safe] : conditions, name)
      for (text, cost, _) in Self.afterVowel {
        // ها with م, ت or ش alone is spoken; before it ه‌ام, ه‌ات and ه‌اش go.
        let extra = isPlain && ["م", "ت", "ش"].contains(text) ? 3 : 0
        add(
          degree + "ها" + text, degreeCost + 3 + max(cost - 3, 0) + extra,
          isPlain ? [conditions, .safe] : conditions, name)
      }
      if name == 4 || name == 5 {
        add(degree, degreeCost, conditions, name)
        for (text, cost, _) in Self.afterConsonant where !text.isEmpty {
          add(degree + text, degreeCost + cost, conditions, name)
        }
        for (text, cost, _) in Self.afterConsonant {
          add(degree + "ان" + text, degreeCost + 8 + cost, conditions, name)
        }
      }
    }
    // Plurals that end in a consonant take the endings of one.
    let plurals: [(String, Int, Conditions, Int)] = [
      ("ان", 6, .afterConsonant, 1), ("یان", 5, .afterVowel, 1), ("گان", 5, .restoresHe, 1),
      ("گان", 8, .afterHe, 1),
      ("ات", 6, .afterConsonant, 2), ("ات", 5, .restoresHe, 2), ("ات", 7, .restoresTe, 2),
      ("جات", 7, .afterHe, 2), ("جات", 9, .restoresHe, 2), ("جات", 9, .afterConsonant, 2),
      ("یان", 14, .afterConsonant, 1),
      ("یات", 9, .afterConsonant, 2), ("ین", 8, .afterConsonant, 3), ("ون", 11, .afterYe, 3),
      ("ات", 12, .afterVowel, 2),
    ]
    for (plural, price, conditions, name) in plurals {
      for (text, cost, _) in Self.afterConsonant {
        add(plural + text, price + cost, conditions, name)
      }
    }
    // Spoken plural ا after a consonant (کتابا, دخترای), which swallows the ه of نگاها.
    for (text, cost, _) in [("", 0, 0)] + Self.afterVowel where text != "ست" {
      add("ا" + text, 8 + max(cost - 3, 0), .afterConsonant, 12)
    }
  }
}
