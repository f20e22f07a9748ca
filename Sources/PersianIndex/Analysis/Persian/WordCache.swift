// SPDX-License-Identifier: Apache-2.0

/// Remembers the readings of words, so that a word met again costs one look-up.
///
/// It belongs to one ``TokenBuffer`` and so to one thread at a time.
final class WordCache {
  /// One remembered word, in half a cache line.
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

  /// The words met, their terms, and a hash table over them.
  struct State {
    var entries = CacheArray<Entry>()
    var outputs = CacheArray<Output>()
    var bytes = CacheArray<UInt8>()
    var slots = CacheArray<Int32>()
    var slotMask = 0
  }

  private var reader: WordReader
  private let suffixes: Set<[UInt8]>
  private static let mostEntries = 1 << 18
  private let verbPrefixes: Set<[UInt8]>
  private let preverbs: Set<[UInt8]>
  private let imperfectives: Set<[UInt8]>

  init(lexicon: Lexicon) {
    self.lexicon = lexicon
    reader = WordReader(lexicon: lexicon)
    suffixes = lexicon.suffixes.tokens
    state.initialize(to: State())
    preverbs = Set(lexicon.verbs.preverbs)
    imperfectives = Set(["می", "نمی", "همی"].map(PersianLetters.codes))
    var joined = imperfectives
    for preverb in preverbs {
      for prefix in imperfectives { joined.insert(preverb + prefix) }
    }
    verbPrefixes = joined
    grow(to: 1 << 12)
  }

  deinit {
    codes.deallocate()
    reader.deallocate()
    state.pointee.entries.deallocate()
    state.pointee.outputs.deallocate()
    state.pointee.bytes.deallocate()
    state.pointee.slots.deallocate()
    state.deallocate()
  }

  /// Forgets every word where there are too many, so that memory stays bounded.
  ///
  /// It is called between texts, since entries are referred to by number within one.
  func trim() {
    guard state.pointee.entries.count > Self.mostEntries else { return }
    state.pointee.entries.count = 0
    state.pointee.outputs.count = 0
    state.pointee.bytes.count = 0
    for slot in 0...state.pointee.slotMask { state.pointee.slots.base[slot] = -1 }
  }

  /// Returns the number of a word's entry, reading the word if it is new.
  ///
  /// - Parameters:
  ///   - key: Letter codes, with 0 at soft boundaries.
  ///   - length: How many.
  ///   - hash: Their unfinished hash.
  /// - Returns: The entry's number.
  @inline(__always)
  func entry(_ key: UnsafePointer<UInt8>, _ length: Int, hash: UInt64) -> Int {
    let mask = state.pointee.slotMask
    let slots = state.pointee.slots.base
    let entries = state.pointee.entries.base
    let bytes = state.pointee.bytes.base
    var slot = Int(truncatingIfNeeded: hash >> 36) & mask
    while true {
      let index = Int(slots[slot])
      if index < 0 { break }
      if entries[index].hash == hash, Int(entries[index].keyLength) == length {
        let known = bytes + Int(entries[index].bytes)
        var offset = 0
        while offset < length, known[offset] == key[offset] { offset &+= 1 }
        if offset == length { return index }
      }
      slot = (slot &+ 1) & mask
    }
    return add(UnsafeBufferPointer(start: key, count: length), hash: hash)
  }

  @inline(never)
  private func add(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
    if state.pointee.entries.count * 2 >= state.pointee.slotMask {
      grow(to: (state.pointee.slotMask + 1) * 2)
    }
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
    let index = state.pointee.entries.count
    let start = state.pointee.bytes.count
    for code in key { state.pointee.bytes.append(code) }
    let parts = isOne ? reader.parts : []
    state.pointee.entries.append(
      Entry(
        hash: hash, bytes: UInt32(start), outputs: UInt32(state.pointee.outputs.count),
        beginning: Lexicon.beginning(word), traits: traits, keyLength: UInt8(key.count),
        outputCount: UInt8(parts.count), termLength: UInt8((parts.first?.termLength ?? 0) * 2),
        formLength: UInt8((parts.first?.formLength ?? 0) * 2), flags: parts.first?.flags ?? []))
    for part in parts { append(part, isOnly: parts.count == 1) }
    insert(index)
    return index
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

  private func insert(_ index: Int) {
    let mask = state.pointee.slotMask
    var slot = Int(truncatingIfNeeded: state.pointee.entries.base[index].hash >> 36) & mask
    while state.pointee.slots.base[slot] >= 0 { slot = (slot + 1) & mask }
    state.pointee.slots.base[slot] = Int32(truncatingIfNeeded: index)
  }

  private func grow(to count: Int) {
    state.pointee.slots.count = 0
    for _ in 0..<count { state.pointee.slots.append(-1) }
    state.pointee.slotMask = count - 1
    for index in 0..<state.pointee.entries.count { insert(index) }
  }
}

/// An array of plain values that grows and is read without checks.
struct CacheArray<Element> {
  private(set) var base: UnsafeMutablePointer<Element>
  private var capacity = 64
  var count = 0

  init() { base = .allocate(capacity: 64) }

  mutating func append(_ element: Element) {
    if count == capacity {
      let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
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
