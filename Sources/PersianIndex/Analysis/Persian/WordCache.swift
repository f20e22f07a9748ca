// SPDX-License-Identifier: Apache-2.0

/// Remembers the readings of words, so that a word met again costs one look-up.
///
/// It belongs to one ``TokenBuffer`` and so to one thread at a time.
final class WordCache {
  /// One remembered word.
  struct Entry {
    var hash: UInt64
    /// Where its letters begin in ``keys``.
    var key: UInt32
    /// Where its terms begin in ``outputs``.
    var output: UInt32
    var keyLength: UInt8
    var outputCount: UInt8
    var traits: Traits
    var beginning: UInt16
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
    /// The copula است, which joins participles alone.
    static let copula = Traits(rawValue: 8)
    /// Two words that are not one: what the cache remembers of a pair that stays apart.
    static let rejected = Traits(rawValue: 16)
    /// می or نمی.
    static let imperfective = Traits(rawValue: 32)
  }

  /// A term and its written form, ready to be copied.
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
  private(set) var entries: [Entry] = []
  private(set) var outputs: [Output] = []
  private(set) var bytes: [UInt8] = []
  private var keys: [UInt8] = []
  private var slots: [Int32]
  private var reader: WordReader
  private let suffixes: Set<[UInt8]>
  private static let mostEntries = 1 << 17
  private let verbPrefixes: Set<[UInt8]>
  private let preverbs: Set<[UInt8]>
  private let copula = PersianLetters.codes("است")
  private let imperfectives: Set<[UInt8]>

  init(lexicon: Lexicon) {
    self.lexicon = lexicon
    reader = WordReader(lexicon: lexicon)
    suffixes = lexicon.suffixes.tokens
    slots = [Int32](repeating: -1, count: 1 << 12)
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
  }

  /// Forgets every word where there are too many, so that memory stays bounded.
  ///
  /// It is called between texts, since entries are referred to by number within one.
  func trim() {
    guard entries.count > Self.mostEntries else { return }
    entries.removeAll(keepingCapacity: true)
    outputs.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    for slot in slots.indices { slots[slot] = -1 }
  }

  /// Returns the number of a word's entry, reading the word if it is new.
  ///
  /// - Parameters:
  ///   - key: Letter codes, with 0 at soft boundaries.
  ///   - hash: Their unfinished hash.
  @inline(__always)
  func entry(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash >> 40) & mask
    while true {
      let index = slots[slot]
      if index < 0 { return add(key, hash: hash) }
      let entry = entries[Int(index)]
      if entry.hash == hash, Int(entry.keyLength) == key.count, matches(entry, key) {
        return Int(index)
      }
      slot = (slot &+ 1) & mask
    }
  }

  @inline(__always)
  private func matches(_ entry: Entry, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    keys.withUnsafeBufferPointer { keys in
      for offset in 0..<key.count where keys[Int(entry.key) &+ offset] != key[offset] {
        return false
      }
      return true
    }
  }

  @inline(never)
  private func add(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
    if entries.count * 2 >= slots.count { grow() }
    let isOne = reader.read(key)
    var traits: Traits = isOne ? [] : .rejected
    let word = reader.word
    if !key.contains(0) {
      if suffixes.contains(word) { traits.insert(.suffix) }
      if verbPrefixes.contains(word) { traits.insert(.verbPrefix) }
      if preverbs.contains(word) { traits.insert(.preverb) }
      if imperfectives.contains(word) { traits.insert(.imperfective) }
      if word == copula { traits.insert(.copula) }
    } else if isOne, verbPrefixes.contains(word) {
      traits.insert(.verbPrefix)
    }
    let index = entries.count
    entries.append(
      Entry(
        hash: hash, key: UInt32(keys.count), output: UInt32(outputs.count),
        keyLength: UInt8(key.count), outputCount: isOne ? UInt8(reader.parts.count) : 0,
        traits: traits, beginning: Lexicon.beginning(word)))
    keys.append(contentsOf: key)
    if isOne { appendOutputs() }
    insert(index)
    return index
  }

  private func appendOutputs() {
    let utf8 = PersianLetters.shared.utf8
    for part in reader.parts {
      let start = bytes.count
      for code in reader.terms[part.termStart..<part.termStart + part.termLength] {
        let pair = utf8[Int(code)]
        bytes.append(UInt8(truncatingIfNeeded: pair))
        bytes.append(UInt8(truncatingIfNeeded: pair >> 8))
      }
      for code in reader.terms[part.formStart..<part.formStart + part.formLength] {
        let pair = utf8[Int(code)]
        bytes.append(UInt8(truncatingIfNeeded: pair))
        bytes.append(UInt8(truncatingIfNeeded: pair >> 8))
      }
      outputs.append(
        Output(
          bytes: UInt32(start), termLength: UInt8(part.termLength * 2),
          formLength: UInt8(part.formLength * 2), start: UInt8(part.start), end: UInt8(part.end),
          flags: part.flags))
    }
  }

  private func insert(_ index: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: entries[index].hash >> 40) & mask
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = Int32(index)
  }

  private func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for index in entries.indices { insert(index) }
  }
}
