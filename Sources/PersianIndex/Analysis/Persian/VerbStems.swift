// SPDX-License-Identifier: Apache-2.0

/// The stems of verbs, and the endings that follow them.
struct VerbStems {
  /// What kind of stem it is.
  enum Kind: Sendable {
    case past
    case present
  }

  /// One stem of a verb.
  struct Stem: Sendable {
    /// Which verb: an index into ``lemmas``.
    var lemma: UInt16
    var kind: Kind
    /// The stem's first letter is one that only follows می, ب or ن (بیا, بیفت, میاد).
    var needsPrefix: Bool
    /// The stem's ا stands for آ, which only می has before it (میاورد).
    var needsImperfective: Bool
    /// The stem ends in ا, after which the endings of a bare form begin with ی.
    var endsInAlef: Bool
    /// A stem of one letter (گ, ش, ر, د).
    var isShort: Bool
    /// A stem of the spoken language.
    var isSpoken: Bool
  }

  /// What may follow a stem.
  struct Ending: Sendable {
    var kind: Kind
    /// The ending makes a whole word only after می, ب or ن.
    var needsPrefix: Bool
    /// It makes a participle, alone or with a copula.
    var isParticiple: Bool
    /// The ending is the bare stem.
    var isEmpty: Bool
    /// The ending begins with ی.
    var beginsWithYe: Bool
    /// The formal ending of the third person plural, which no spoken stem takes.
    var isFormal: Bool
    /// ای or ام after a participle, which may be another word's ending too.
    var isWeakCopula: Bool
    /// How much rarer it is than the bare stem, in quarters of log₂.
    var cost: UInt8
  }

  private(set) var lemmas: [[UInt8]] = []
  /// How rare each verb is, in quarters of −log₂.
  private(set) var costs: [UInt8] = []
  private(set) var stems = LetterTable<Stem>(capacity: 4096)
  private(set) var endings = LetterTable<Ending>(capacity: 1024)
  let preverbs: [[UInt8]]
  /// Preverb and past stem of the verbs whose preverb may be joined to a bare form (برگشت).
  private(set) var prefixed = Set<[UInt8]>()

  init() {
    preverbs = ["بر", "در", "باز", "فرا", "فرو", "وا", "ور"].map(PersianLetters.codes)
    for word in VerbTables.prefixedVerbs.split(separator: " ") {
      prefixed.insert(PersianLetters.codes(word))
    }
    addEndings()
  }

  /// Adds a verb.
  ///
  /// - Parameters:
  ///   - line: The past stem, then the other stems.
  ///   - marks: The mark before each stem: + and = for past stems, ~ for spoken present stems.
  ///   - cost: How rare the verb is.
  mutating func add(_ line: [[UInt8]], marks: [UInt8], cost: UInt8) {
    guard let past = line.first else { return }
    let lemma = UInt16(lemmas.count)
    lemmas.append(past)
    costs.append(cost)
    add(past, .past, lemma, isSpoken: false)
    for (stem, mark) in zip(line, marks).dropFirst() {
      let isPast = mark == 0x2B || mark == 0x3D
      add(stem, isPast ? .past : .present, lemma, isSpoken: mark == 0x7E)
    }
  }

  private mutating func add(_ word: [UInt8], _ kind: Kind, _ lemma: UInt16, isSpoken: Bool) {
    func stem(_ word: [UInt8], needsPrefix: Bool, needsImperfective: Bool = false) {
      stems.add(
        Stem(
          lemma: lemma, kind: kind,
          needsPrefix: needsPrefix || word.count == 1 || isSpoken && kind == .present,
          needsImperfective: needsImperfective, endsInAlef: word.last == PersianLetters.alef,
          isShort: word.count == 1, isSpoken: isSpoken), for: word)
    }
    stem(word, needsPrefix: false)
    guard let first = word.first else { return }
    let rest = Array(word.dropFirst())
    if first == PersianLetters.alefMadda {
      stem([PersianLetters.ye, PersianLetters.alef] + rest, needsPrefix: true)
      stem([PersianLetters.ye, PersianLetters.alefMadda] + rest, needsPrefix: true)
      if !rest.isEmpty || kind == .present {
        stem([PersianLetters.alef] + rest, needsPrefix: true, needsImperfective: true)
      }
    } else if first == PersianLetters.alef, !rest.isEmpty {
      stem([PersianLetters.ye] + rest, needsPrefix: true)
      stem([PersianLetters.ye, PersianLetters.alef] + rest, needsPrefix: true)
    }
  }

  /// Makes the tables ready for reading.
  mutating func freeze() {
    stems.freeze()
    endings.freeze()
  }

  /// Frees the tables' memory.
  func deallocate() {
    stems.deallocate()
    endings.deallocate()
  }

  private mutating func addEndings() {
    let pronouns = [
      "م", "ت", "ش", "مان", "تان", "شان", "مون", "تون", "شون", "اش", "ات",
    ]
    func add(
      _ text: String, _ kind: Kind, _ cost: Int, prefix: Bool = false, participle: Bool = false,
      pronounCost: Int? = nil
    ) {
      let isEmpty = text.isEmpty
      endings.add(
        Ending(
          kind: kind, needsPrefix: prefix, isParticiple: participle, isEmpty: isEmpty,
          beginsWithYe: text.hasPrefix("ی"), isFormal: text == "ند" && kind == .present,
          isWeakCopula: ["های", "هام", "هم", "هت", "هن", "هس", "هاس", "هین"].contains(text),
          cost: UInt8(cost * 4)),
        for: PersianLetters.codes(text))
      guard let pronounCost else { return }
      for pronoun in pronouns {
        if isEmpty, ["م", "ت", "ات", "اش"].contains(pronoun) { continue }
        endings.add(
          Ending(
            kind: kind, needsPrefix: prefix, isParticiple: participle, isEmpty: false,
            beginsWithYe: text.hasPrefix("ی"), isFormal: false, isWeakCopula: false,
            cost: UInt8((cost + pronounCost) * 4)),
          for: PersianLetters.codes(text + pronoun))
      }
    }
    for (text, cost) in [("م", 5), ("ی", 6), ("د", 3), ("یم", 6), ("ید", 6), ("ند", 4)] {
      add(text, .present, cost, pronounCost: 7)
    }
    add("", .present, 6, prefix: true, pronounCost: 7)
    for (text, cost) in [("ه", 6), ("ن", 8), ("ین", 8), ("ت", 14), ("یه", 9)] {
      add(text, .present, cost, prefix: true, pronounCost: 7)
    }
    add("", .past, 2, pronounCost: 8)
    for (text, cost) in [("م", 5), ("ی", 7), ("یم", 6), ("ید", 6), ("ند", 4)] {
      add(text, .past, cost, pronounCost: 7)
    }
    for (text, cost) in [("ن", 9), ("ین", 10)] {
      add(text, .past, cost, prefix: text == "ن", pronounCost: 7)
    }
    let copulas = [
      ("", 3), ("ام", 5), ("ای", 7), ("است", 5), ("ست", 8), ("ایم", 6), ("اید", 6), ("اند", 4),
      ("م", 9), ("ت", 12), ("ن", 9), ("س", 9), ("اس", 9), ("ین", 9), ("ایست", 12), ("استش", 12),
    ]
    for (text, cost) in copulas { add("ه" + text, .past, cost, participle: true) }
    for text in VerbTables.copulasWithPronoun.split(separator: " ") {
      add("ه" + text, .past, 12, participle: true)
    }
  }
}
