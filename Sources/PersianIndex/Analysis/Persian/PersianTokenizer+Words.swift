// SPDX-License-Identifier: Apache-2.0

extension PersianTokenizer {
  /// Reads a word of Persian letters and joins it to the pending one, or makes it pending.
  ///
  /// This is the hot path: a word of at most eight plain letters is known by its bytes, which two
  /// registers hold, and its end is found without a branch for each letter.
  @inline(__always)
  mutating func readWord(
    _ base: UnsafePointer<UInt8>, into tokens: inout TokenBuffer
  ) {
    let start = offset
    if start &+ 16 < text.count {
      let bytes = UnsafeRawPointer(base + start)
      let low = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
      let high = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      let first = Self.letterBits(low)
      // Without branches, as the length of the next word is anybody's guess.
      let second = Self.letterBits(high) & (0 &- first &>> 6)
      let length = (first &+ second) &>> 4
      let end = start &+ length &* 2
      let next = base[end]
      if second < 64, next < 0x80 || endsWord(base, end, text.count &- 1) {
        var key = WordKey()
        key.low = low & UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- first)
        key.high = high & ((1 &<< UInt64(truncatingIfNeeded: second)) &- 1)
        if let entry = cache.plainEntry(key, base + start, length) {
          offset = end
          finish(
            Word(entry: entry, start: start, end: end, length: length, isPlain: true),
            into: &tokens)
          return
        }
      }
    }
    readLongWord(base, into: &tokens)
  }

  /// How many bits of four letters in two bytes each come before the first sign that is none.
  ///
  /// Signs of two bytes from 0xD8 to 0xDB count as letters, but for those from U+0600 to U+061F.
  @inline(__always)
  private static func letterBits(_ bytes: UInt64) -> Int {
    let others = (bytes & 0xC0FC_C0FC_C0FC_C0FC) ^ 0x80D8_80D8_80D8_80D8
    let isLetter = bytes | bytes &>> 1 | bytes &>> 13
    return (others | ~isLetter & 0x0001_0001_0001_0001).trailingZeroBitCount & ~15
  }

  /// Reads a word of at most sixteen plain letters, letter by letter.
  @inline(never)
  private mutating func readLongWord(
    _ base: UnsafePointer<UInt8>, into tokens: inout TokenBuffer
  ) {
    let start = offset
    let last = text.count &- 1
    var index = start
    var key = WordKey()
    var code: UInt8 = 0
    var length = 0
    while index < last, length < WordKey.most {
      code = pairs[PersianLetters.pair(base[index], base[index &+ 1])]
      guard code &- 1 < PersianLetters.Class.lastLetter else { break }
      key.append(code, at: length)
      length &+= 1
      index &+= 2
    }
    if index < last, base[index] >= 0x80, !endsWord(base, index, last) {
      readMarkedWord(into: &tokens)
      return
    }
    offset = index
    finish(
      Word(
        entry: cache.entry(key, length), start: start, end: index, length: length, isPlain: true),
      into: &tokens)
  }

  /// Whether a scalar outside ASCII surely ends the word before it: Persian punctuation, «, », the
  /// half-space, dashes.
  @inline(__always)
  private func endsWord(
    _ base: UnsafePointer<UInt8>, _ index: Int, _ last: Int
  ) -> Bool {
    switch base[index] {
    case 0xD8...0xDB:
      return index < last
        && pairs[PersianLetters.pair(base[index], base[index &+ 1])]
          == PersianLetters.Class.breaks
    case 0xC2: return true
    case 0xE2:
      guard index &+ 2 <= last, base[index &+ 1] == 0x80 else { return false }
      return base[index &+ 2] != 0x8E && base[index &+ 2] &- 0xAA > 4
    default: return false
    }
  }

  /// Reads a word letter by letter, with the marks, presentation forms and letters past the
  /// sixteenth that it may hold.
  @inline(never)
  mutating func readMarkedWord(into tokens: inout TokenBuffer) {
    let start = offset
    var length = 0
    var ezafe = -1
    let codes = nextCodes
    while offset < text.count {
      let byte = text[offset]
      guard byte & 0xFC == 0xD8 else {
        guard byte >= 0x80, readInnerMark(&length) else { break }
        continue
      }
      guard offset &+ 1 < text.count else { break }
      let second = text[offset &+ 1]
      let code = pairs[PersianLetters.pair(byte, second)]
      if code &- 1 < PersianLetters.Class.lastLetter {
        if length < Self.mostLetters {
          codes[length] = code
          length &+= 1
        }
      } else if code == PersianLetters.Class.madda {
        if length > 0, codes[length &- 1] == PersianLetters.alef {
          codes[length &- 1] = PersianLetters.alefMadda
        }
      } else if code == PersianLetters.Class.ezafe {
        // ۀ is ه with the mark; a mark after another letter is nothing to the word.
        if second != 0x94, length < Self.mostLetters {
          codes[length] = PersianLetters.he
          length &+= 1
        }
        ezafe = length
      } else if code != PersianLetters.Class.ignored {
        break
      }
      offset &+= 2
    }
    guard length > 0 else { return }
    if ezafe == length, length > 1, codes[length &- 1] == PersianLetters.he {
      // The mark of the ezafe on ه: خانهٔ is read as خانه‌ی.
      codes[length] = 0
      codes[length + 1] = PersianLetters.ye
      if !cache.entry(codes, length + 2).pointee.traits.contains(.rejected) { length += 2 }
    }
    finish(
      Word(
        entry: cache.entry(codes, length), start: start, end: offset, length: length,
        isPlain: false), into: &tokens)
  }

  /// Reads an invisible mark or a presentation form inside a word; `false` at anything else.
  private mutating func readInnerMark(_ length: inout Int) -> Bool {
    let (scalar, size) = UTF8Scalars.decode(text, at: offset)
    if Self.isInvisible(scalar) {
      offset += size
      return true
    }
    guard let letters = Self.letters(ofForm: scalar) else { return false }
    for index in letters where length < Self.mostLetters {
      nextCodes[length] = PersianLetters.shared.formLetters[index]
      length += 1
    }
    offset += size
    return true
  }

  /// Joins a word that has been read to the pending one, or emits that and makes it pending.
  @inline(__always)
  private mutating func finish(_ word: Word, into tokens: inout TokenBuffer) {
    if numberEnd >= 0 {
      if joinsNumber(word) { return }
      numberEnd = -1
    }
    if let before = pending {
      if mayJoin(before.entry, word.entry), join(before, word) {
        if isHolding { joinHeld(into: &tokens) }
        return
      }
      let after = word.entry.pointee.traits
      if before.entry.pointee.traits.contains(.preverb), after.contains(.imperfective),
        before.isPlain, word.isPlain
      {
        if isHolding { releaseHeld(into: &tokens) }
        held = before
        isHolding = true
        pending = word
        return
      }
      if isHolding { releaseHeld(into: &tokens) }
      var entry = before.entry
      if entry.pointee.traits.contains(.eitherHe), !after.isDisjoint(with: [.closesPhrase, .verb]) {
        entry = entryAsHe(before)
      }
      emit(entry, before.start, before.end, into: &tokens)
      if before.entry.pointee.traits.contains(.vav), !after.contains(.verb) {
        emitVav(before, into: &tokens)
      }
    }
    if !word.isPlain { codes.update(from: nextCodes, count: word.length) }
    pending = word
  }

  /// Whether the pending word and the one after it may be one word; `false` where they surely
  /// are not.
  @inline(__always)
  private func mayJoin(
    _ first: UnsafePointer<WordCache.Entry>, _ second: UnsafePointer<WordCache.Entry>
  ) -> Bool {
    let before = first.pointee.traits
    let after = second.pointee.traits
    if after.contains(.suffix) || before.contains(.verbPrefix) { return true }
    if before.contains(.beginsPair), after.contains(.endsPair) {
      if lexicon.pairs.mayRejoin(first.pointee.asFirst, second.pointee.asSecond) { return true }
    }
    return before.contains(.preverb) && after.contains(.imperfectiveVerb)
  }

  /// Joins a word to the pending one, if the two are one word.
  @inline(never)
  private mutating func join(_ before: Word, _ word: Word) -> Bool {
    let length = before.length + 1 + word.length
    guard length <= WordReader.longest + 8 else { return false }
    if before.isPlain { loadLetters(of: before, to: codes) }
    codes[before.length] = 0
    let rest = codes + before.length + 1
    if word.isPlain {
      loadLetters(of: word, to: rest)
    } else {
      rest.update(from: nextCodes, count: word.length)
    }
    let entry = cache.entry(codes, length)
    guard !entry.pointee.traits.contains(.rejected) else { return false }
    pending = Word(
      entry: entry, start: before.start, end: word.end, length: length, isPlain: false)
    return true
  }

  /// Joins the preverb that waits to the verb that is pending now, or emits it.
  @inline(never)
  private mutating func joinHeld(into tokens: inout TokenBuffer) {
    guard let preverb = held, let verb = pending, preverb.isPlain, !verb.isPlain else { return }
    let length = preverb.length + 1 + verb.length
    if verb.entry.pointee.traits.contains(.verb), length <= WordReader.longest {
      // The verb's letters stand in memory, as it has been joined of two words itself.
      let scratch = nextCodes
      loadLetters(of: preverb, to: scratch)
      scratch[preverb.length] = 0
      (scratch + preverb.length + 1).update(from: codes, count: verb.length)
      let entry = cache.entry(scratch, length)
      if !entry.pointee.traits.contains(.rejected) {
        codes.update(from: scratch, count: length)
        held = nil
        isHolding = false
        pending = Word(
          entry: entry, start: preverb.start, end: verb.end, length: length, isPlain: false)
        return
      }
    }
    releaseHeld(into: &tokens)
  }

  /// Writes the letter codes of a plain word to memory.
  func loadLetters(of word: Word, to codes: UnsafeMutablePointer<UInt8>) {
    for index in 0..<word.length {
      let place = word.start &+ index &* 2
      codes[index] = pairs[PersianLetters.pair(text[place], text[place &+ 1])]
    }
  }
}
