// SPDX-License-Identifier: Apache-2.0

/// Cuts a text into words, joins the parts of words that stand apart, and emits their terms.
///
/// A space and every code point used for a half-space are one and the same soft boundary; anything
/// else that is not part of a word is a hard one. Across a soft boundary an ending joins the word
/// before it, a verb prefix the word after it, and the parts of a lexicon word each other.
struct PersianTokenizer {
  let text: UnsafeBufferPointer<UInt8>
  let cache: WordCache
  let state: UnsafeMutablePointer<WordCache.State>
  let lexicon: Lexicon
  /// Letter codes of the pending word and, after a 0, of the word that is being read.
  var codes: UnsafeMutablePointer<UInt8>
  /// How many of ``codes`` belong to the pending word; 0 where there is none.
  var pendingLength = 0
  var pendingHash: UInt64 = 0
  var pendingEntry: WordCache.Entry
  var pendingStart = 0
  var pendingEnd = 0
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
    state = cache.state
    lexicon = cache.lexicon
    codes = cache.codes
    pendingEntry = WordCache.Entry.none
  }

  /// Emits the tokens of the whole text.
  mutating func run(into tokens: inout TokenBuffer) {
    let classes = PersianLetters.shared.classes
    let count = text.count
    var newlines = 0
    while offset < count {
      let byte = text[offset]
      if byte == 0x20 {
        offset &+= 1
      } else if byte & 0xFC == 0xD8 {
        newlines = 0
        guard offset &+ 1 < count, text[offset &+ 1] & 0xC0 == 0x80 else {
          breakHard(into: &tokens)
          offset &+= 1
          continue
        }
        let code = classes[Int(byte & 3) << 6 | Int(text[offset &+ 1] & 0x3F)]
        if code &- 1 < PersianLetters.Class.lastLetter
          || (code == PersianLetters.Class.ezafe && text[offset &+ 1] != 0x94)
        {
          readWord(classes, into: &tokens)
        } else if code == PersianLetters.Class.digit {
          readNumber(into: &tokens)
        } else {
          if code < PersianLetters.Class.ignored || code > PersianLetters.Class.madda,
            code != PersianLetters.Class.ezafe
          {
            breakHard(into: &tokens)
          }
          offset &+= 2
        }
      } else if byte < 0x80 {
        readASCII(byte, &newlines, into: &tokens)
      } else {
        newlines = 0
        readOther(into: &tokens)
      }
    }
    flush(into: &tokens)
  }

  /// Reads a word of Arabic letters and joins it to the pending one, or makes it pending.
  @inline(__always)
  private mutating func readWord(
    _ classes: UnsafePointer<UInt8>, into tokens: inout TokenBuffer
  ) {
    let start = offset
    let base = pendingLength > 0 ? pendingLength &+ 1 : 0
    var length = 0
    var ezafe = -1
    var hash = LetterHash.seed
    let count = text.count
    let codes = codes + base
    var index = start
    while index &+ 1 < count {
      let byte = text[index]
      guard byte & 0xFC == 0xD8 else {
        if byte < 0x80 { break }
        offset = index
        guard readInnerMark(base, &length, &hash) else { break }
        index = offset
        continue
      }
      let second = text[index &+ 1]
      guard second & 0xC0 == 0x80 else { break }
      let code = classes[Int(byte & 3) << 6 | Int(second & 0x3F)]
      if code &- 1 < PersianLetters.Class.lastLetter {
        if length < Self.mostLetters {
          codes[length] = code
          length &+= 1
          hash = LetterHash.extend(hash, code)
        }
      } else if code == PersianLetters.Class.madda {
        if length > 0, codes[length &- 1] == PersianLetters.alef {
          codes[length &- 1] = PersianLetters.alefMadda
          hash = rehash(base, length)
        }
      } else if code == PersianLetters.Class.ezafe {
        // ۀ is ه with the mark; a mark after another letter is nothing to the word.
        if second != 0x94, length < Self.mostLetters {
          codes[length] = PersianLetters.he
          length &+= 1
          hash = LetterHash.extend(hash, PersianLetters.he)
        }
        ezafe = length
      } else if code != PersianLetters.Class.ignored {
        break
      }
      index &+= 2
    }
    offset = index
    if ezafe == length, length > 1, codes[length &- 1] == PersianLetters.he {
      finishEzafe(start, base, length, hash, into: &tokens)
    } else {
      finishWord(start, base, length, hash, into: &tokens)
    }
  }

  /// Ends a word whose ه carries the mark of the ezafe: خانهٔ is read as خانه‌ی.
  @inline(never)
  private mutating func finishEzafe(
    _ start: Int, _ base: Int, _ length: Int, _ hash: UInt64, into tokens: inout TokenBuffer
  ) {
    codes[base + length] = 0
    codes[base + length + 1] = PersianLetters.ye
    let marked = LetterHash.extend(LetterHash.extend(hash, 0), PersianLetters.ye)
    let entry = cache.entry(UnsafePointer(codes + base), length + 2, hash: marked)
    if entry.traits.contains(.rejected) {
      finishWord(start, base, length, hash, into: &tokens)
    } else {
      finishWord(start, base, length + 2, marked, into: &tokens)
    }
  }

  private func rehash(_ base: Int, _ length: Int) -> UInt64 {
    var hash = LetterHash.seed
    for index in base..<base + length { hash = LetterHash.extend(hash, codes[index]) }
    return hash
  }

  /// Reads an invisible mark or a presentation form inside a word; `false` at anything else.
  private mutating func readInnerMark(
    _ base: Int, _ length: inout Int, _ hash: inout UInt64
  ) -> Bool {
    let (scalar, size) = UTF8Scalars.decode(text, at: offset)
    if Self.isInvisible(scalar) {
      offset += size
      return true
    }
    guard let letters = Self.letters(ofForm: scalar) else { return false }
    for index in letters where length < Self.mostLetters {
      codes[base + length] = PersianLetters.shared.formLetters[index]
      hash = LetterHash.extend(hash, codes[base + length])
      length += 1
    }
    offset += size
    return true
  }

  /// Reads a word that begins with a presentation form.
  mutating func readFormWord(into tokens: inout TokenBuffer) {
    readWord(PersianLetters.shared.classes, into: &tokens)
  }

  /// Direction marks and the like, which are nothing to a word.
  static func isInvisible(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x200E, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0xFE00...0xFE0F: true
    default: false
    }
  }

  /// Where the letters of a presentation form stand, or `nil` where the scalar is none.
  static func letters(ofForm scalar: UInt32) -> Range<Int>? {
    let first = PersianLetters.firstForm
    guard scalar >= first, scalar < first + UInt32(PersianLetters.formCount) else { return nil }
    let index = Int(scalar - first)
    let starts = PersianLetters.shared.formStarts
    let range = Int(starts[index])..<Int(starts[index + 1])
    return range.isEmpty ? nil : range
  }

  @inline(__always)
  private mutating func finishWord(
    _ start: Int, _ base: Int, _ length: Int, _ hash: UInt64, into tokens: inout TokenBuffer
  ) {
    guard length > 0 else { return }
    if numberEnd >= 0 {
      if joinsNumber(start, base, length) { return }
      numberEnd = -1
    }
    let entry = cache.entry(UnsafePointer(codes + base), length, hash: hash)
    if pendingLength > 0 {
      if let joined = join(entry, base, length) {
        pendingEntry = joined
        pendingEnd = offset
        return
      }
      emit(pendingEntry, pendingStart, pendingEnd, into: &tokens)
      if pendingEntry.traits.contains(.vav), !entry.traits.contains(.verb) {
        emitVav(into: &tokens)
      }
      for index in 0..<length { codes[index] = codes[base &+ index] }
    }
    pendingLength = length
    pendingHash = hash
    pendingEntry = entry
    pendingStart = start
    pendingEnd = offset
  }

  /// The entry of the pending word and the one after it as one word, where they are one.
  @inline(__always)
  private mutating func join(
    _ second: WordCache.Entry, _ base: Int, _ length: Int
  ) -> WordCache.Entry? {
    let first = pendingEntry
    let isCandidate =
      second.traits.contains(.suffix) || first.traits.contains(.verbPrefix)
      || (lexicon.mayRejoin(pendingHash, second.beginning) && !second.traits.contains(.verb))
      || (first.traits.contains(.preverb) && second.traits.contains(.imperfective))
    guard isCandidate, base + length <= WordReader.longest + 8 else { return nil }
    codes[pendingLength] = 0
    var hash = LetterHash.extend(pendingHash, 0)
    for index in base..<base + length { hash = LetterHash.extend(hash, codes[index]) }
    let joined = cache.entry(UnsafePointer(codes), base + length, hash: hash)
    guard !joined.traits.contains(.rejected) else { return nil }
    pendingLength = base + length
    pendingHash = hash
    return joined
  }

  /// Emits the pending word, so that nothing joins it any more.
  @inline(__always)
  mutating func flush(into tokens: inout TokenBuffer) {
    if pendingLength > 0 {
      emit(pendingEntry, pendingStart, pendingEnd, into: &tokens)
      pendingLength = 0
    }
  }

  /// Ends the run of words that may join: at punctuation.
  @inline(__always)
  mutating func breakHard(into tokens: inout TokenBuffer) {
    flush(into: &tokens)
    numberEnd = -1
  }

  @inline(__always)
  private mutating func emit(
    _ entry: WordCache.Entry, _ start: Int, _ end: Int, into tokens: inout TokenBuffer
  ) {
    let bytes = state.pointee.bytes.base
    if entry.outputCount == 1 {
      let from = bytes + Int(entry.bytes) + Int(entry.keyLength)
      tokens.append(
        termAndForm: UnsafeBufferPointer(
          start: from, count: Int(entry.termLength) &+ Int(entry.formLength)),
        termLength: Int(entry.termLength),
        range: UInt32(truncatingIfNeeded: start)..<UInt32(truncatingIfNeeded: end),
        flags: entry.flags)
      return
    }
    let outputs = state.pointee.outputs.base + Int(entry.outputs)
    for number in 0..<Int(entry.outputCount) {
      let output = outputs[number]
      tokens.append(
        termAndForm: UnsafeBufferPointer(
          start: bytes + Int(output.bytes), count: Int(output.termLength) &+ Int(output.formLength)),
        termLength: Int(output.termLength), range: range(of: output, start, end),
        flags: output.flags)
    }
  }

  /// Emits the و at the end of the pending word as a word of its own.
  private mutating func emitVav(into tokens: inout TokenBuffer) {
    cache.term = [0xD9, 0x88]
    emitTerm(
      max(pendingEnd - 2, pendingStart)..<pendingEnd, flags: [.stopWord, .continuesWord],
      into: &tokens)
  }

  /// The bytes of the letters that a part of a word covers.
  private func range(of output: WordCache.Output, _ start: Int, _ end: Int) -> Range<UInt32> {
    let from = byteOffset(ofLetter: Int(output.start), from: start, to: end)
    let to = byteOffset(ofLetter: Int(output.end), from: start, to: end)
    let stop = output.end == 0 ? end : max(trimmed(from, to), from)
    return UInt32(truncatingIfNeeded: from)..<UInt32(truncatingIfNeeded: stop)
  }

  /// An end without the spaces and invisible marks before it.
  private func trimmed(_ from: Int, _ to: Int) -> Int {
    var end = to
    while end > from {
      var begin = end - 1
      while begin > from, text[begin] & 0xC0 == 0x80 { begin -= 1 }
      let (scalar, _) = UTF8Scalars.decode(text, at: begin)
      if Self.letters(ofForm: scalar) != nil { break }
      if scalar >= 0x600, scalar < 0x700,
        PersianLetters.shared.classes[Int(scalar) - 0x600] != PersianLetters.Class.breaks
      {
        break
      }
      end = begin
    }
    return end
  }

  /// Where the letter with a number begins; the end of the word where there are not so many.
  private func byteOffset(ofLetter number: Int, from start: Int, to end: Int) -> Int {
    var letter = 0
    var index = start
    while index < end {
      let (scalar, size) = UTF8Scalars.decode(text, at: index)
      if scalar >= 0x600, scalar < 0x700 {
        let code = PersianLetters.shared.classes[Int(scalar) - 0x600]
        let isHe = code == PersianLetters.Class.ezafe && scalar != 0x654
        if code &- 1 < PersianLetters.Class.lastLetter || isHe {
          if letter >= number { return index }
          letter += 1
        }
      } else if let letters = Self.letters(ofForm: scalar) {
        if letter >= number { return index }
        letter += letters.count
      }
      index += size
    }
    return end
  }
}
