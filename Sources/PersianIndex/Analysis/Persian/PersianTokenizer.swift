// SPDX-License-Identifier: Apache-2.0

/// Cuts a text into words, joins the parts of words that stand apart, and emits their terms.
///
/// A space and every code point used for a half-space are one and the same soft boundary; anything
/// else that is not part of a word is a hard one. Across a soft boundary an ending joins the word
/// before it, a verb prefix the word after it, and the parts of a lexicon word each other.
struct PersianTokenizer {
  /// A word of Persian letters and where it stands.
  struct Word {
    var entry: UnsafePointer<WordCache.Entry>
    var start: Int
    var end: Int
    /// The number of its letters and inner boundaries.
    var length: Int
    /// Whether its bytes are two for each letter and nothing else; otherwise its letter codes stand
    /// in memory.
    var isPlain: Bool
  }

  let text: UnsafeBufferPointer<UInt8>
  let cache: WordCache
  let lexicon: Lexicon
  let pairs: UnsafePointer<UInt8>
  let texts: UnsafeMutablePointer<WordCacheTexts>
  /// The word that the next one may still join.
  var pending: Word?
  /// A preverb before می or نمی, which is the pending word: the verb after it decides whether the
  /// three are one (بر می گردد).
  var held: Word?
  /// Whether there is a ``held`` word; asked far more often than not.
  var isHolding = false
  /// The letter codes of the pending word, if it is not plain.
  let codes: UnsafeMutablePointer<UInt8>
  /// The letter codes of the word that is being read, if it is not plain.
  let nextCodes: UnsafeMutablePointer<UInt8>
  var offset = 0
  /// Up to where no web or e-mail address begins, as an earlier look showed.
  var plainUntil = 0
  /// The end of a number that the next letters directly follow, or -1.
  var numberEnd = -1

  /// The most letters of a word that are kept; the rest of a longer run is skipped.
  static let mostLetters = 120

  init(text: UnsafeBufferPointer<UInt8>, cache: WordCache) {
    self.text = text
    self.cache = cache
    lexicon = cache.lexicon
    pairs = PersianLetters.shared.pairs
    texts = cache.texts
    codes = cache.codes
    nextCodes = cache.codes + 256
  }

  /// Emits the tokens of the whole text.
  mutating func run(into tokens: inout TokenBuffer) {
    guard let base = text.baseAddress else { return }
    let count = text.count
    let tokenCount = tokens.tokens.count
    var newlines = 0
    while offset < count {
      let byte = base[offset]
      if byte == 0x20 {
        offset &+= 1
      } else if byte & 0xFC == 0xD8 {
        newlines = 0
        guard offset &+ 1 < count, base[offset &+ 1] & 0xC0 == 0x80 else {
          breakHard(into: &tokens)
          offset &+= 1
          continue
        }
        let code = pairs[PersianLetters.pair(base[offset], base[offset &+ 1])]
        if code &- 1 < PersianLetters.Class.lastLetter {
          readWord(base, into: &tokens)
        } else {
          readSign(code, base[offset &+ 1], into: &tokens)
        }
      } else if byte < 0x80 {
        readASCII(byte, &newlines, into: &tokens)
      } else {
        newlines = 0
        if byte == 0xE2, offset &+ 2 < count, base[offset &+ 1] == 0x80, base[offset &+ 2] == 0x8C {
          offset &+= 3
        } else {
          readOther(into: &tokens)
        }
      }
    }
    flush(endsPhrase: tokens.tokens.count > tokenCount, into: &tokens)
  }

  /// Reads at a scalar of the Arabic block that is no letter.
  private mutating func readSign(
    _ code: UInt8, _ second: UInt8, into tokens: inout TokenBuffer
  ) {
    if code == PersianLetters.Class.ezafe, second != 0x94 {
      readMarkedWord(into: &tokens)
    } else if code == PersianLetters.Class.digit {
      readNumber(into: &tokens)
    } else {
      if code < PersianLetters.Class.ignored || code > PersianLetters.Class.madda,
        code != PersianLetters.Class.ezafe
      {
        breakHard(endsPhrase: true, into: &tokens)
      }
      offset &+= 2
    }
  }

  /// Emits the pending word, so that nothing joins it any more.
  @inline(never)
  mutating func flush(endsPhrase: Bool = false, into tokens: inout TokenBuffer) {
    if let word = pending {
      if isHolding { releaseHeld(into: &tokens) }
      let isHe = endsPhrase && word.entry.pointee.traits.contains(.eitherHe)
      emit(isHe ? entryAsHe(word) : word.entry, word.start, word.end, into: &tokens)
      pending = nil
    }
  }

  /// Ends the run of words that may join: at punctuation.
  ///
  /// - Parameters:
  ///   - endsPhrase: Whether no noun phrase goes on after it.
  ///   - tokens: Receives the pending word.
  @inline(__always)
  mutating func breakHard(endsPhrase: Bool = false, into tokens: inout TokenBuffer) {
    flush(endsPhrase: endsPhrase, into: &tokens)
    numberEnd = -1
  }

  /// Emits the preverb that waits for a verb.
  @inline(never)
  mutating func releaseHeld(into tokens: inout TokenBuffer) {
    if let word = held { emit(word.entry, word.start, word.end, into: &tokens) }
    held = nil
    isHolding = false
  }

  /// Emits an entry for the bytes of a word.
  @inline(__always)
  func emit(
    _ entry: UnsafePointer<WordCache.Entry>, _ start: Int, _ end: Int,
    into tokens: inout TokenBuffer
  ) {
    guard entry.pointee.isInline else {
      emitSpilled(entry, start, end, into: &tokens)
      return
    }
    let payload = UnsafeRawPointer(entry) + Self.payloadOffset
    tokens.append(
      termAndForm: payload, termLength: Int(entry.pointee.termLength),
      formLength: Int(entry.pointee.formLength),
      range: UInt32(truncatingIfNeeded: start)..<UInt32(truncatingIfNeeded: end),
      flags: entry.pointee.flags)
  }

  /// The entry of Xهای read as Xه‌ای, as a plural with an ezafe cannot end its phrase.
  ///
  /// Of 15,900 such words of prose that end one, all but 21 are Xه‌ای; before another word the
  /// frequencies of X and Xه decide.
  @inline(never)
  func entryAsHe(_ word: Word) -> UnsafePointer<WordCache.Entry> {
    guard word.isPlain else { return word.entry }
    let codes = nextCodes + 64
    loadLetters(of: word, to: codes)
    codes[word.length] = codes[word.length - 1]
    codes[word.length - 1] = PersianLetters.alef
    codes[word.length - 2] = 0
    return cache.entry(codes, word.length + 1)
  }

  /// Where the payload stands in an entry; a constant here, since the hot path reads it.
  private static var payloadOffset: Int { 32 }

  /// Emits a word with a long term, with several terms or with none.
  @inline(never)
  private func emitSpilled(
    _ place: UnsafePointer<WordCache.Entry>, _ start: Int, _ end: Int,
    into tokens: inout TokenBuffer
  ) {
    let entry = place.pointee
    let bytes = texts.pointee.bytes.base
    if entry.outputCount == 1 {
      tokens.append(
        termAndForm: bytes + Int(entry.payload.places.bytes), termLength: Int(entry.termLength),
        formLength: Int(entry.formLength),
        range: UInt32(truncatingIfNeeded: start)..<UInt32(truncatingIfNeeded: end),
        flags: entry.flags)
      return
    }
    let outputs = texts.pointee.outputs.base + Int(entry.payload.places.outputs)
    for number in 0..<Int(entry.outputCount) {
      let output = outputs[number]
      tokens.append(
        termAndForm: bytes + Int(output.bytes), termLength: Int(output.termLength),
        formLength: Int(output.formLength), range: range(of: output, start, end),
        flags: output.flags)
    }
  }

  /// Emits the و at the end of a word as a word of its own.
  mutating func emitVav(_ word: Word, into tokens: inout TokenBuffer) {
    cache.term = [0xD9, 0x88]
    emitTerm(
      max(word.end - 2, word.start)..<word.end, flags: [.stopWord, .continuesWord], into: &tokens)
  }
}
