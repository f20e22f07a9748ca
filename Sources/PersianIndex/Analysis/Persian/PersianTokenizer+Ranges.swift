// SPDX-License-Identifier: Apache-2.0

extension PersianTokenizer {
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

  /// The bytes of the letters that a part of a word covers.
  func range(of output: WordCache.Output, _ start: Int, _ end: Int) -> Range<UInt32> {
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
