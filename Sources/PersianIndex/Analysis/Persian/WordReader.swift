// SPDX-License-Identifier: Apache-2.0

/// Finds the reading of one word: its lemma, or the words it was run together from.
///
/// A word is given as letter codes with a 0 where the text has a half-space or a space; a reading
/// may use such a boundary but is not bound to it. Words are read once and remembered by
/// ``WordCache``, so this code is not the hot path.
struct WordReader {
  /// A term that a word gives, with the letters of the word that it covers.
  struct Part {
    var start: Int
    var end: Int
    /// Where the term begins in ``terms``.
    var termStart: Int
    var termLength: Int
    /// Where the written form begins in ``terms``.
    var formStart: Int
    var formLength: Int
    var flags: TokenFlags
    var reason: Reason
  }

  /// Why a word was read as it was.
  enum Reason: Sendable, Equatable {
    case unknown
    case word(entry: Int)
    case inflected(entry: Int, suffix: Int, from: Int)
    case infinitive(suffix: Int, from: Int)
    case verb(lemma: Int, prefix: Int, stemStart: Int, stemEnd: Int)
    case stripped(suffix: Int, from: Int)
    case phrase(entry: Int)
  }

  /// A reading of a stretch of letters as one word.
  struct Candidate {
    var cost: Int
    var reason: Reason
    var preverbLength = 0
    /// A participle with a copula, which is hardly a noun.
    var isPerfect = false
    /// Like it, but so that a noun is likely too (نوشته‌ای, خسته‌ام).
    var isWeakPerfect = false
  }

  static let longest = 40
  static let side = 42
  let lexicon: Lexicon
  var parts: [Part] = []
  var terms: [UInt8] = []
  let letters = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
  var count = 0
  var boundaries: UInt64 = 0
  /// Lexicon entries of all stretches of the word; -1 where there is none.
  let found = UnsafeMutablePointer<Int32>.allocate(capacity: side * side)
  /// The rows of ``found`` that are filled, a bit each.
  var filled: UInt64 = 0
  /// For each place in the word, where the endings of nouns and of verbs, and the stems of verbs,
  /// that begin there may end, a bit each.
  let marksOfSuffixes = UnsafeMutablePointer<UInt64>.allocate(capacity: side)
  let marksOfEndings = UnsafeMutablePointer<UInt64>.allocate(capacity: side)
  let marksOfStems = UnsafeMutablePointer<UInt64>.allocate(capacity: side)
  /// The cost of the best way to each place of a stretch that is being split, and its last cut.
  let pathCosts = UnsafeMutablePointer<Int>.allocate(capacity: side)
  let pathCuts = UnsafeMutablePointer<Int>.allocate(capacity: side)
  var isPrepared = false
  /// Whether the whole word was read as a compound whose parts, written apart, are joined again.
  var isJoinedCompound = false
  let prefixes: [[UInt8]]
  let prefixSet: LetterSet
  let preverbs: [[UInt8]]
  let verbCosts: [Int]
  let entries: UnsafeMutablePointer<Lexicon.Entry>
  let suffixes: LetterTable<SuffixTable.Suffix>
  let stems: LetterTable<VerbStems.Stem>
  let endings: LetterTable<VerbStems.Ending>
  let impersonal: LetterSet
  /// است, which joins a participle alone.
  let copula: [UInt8]
  let definite: [UInt8]

  init(lexicon: Lexicon) {
    self.lexicon = lexicon
    prefixes = [[]] + VerbTables.prefixes.map(PersianLetters.codes)
    prefixSet = LetterSet(VerbTables.prefixes)
    entries = lexicon.entries
    suffixes = lexicon.suffixes.table
    stems = lexicon.verbs.stems
    endings = lexicon.verbs.endings
    preverbs = lexicon.verbs.preverbs
    verbCosts = lexicon.verbs.costs.map(Int.init)
    copula = PersianLetters.codes("است")
    definite = PersianLetters.codes("ال")
    impersonal = LetterSet(VerbTables.impersonal)
  }

  /// The letters of the word that was read last, without boundaries.
  var word: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: letters, count: count) }

  /// Frees the reader's memory; it must not be used any more.
  func deallocate() {
    letters.deallocate()
    found.deallocate()
    marksOfSuffixes.deallocate()
    marksOfEndings.deallocate()
    marksOfStems.deallocate()
    pathCosts.deallocate()
    pathCuts.deallocate()
  }

  /// Reads a word.
  ///
  /// - Parameter key: Letter codes, with 0 at soft boundaries.
  /// - Returns: Whether no term begins at the last boundary, which is to say that the word before
  ///   it and the word after it are one; always `true` where there is no boundary.
  mutating func read(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    parts.removeAll(keepingCapacity: true)
    terms.removeAll(keepingCapacity: true)
    count = 0
    filled = 0
    isPrepared = false
    isJoinedCompound = false
    boundaries = 0
    var isForeign = false
    var last = 0
    for code in key {
      if code == 0 {
        last = count
        if last < 64 { boundaries |= 1 << UInt64(last) }
      } else {
        isForeign = isForeign || code > PersianLetters.Class.lastPersian
        letters[count] = code
        count += 1
      }
    }
    if isForeign || count > Self.longest {
      if last > 0 { return false }
      appendLiteral(0, count)
      return true
    }
    analyze(0, count)
    if last == 0 || isJoinedCompound { return true }
    let chunk = stretch(last, count)
    for part in parts where part.start <= last && last < part.end {
      guard part.start < last, explains(part, boundary: last, chunk) else { return false }
      return !breaksWord(part, last)
    }
    return true
  }

  /// Whether a noun that reaches across a boundary breaks the word after it: آن جانوران is not
  /// آنجا and the rest, nor دریا دارای an inflected دریادار.
  private mutating func breaksWord(_ part: Part, _ boundary: Int) -> Bool {
    switch part.reason {
    case .word:
      return part.end < count
    case .inflected(_, let suffix, let from):
      if part.end < count { return true }
      // The written plurals and ی are surer than a word that looks like one (دانش جویان).
      guard boundary < from, suffix > SuffixTable.ezafe, let alone = whole(boundary, count) else {
        return false
      }
      switch alone.reason {
      case .word(let entry): return entries[entry].cost <= 4 * 18
      case .inflected(let entry, _, let cut):
        return cut > from && entries[entry].cost <= 4 * 18
      default: return false
      }
    default:
      return false
    }
  }

  /// Whether a reading has a reason to reach across a boundary before a last stretch of letters.
  func explains(_ part: Part, boundary: Int, _ chunk: UnsafeBufferPointer<UInt8>) -> Bool {
    switch part.reason {
    case .unknown:
      return false
    case .word(let index), .phrase(let index):
      return entries[index].boundaries >> UInt32(boundary - part.start) & 1 == 1
    case .inflected(let index, _, let from):
      if boundary < from {
        return entries[index].boundaries >> UInt32(boundary - part.start) & 1 == 1
      }
      if lexicon.suffixes.adjectiveTokens.contains(chunk),
        !entries[index].flags.contains(.adjective)
      {
        return false
      }
      return !chunk.elementsEqual(copula) && lexicon.suffixes.tokens.contains(chunk)
    case .stripped, .infinitive:
      return !lexicon.suffixes.adjectiveTokens.contains(chunk) && !chunk.elementsEqual(copula)
        && lexicon.suffixes.tokens.contains(chunk)
    case .verb(_, _, let stemStart, _):
      return boundary <= stemStart || lexicon.suffixes.tokens.contains(chunk)
    }
  }
}
