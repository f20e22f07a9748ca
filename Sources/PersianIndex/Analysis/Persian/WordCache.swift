// SPDX-License-Identifier: Apache-2.0

/// Remembers the readings of words, so that a word met again costs one look-up.
///
/// It belongs to one ``TokenBuffer`` and so to one thread at a time.
final class WordCache {
  /// One remembered word, in half a cache line; a place in the table is empty where ``isUsed`` is 0.
  struct Entry {
    var hash: UInt64
    /// Where its key begins in ``State/bytes``; the bytes of its terms and forms follow the key.
    var bytes: UInt32
    /// Where its outputs begin in ``State/outputs``, if it has several.
    var outputs: UInt32
    /// The word's first letters; see ``Lexicon/beginning(_:)``.
    var beginning: UInt32
    var traits: Traits
    var keyLength: UInt8
    var outputCount: UInt8
    /// The lengths and the flags of the only output of a word that has one.
    var termLength: UInt8
    var formLength: UInt8
    var flags: TokenFlags
    var isUsed: UInt8

    /// No word.
    static let none = Entry(
      hash: 0, bytes: 0, outputs: 0, beginning: 0, traits: [], keyLength: 0, outputCount: 0,
      termLength: 0, formLength: 0, flags: [], isUsed: 0)
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
    /// Two words that are not one: what the cache remembers of a pair that stays apart.
    static let rejected = Traits(rawValue: 16)
    /// می or نمی.
    static let imperfective = Traits(rawValue: 32)
    /// Read as a verb, and hardly the last part of a compound.
    static let verb = Traits(rawValue: 64)
    /// A noun with a و run on, which is a conjunction unless a verb follows (کارو رفاه).
    static let vav = Traits(rawValue: 128)
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
  /// Room for the letter codes of the pending word and the next.
  let codes = UnsafeMutablePointer<UInt8>.allocate(capacity: 512)
  /// The term that is being put together, for other tokens than Persian words.
  var term: [UInt8] = []
  /// The tables, behind a pointer so that the hot path reads them without checks.
  let state = UnsafeMutablePointer<State>.allocate(capacity: 1)

  /// The words met and their terms: a hash table whose places hold the entries themselves, so that
  /// a word met again costs one access to it and one to its bytes.
  struct State {
    var table: UnsafeMutablePointer<Entry>
    var mask: Int
    var count = 0
    var outputs = CacheArray<Output>()
    var bytes = CacheArray<UInt8>()

    init(places: Int) {
      table = .allocate(capacity: places)
      mask = places - 1
      clear()
    }

    /// Empties the table.
    mutating func clear() {
      UnsafeMutableRawPointer(table).initializeMemory(
        as: UInt8.self, repeating: 0, count: (mask + 1) * MemoryLayout<Entry>.stride)
      count = 0
      outputs.count = 0
      bytes.count = 0
    }
  }

  private var reader: WordReader
  private let suffixes: Set<[UInt8]>
  private static let mostEntries = (1 << 18) - 1
  private let verbPrefixes: Set<[UInt8]>
  private let preverbs: Set<[UInt8]>
  private let imperfectives: Set<[UInt8]>

  init(lexicon: Lexicon) {
    self.lexicon = lexicon
    reader = WordReader(lexicon: lexicon)
    suffixes = lexicon.suffixes.tokens
    state.initialize(to: State(places: 1 << 12))
    preverbs = Set(lexicon.verbs.preverbs)
    imperfectives = Set(["می", "نمی", "همی"].map(PersianLetters.codes))
    var joined = imperfectives
    for preverb in preverbs {
      for prefix in imperfectives { joined.insert(preverb + prefix) }
    }
    verbPrefixes = joined
  }

  deinit {
    codes.deallocate()
    reader.deallocate()
    state.pointee.table.deallocate()
    state.pointee.outputs.deallocate()
    state.pointee.bytes.deallocate()
    state.deallocate()
  }

  /// Forgets every word where there are too many, so that memory stays bounded.
  ///
  /// It is called between texts.
  func trim() {
    if state.pointee.count > Self.mostEntries { state.pointee.clear() }
  }

  /// Returns a word's entry, reading the word if it is new.
  ///
  /// - Parameters:
  ///   - key: Letter codes, with 0 at soft boundaries; 8 more bytes may be read.
  ///   - length: How many.
  ///   - hash: Their unfinished hash.
  /// - Returns: The entry.
  @inline(__always)
  func entry(_ key: UnsafePointer<UInt8>, _ length: Int, hash: UInt64) -> Entry {
    let mask = state.pointee.mask
    let table = state.pointee.table
    let bytes = state.pointee.bytes.base
    var place = Int(truncatingIfNeeded: hash >> 36) & mask
    while table[place].isUsed != 0 {
      if table[place].hash == hash, Int(table[place].keyLength) == length,
        Self.areEqual(bytes + Int(table[place].bytes), key, length)
      {
        return table[place]
      }
      place = (place &+ 1) & mask
    }
    return add(UnsafeBufferPointer(start: key, count: length), hash: hash)
  }

  /// Compares eight letters at a time; both places have room behind them.
  @inline(__always)
  private static func areEqual(
    _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ length: Int
  ) -> Bool {
    let first = UnsafeRawPointer(first)
    let second = UnsafeRawPointer(second)
    var offset = 0
    while true {
      let difference =
        first.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        ^ second.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let left = length &- offset
      if left <= 8 {
        return UInt64(littleEndian: difference) << UInt64((8 &- left) &* 8) == 0 || left == 0
      }
      if difference != 0 { return false }
      offset &+= 8
    }
  }

  @inline(never)
  private func add(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Entry {
    if state.pointee.count * 2 >= state.pointee.mask { grow() }
    let isOne = reader.read(key)
    var traits: Traits = isOne ? [] : .rejected
    let word = reader.word
    if !key.contains(0) {
      if suffixes.contains(word) { traits.insert(.suffix) }
      if verbPrefixes.contains(word) { traits.insert(.verbPrefix) }
      if preverbs.contains(word) { traits.insert(.preverb) }
      if imperfectives.contains(word) { traits.insert(.imperfective) }
    } else if isOne, verbPrefixes.contains(word) {
      traits.insert(.verbPrefix)
    }
    if isOne, reader.parts.count == 1 {
      switch reader.parts[0].reason {
      case .verb(_, let prefix, _, _):
        if prefix > 0 || word.last != PersianLetters.ye { traits.insert(.verb) }
      case .inflected(_, SuffixTable.vav, _):
        traits.insert(.vav)
      default:
        break
      }
    }
    let start = state.pointee.bytes.count
    for code in key { state.pointee.bytes.append(code) }
    let parts = isOne ? reader.parts : []
    let entry = Entry(
      hash: hash, bytes: UInt32(start), outputs: UInt32(state.pointee.outputs.count),
      beginning: Lexicon.beginning(word), traits: traits, keyLength: UInt8(key.count),
      outputCount: UInt8(parts.count), termLength: UInt8((parts.first?.termLength ?? 0) * 2),
      formLength: UInt8((parts.first?.formLength ?? 0) * 2), flags: parts.first?.flags ?? [],
      isUsed: 1)
    for part in parts { append(part, isOnly: parts.count == 1) }
    insert(entry)
    state.pointee.count += 1
    return entry
  }

  private func append(_ part: WordReader.Part, isOnly: Bool) {
    let start = state.pointee.bytes.count
    append(reader.terms[part.termStart..<part.termStart + part.termLength])
    append(reader.terms[part.formStart..<part.formStart + part.formLength])
    guard !isOnly else { return }
    state.pointee.outputs.append(
      Output(
        bytes: UInt32(start), termLength: UInt8(part.termLength * 2),
        formLength: UInt8(part.formLength * 2), start: UInt8(part.start), end: UInt8(part.end),
        flags: part.flags))
  }

  private func append(_ codes: ArraySlice<UInt8>) {
    let utf8 = PersianLetters.shared.utf8
    for code in codes {
      let pair = utf8[Int(code)]
      state.pointee.bytes.append(UInt8(truncatingIfNeeded: pair))
      state.pointee.bytes.append(UInt8(truncatingIfNeeded: pair >> 8))
    }
  }

  private func insert(_ entry: Entry) {
    let mask = state.pointee.mask
    var place = Int(truncatingIfNeeded: entry.hash >> 36) & mask
    while state.pointee.table[place].isUsed != 0 { place = (place + 1) & mask }
    state.pointee.table[place] = entry
  }

  private func grow() {
    let table = state.pointee.table
    let places = state.pointee.mask + 1
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: places * 2)
    UnsafeMutableRawPointer(larger).initializeMemory(
      as: UInt8.self, repeating: 0, count: places * 2 * MemoryLayout<Entry>.stride)
    state.pointee.table = larger
    state.pointee.mask = places * 2 - 1
    for place in 0..<places where table[place].isUsed != 0 { insert(table[place]) }
    table.deallocate()
  }
}

/// An array of plain values that grows and is read without checks; it keeps room for 16 more.
struct CacheArray<Element> {
  private(set) var base: UnsafeMutablePointer<Element>
  private var capacity = 64 - 16
  var count = 0

  init() { base = .allocate(capacity: 64) }

  mutating func append(_ element: Element) {
    if count == capacity {
      let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2 + 16)
      larger.moveInitialize(from: base, count: count)
      base.deallocate()
      base = larger
      capacity *= 2
    }
    (base + count).initialize(to: element)
    count += 1
  }

  func deallocate() { base.deallocate() }
}
