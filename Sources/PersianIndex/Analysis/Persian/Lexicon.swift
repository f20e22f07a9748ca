// SPDX-License-Identifier: Apache-2.0

/// The words that Persian analysis knows, in a hash table over letter codes.
///
/// It is filled once from the embedded text, in a few milliseconds at first use, and is immutable
/// from then on. docs/LEXICON.md describes the text.
final class Lexicon: @unchecked Sendable {
  // Unchecked because of the pointers: nothing they point to changes after `init`.

  /// What is known of a word.
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt16
    /// An adjective or adverb: takes تر and ترین.
    static let adjective = Flags(rawValue: 1)
    /// A function word.
    static let function = Flags(rawValue: 2)
    /// Parts written apart are joined again to this word.
    static let rejoins = Flags(rawValue: 4)
    /// A compound that is read as its parts in every spelling.
    static let compound = Flags(rawValue: 8)
    /// Read as a verb when it stands bare.
    static let verbFirst = Flags(rawValue: 16)
    /// Another spelling of its lemma.
    static let variant = Flags(rawValue: 32)
    /// A spoken form of its lemma.
    static let colloquial = Flags(rawValue: 64)
    /// A broken plural of its lemma.
    static let plural = Flags(rawValue: 128)
    /// Its lemma is several words.
    static let phrase = Flags(rawValue: 256)
    /// Never analysed further.
    static let protected = Flags(rawValue: 512)
    /// Listed by the user.
    static let user = Flags(rawValue: 1024)
    /// The last part of many compounds.
    static let tail = Flags(rawValue: 2048)
    /// Weighed less by ranking, though it takes endings like a noun.
    static let stop = Flags(rawValue: 4096)

    static let mapped: Flags = [.variant, .colloquial, .plural]
  }

  /// One word.
  struct Entry {
    /// Where its letters begin in ``letters``.
    var start: UInt32
    /// Its lemma's entry, or its own; for a phrase, where the words begin in ``phrases``.
    var lemma: UInt32
    /// After which letters a half-space may stand, a bit each.
    var boundaries: UInt32
    var flags: Flags
    /// How rare it is: −log₂ of its share of running words, in quarters.
    var cost: UInt8
    var length: UInt8
  }

  /// The words.
  private(set) var entries: UnsafeMutablePointer<Entry>
  private var entryCount = 0
  private var letters: UnsafeMutablePointer<UInt8>
  private var letterCount = 0
  /// Phrases that mapped words stand for: letters, 0 between words, 255 at the end.
  private(set) var phrases: [UInt8] = []
  private let slots: UnsafeMutablePointer<UInt32>
  private static let slotBits = 18
  private(set) var verbs = VerbStems()
  let suffixes = SuffixTable()
  /// Which (first part, beginning of the second part) pairs may be joined again.
  let pairs = PairFilter()
  /// Short words that are hardly ever run on to another.
  let neverJoined = LetterSet(["من", "تو", "او", "ما", "یا", "نه", "کی", "ای", "وی"])
  /// Words for numbers.
  let numerals = LetterSet(LexiconHeads.numerals)
  /// The endings of ordinal numbers.
  let ordinals = ["م", "می", "مین"].map(PersianLetters.codes)
  /// Names of Latin letters, of which abbreviations are made.
  let letterNames = LetterSet(LexiconHeads.latinLetters)
  /// بن, between the names of a son and his father.
  let son = PersianLetters.codes("بن")
  /// First parts that make new compounds freely.
  let headWords = LetterSet(LexiconHeads.words)
  /// Past stems of the verbs that are function words.
  let stopVerbs = LetterSet(
    ["بود", "شد", "است", "بایست", "شایست", "کرد", "داشت", "داد", "گرفت", "توانست", "خواست"])
  private(set) var stopWords: LetterSet?

  /// The lexicon that ships with the library.
  static let shared: Lexicon = {
    let text = LexiconTables.words
    return Lexicon(
      UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount),
      configuration: nil)
  }()

  /// Loads a lexicon.
  ///
  /// - Parameters:
  ///   - text: The lexicon's text.
  ///   - configuration: The user's own words, which come before those of the text.
  init(_ text: UnsafeBufferPointer<UInt8>, configuration: PersianConfiguration?) {
    // A line takes at least five bytes: two letters and its end.
    let words = text.count / 5 + 1024 + (configuration?.size ?? 0)
    entries = .allocate(capacity: words)
    letters = .allocate(capacity: text.count + 64 * (configuration?.size ?? 0) + 4096)
    slots = .allocate(capacity: 1 << Self.slotBits)
    slots.initialize(repeating: 0, count: 1 << Self.slotBits)
    var parser = LexiconParser(text)
    var pending: [(entry: Int, canonical: [UInt8])] = []
    var heading = LexiconParser.Heading()
    if let configuration {
      for (word, canonical, flags) in configuration.entries {
        let index = insert(word, boundaries: 0, flags: flags, cost: 40)
        if let canonical { pending.append((index, canonical)) }
      }
      stopWords = LetterSet(configuration.stopWordCodes)
    }
    while parser.next(&heading) {
      switch heading.kind {
      case .verbs: verbs.add(parser.fields, marks: parser.marks, cost: heading.cost)
      case .map(let flags):
        let rejoins: Flags = parser.boundaries == 0 ? [] : .rejoins
        let index = insert(
          parser.fields[0], boundaries: parser.boundaries, flags: flags.union(rejoins), cost: 72)
        var canonical = parser.fields[1]
        for word in parser.fields.dropFirst(2) { canonical += [0] + word }
        pending.append((index, canonical))
      case .words(let flags):
        loadWords(&parser, flags: flags, cost: heading.cost)
      }
    }
    resolve(pending)
    verbs.freeze()
  }

  deinit {
    entries.deallocate()
    letters.deallocate()
    slots.deallocate()
    pairs.deallocate()
    verbs.deallocate()
    suffixes.table.deallocate()
  }

  /// Loads the lines of one word each below a heading.
  private func loadWords(_ parser: inout LexiconParser, flags: Flags, cost: UInt8) {
    let text = parser.text
    let classes = PersianLetters.shared.classes
    var offset = parser.offset
    while offset < text.count, text[offset] != 0x3D {
      let word = letters + letterCount
      var length = 0
      var boundaries: UInt32 = 0
      var hash = LetterHash.seed
      while offset &+ 2 < text.count, text[offset] != 0x0A {
        if text[offset] == 0xE2 {
          boundaries |= 1 << UInt32(truncatingIfNeeded: length)
          offset &+= 3
        } else {
          let code = classes[Int(text[offset] & 3) << 6 | Int(text[offset &+ 1] & 0x3F)]
          word[length] = code
          hash = LetterHash.extend(hash, code)
          length &+= 1
          offset &+= 2
        }
      }
      while offset < text.count, text[offset] != 0x0A { offset &+= 1 }
      offset &+= 1
      guard length > 0, length < 60 else { continue }
      _ = insert(
        length: length, hash: LetterHash.finish(hash), boundaries: boundaries, flags: flags,
        cost: cost)
    }
    parser.offset = offset
  }

  private func insert(_ word: [UInt8], boundaries: UInt32, flags: Flags, cost: UInt8) -> Int {
    var hash = LetterHash.seed
    for (place, code) in word.enumerated() {
      letters[letterCount + place] = code
      hash = LetterHash.extend(hash, code)
    }
    return insert(
      length: word.count, hash: LetterHash.finish(hash), boundaries: boundaries, flags: flags,
      cost: cost)
  }

  /// Makes an entry of the letters that stand after those of the last entry.
  @inline(__always)
  private func insert(
    length: Int, hash: UInt64, boundaries: UInt32, flags: Flags, cost: UInt8
  ) -> Int {
    let word = letters + letterCount
    if let known = find(UnsafePointer(word), length, hash: hash) {
      if flags.contains(.rejoins), boundaries != 0, entries[known].boundaries == 0 {
        entries[known].boundaries = boundaries
        entries[known].flags.insert(.rejoins)
        addPair(UnsafePointer(word), length, boundaries)
      }
      return known
    }
    let index = entryCount
    (entries + index).initialize(
      to: Entry(
        start: UInt32(truncatingIfNeeded: letterCount), lemma: UInt32(truncatingIfNeeded: index),
        boundaries: boundaries, flags: flags, cost: cost,
        length: UInt8(truncatingIfNeeded: length)))
    entryCount &+= 1
    letterCount &+= length
    var slot = Int(truncatingIfNeeded: hash >> UInt64(64 - Self.slotBits))
    while slots[slot] != 0 { slot = (slot + 1) & ((1 << Self.slotBits) - 1) }
    slots[slot] =
      UInt32(truncatingIfNeeded: index + 1) << 12 | UInt32(truncatingIfNeeded: hash & 0xFFF)
    if flags.contains(.rejoins) { addPair(UnsafePointer(word), length, boundaries) }
    return index
  }

  /// Returns the entry of a word.
  ///
  /// - Parameters:
  ///   - word: Letter codes.
  ///   - length: How many.
  ///   - hash: Their finished hash.
  /// - Returns: The entry's index, or `nil` where the word is not known.
  @inline(__always)
  func find(_ word: UnsafePointer<UInt8>, _ length: Int, hash: UInt64) -> Int? {
    let tag = UInt32(truncatingIfNeeded: hash & 0xFFF)
    var slot = Int(truncatingIfNeeded: hash >> UInt64(64 - Self.slotBits))
    while slots[slot] != 0 {
      if slots[slot] & 0xFFF == tag {
        let index = Int(slots[slot] >> 12) &- 1
        if matches(index, word, length) { return index }
      }
      slot = (slot &+ 1) & ((1 << Self.slotBits) &- 1)
    }
    return nil
  }

  @inline(__always)
  private func matches(_ index: Int, _ word: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    guard Int(entries[index].length) == length else { return false }
    let known = letters + Int(entries[index].start)
    for offset in 0..<length where known[offset] != word[offset] { return false }
    return true
  }

  /// Returns the entry of a word whose hash is not known yet.
  ///
  /// - Parameter word: Letter codes.
  /// - Returns: The entry's index, or `nil` where the word is not known.
  func find(_ word: UnsafeBufferPointer<UInt8>) -> Int? {
    var hash = LetterHash.seed
    for code in word { hash = LetterHash.extend(hash, code) }
    return word.baseAddress.flatMap { find($0, word.count, hash: LetterHash.finish(hash)) }
  }

  private func find(_ word: [UInt8]) -> Int? { word.withUnsafeBufferPointer { find($0) } }

  /// Returns the letters of an entry.
  func word(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: letters + Int(entries[index].start), count: Int(entries[index].length))
  }

  private func resolve(_ pending: [(entry: Int, canonical: [UInt8])]) {
    for (index, canonical) in pending {
      if canonical.contains(0) {
        entries[index].lemma = UInt32(phrases.count)
        entries[index].flags.insert(.phrase)
        phrases += canonical + [255]
      } else if let lemma = find(canonical) {
        if lemma != index { entries[index].lemma = UInt32(lemma) }
      } else {
        let lemma = insert(canonical, boundaries: 0, flags: [], cost: 104)
        entries[index].lemma = UInt32(lemma)
      }
    }
    for (index, _) in pending where !entries[index].flags.contains(.phrase) {
      // A variant's lemma may itself be a plural or another variant.
      var lemma = Int(entries[index].lemma)
      for _ in 0..<4 {
        guard !entries[lemma].flags.contains(.phrase) else { break }
        lemma = Int(entries[lemma].lemma)
      }
      if entries[lemma].flags.contains(.phrase) {
        entries[index].flags.insert(.phrase)
        entries[index].lemma = entries[lemma].lemma
      } else {
        entries[index].lemma = UInt32(lemma)
        let flags = entries[index].flags
        let extra: UInt8 = flags.contains(.plural) ? 4 : flags.contains(.colloquial) ? 24 : 12
        entries[index].cost = min(250, entries[lemma].cost &+ extra)
        if entries[lemma].flags.contains(.adjective) { entries[index].flags.insert(.adjective) }
        if entries[lemma].flags.contains(.function) { entries[index].flags.insert(.function) }
      }
    }
  }

  /// The first letters of the endings of nouns.
  private let endingLetters = PersianLetters.codes("یهامتشنس")

  private func addPair(
    _ word: UnsafePointer<UInt8>, _ length: Int, _ boundaries: UInt32
  ) {
    for cut in 1..<max(length, 1) where boundaries >> UInt32(truncatingIfNeeded: cut) & 1 == 1 {
      guard cut <= WordKey.most else { continue }
      let first = PairFilter.first(WordKey(word, cut))
      let rest = WordKey(word + cut, min(length - cut, 3))
      pairs.add(first, PairFilter.second(rest))
      // A second part of two letters is followed by its endings (دانش جویان).
      guard length - cut == 2 else { continue }
      for letter in endingLetters {
        var longer = rest
        longer.append(letter, at: 2)
        pairs.add(first, PairFilter.second(longer))
      }
    }
  }
}

/// First parts that make new compounds freely, written by hand.
enum LexiconHeads {
  static let words = [
    "بی", "هم", "کم", "پر", "خوش", "بد", "نیک", "نیم", "پیش", "پس", "یک", "دو", "سه", "چهار", "پنج",
    "شش",
    "هفت", "هشت", "چند", "غیر", "ضد", "فوق", "تک", "به", "با",
  ]

  /// The words for numbers, of which longer ones are made with و.
  static let numerals = [
    "یک", "دو", "سه", "سو", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده",
    "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده", "بیست", "سی", "چهل", "پنجاه",
    "شصت", "هفتاد", "هشتاد", "نود", "صد", "یکصد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد",
    "هفتصد", "هشتصد", "نهصد", "هزار", "یکهزار", "میلیون", "میلیارد", "نیم", "ربع",
  ]

  /// The names of the Latin letters in Persian.
  static let latinLetters = [
    "ای", "بی", "سی", "دی", "اف", "جی", "اچ", "آی", "جی", "کی", "ال", "ام", "ان", "او", "پی", "کیو",
    "آر",
    "اس", "تی", "یو", "وی", "دبلیو", "ایکس", "وای", "زد", "اکس",
  ]
}
