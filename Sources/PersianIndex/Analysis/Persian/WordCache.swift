// SPDX-License-Identifier: Apache-2.0

/// Remembers the readings of words, so that a word met again costs one look-up.
///
/// It belongs to one ``TokenBuffer`` and so to one thread at a time.
final class WordCache {
  /// One remembered word, a cache line long, so that a word met again touches one line alone.
  struct Entry {
    /// The word: its bytes, its packed letters, or a hash of them.
    var key: WordKey
    /// The word as the first and as the second of a pair; see ``PairFilter``.
    var asFirst: UInt32
    var asSecond: UInt32
    var traits: Traits
    var outputCount: UInt8
    /// The lengths in bytes of the first output, and its flags.
    var termLength: UInt8
    var formLength: UInt8
    var flags: TokenFlags
    /// Whether the bytes of the only output stand in ``payload``.
    var isInline: Bool
    /// The term and the form of the only output.
    ///
    /// If they are longer, or if there are more outputs: where their bytes, the other outputs, and
    /// the letters of a long word begin.
    var payload: Payload
  }

  /// Thirty-two bytes that are either text or three places.
  struct Payload {
    var places: (bytes: UInt32, outputs: UInt32, letters: UInt32, unused: UInt32) = (0, 0, 0, 0)
    var rest: (UInt64, UInt64) = (0, 0)
  }

  /// What context wants to know of a word.
  struct Traits: OptionSet {
    let rawValue: UInt16
    /// An ending written as a word of its own.
    static let suffix = Traits(rawValue: 1)
    /// A verb prefix written as a word of its own (می, نمی, برمی).
    static let verbPrefix = Traits(rawValue: 2)
    /// A preverb written as a word of its own.
    static let preverb = Traits(rawValue: 4)
    /// The first part of a word that the lexicon writes joined, perhaps.
    static let beginsPair = Traits(rawValue: 8)
    /// Two words that are not one: what the cache remembers of a pair that stays apart.
    static let rejected = Traits(rawValue: 16)
    /// می or نمی.
    static let imperfective = Traits(rawValue: 32)
    /// Read as a verb, and hardly the last part of a compound.
    static let verb = Traits(rawValue: 64)
    /// A noun with a و run on, which is a conjunction unless a verb follows (کارو رفاه).
    static let vav = Traits(rawValue: 128)
    /// The second part of a word that the lexicon writes joined, perhaps, and no verb.
    static let endsPair = Traits(rawValue: 256)
    /// Xهای, which is X‌های or Xه‌ای, as what follows decides.
    static let eitherHe = Traits(rawValue: 512)
    /// A word that no noun with an ezafe stands before: a conjunction, a preposition, را.
    static let closesPhrase = Traits(rawValue: 1024)
    /// A verb with می or نمی.
    static let imperfectiveVerb = Traits(rawValue: 2048)
  }

  /// One of several terms of a word, with its written form.
  struct Output {
    var bytes: UInt32
    var termLength: UInt8
    var formLength: UInt8
    var start: UInt8
    var end: UInt8
    var flags: TokenFlags
  }

  let lexicon: Lexicon
  /// Room for the letter codes of the pending word and the next, for those that are not plain.
  let codes = UnsafeMutablePointer<UInt8>.allocate(capacity: 512)
  /// The term that is being put together, for other tokens than Persian words.
  var term: [UInt8] = []
  /// Terms that entries have no room for.
  let texts: UnsafeMutablePointer<WordCacheTexts>
  /// Words of at most eight plain letters by their bytes, and all others by their letters; behind
  /// pointers so that the hot path reads them without checks.
  private let plain: UnsafeMutablePointer<WordCacheTable>
  private let words: UnsafeMutablePointer<WordCacheTable>
  private var reader: WordReader
  private let wordTraits: WordTraits
  private static let mostEntries = (1 << 18) - 1

  init(lexicon: Lexicon) {
    self.lexicon = lexicon
    reader = WordReader(lexicon: lexicon)
    wordTraits = WordTraits(lexicon: lexicon)
    texts = .allocate(capacity: 1)
    texts.initialize(to: WordCacheTexts())
    plain = .allocate(capacity: 1)
    plain.initialize(to: WordCacheTable(places: 1 << 8))
    words = .allocate(capacity: 1)
    words.initialize(to: WordCacheTable(places: 1 << 8))
  }

  deinit {
    codes.deallocate()
    reader.deallocate()
    for table in [plain, words] {
      table.pointee.deallocate()
      table.deinitialize(count: 1)
      table.deallocate()
    }
    texts.pointee.deallocate()
    texts.deallocate()
  }

  /// Forgets every word where there are too many, so that memory stays bounded.
  ///
  /// It is called between texts; pointers to entries are not valid any more after it.
  func trim() {
    plain.pointee.freeOutgrown()
    words.pointee.freeOutgrown()
    if plain.pointee.count + words.pointee.count > Self.mostEntries {
      plain.pointee.clear()
      words.pointee.clear()
      texts.pointee.clear()
    }
  }

  /// Returns the entry of a word of at most eight letters in two bytes each.
  ///
  /// - Parameters:
  ///   - key: Its bytes.
  ///   - bytes: Where they stand.
  ///   - length: The number of its letters.
  /// - Returns: The entry, valid until ``trim()``; `nil` where a mark is among the letters.
  @inline(__always)
  func plainEntry(
    _ key: WordKey, _ bytes: UnsafePointer<UInt8>, _ length: Int
  ) -> UnsafePointer<Entry>? {
    plain.pointee.find(key) ?? addPlain(key, bytes, length)
  }

  @inline(never)
  private func addPlain(
    _ key: WordKey, _ bytes: UnsafePointer<UInt8>, _ length: Int
  ) -> UnsafePointer<Entry>? {
    var letters = WordKey()
    for index in 0..<length {
      let pair = PersianLetters.pair(bytes[index * 2], bytes[index * 2 + 1])
      let code = PersianLetters.shared.pairs[pair]
      guard code &- 1 < PersianLetters.Class.lastLetter else { return nil }
      letters.append(code, at: index)
    }
    var entry = read(letters, length)
    entry.key = key
    return plain.pointee.insert(entry)
  }

  /// Returns the entry of a packed word, reading the word if it is new.
  ///
  /// - Parameters:
  ///   - key: The word.
  ///   - length: The number of its codes.
  /// - Returns: The entry, valid until ``trim()``.
  func entry(_ key: WordKey, _ length: Int) -> UnsafePointer<Entry> {
    words.pointee.find(key) ?? words.pointee.insert(read(key, length))
  }

  /// Returns the entry of a word of any length.
  ///
  /// - Parameters:
  ///   - codes: The word's letter codes, with 0 at soft boundaries.
  ///   - length: How many.
  /// - Returns: The entry, valid until ``trim()``.
  func entry(_ codes: UnsafePointer<UInt8>, _ length: Int) -> UnsafePointer<Entry> {
    if length <= WordKey.most { return entry(WordKey(codes, length), length) }
    let letters = UnsafeBufferPointer(start: codes, count: length)
    let key = WordKey(hashOf: letters)
    let known = words.pointee.find(key) { entry in
      let stored = texts.pointee.bytes.base + Int(entry.payload.places.letters)
      return letters.elementsEqual(UnsafeBufferPointer(start: stored, count: length))
    }
    return known ?? words.pointee.insert(read(letters, key))
  }

  private func read(_ key: WordKey, _ length: Int) -> Entry {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: WordKey.most) { codes in
      if let base = codes.baseAddress { key.store(to: base) }
      return read(UnsafeBufferPointer(rebasing: codes[..<length]), key)
    }
  }

  /// Reads a word.
  private func read(_ letters: UnsafeBufferPointer<UInt8>, _ key: WordKey) -> Entry {
    let isOne = reader.read(letters)
    let parts = isOne ? reader.parts : []
    let first = parts.first
    let length = ((first?.termLength ?? 0) + (first?.formLength ?? 0)) * 2
    let isShort = letters.count <= WordKey.most
    let word = isShort ? WordKey(reader.word) : WordKey()
    var entry = Entry(
      key: key, asFirst: PairFilter.first(word), asSecond: PairFilter.second(word),
      traits: isOne ? wordTraits.traits(of: letters, word, reader) : .rejected,
      outputCount: UInt8(parts.count), termLength: UInt8((first?.termLength ?? 0) * 2),
      formLength: UInt8((first?.formLength ?? 0) * 2), flags: first?.flags ?? [],
      isInline: parts.count == 1 && length <= TokenBuffer.copiedBytes && isShort,
      payload: Payload())
    if entry.isInline, let first {
      let utf8 = PersianLetters.shared.utf8
      withUnsafeMutableBytes(of: &entry.payload) { payload in
        let codes = reader.terms[first.termStart..<first.formStart + first.formLength]
        for (place, code) in codes.enumerated() {
          let pair = utf8[Int(code)].littleEndian
          payload.storeBytes(of: pair, toByteOffset: place * 2, as: UInt16.self)
        }
      }
    } else {
      entry.payload.places = texts.pointee.store(parts, reader.terms, isShort ? nil : letters)
    }
    return entry
  }
}
