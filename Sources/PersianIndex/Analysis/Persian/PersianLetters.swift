// SPDX-License-Identifier: Apache-2.0

/// The index alphabet: one code a letter, so that words are bytes that compare and hash at once.
///
/// Codes 1 to 33 are the letters of Persian; all spellings of one letter have its code. Codes from
/// 34 on are the letters of other languages in the Arabic block, which stand for themselves.
struct PersianLetters: @unchecked Sendable {
  // Unchecked because of the pointers: the tables are filled once and never change or go away.

  /// What a scalar of the Arabic block does, where it is not a letter.
  enum Class {
    static let breaks: UInt8 = 0
    static let lastPersian: UInt8 = 33
    static let lastLetter: UInt8 = 199
    static let ignored: UInt8 = 200
    static let madda: UInt8 = 201
    static let digit: UInt8 = 202
    static let decimalSeparator: UInt8 = 203
    static let thousandsSeparator: UInt8 = 204
    /// A hamza above, or ه with one, which stands for the ی of the ezafe.
    static let ezafe: UInt8 = 205
  }

  static let shared = PersianLetters()

  static let alphabet = "اآبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
  static let alef: UInt8 = 1
  static let alefMadda: UInt8 = 2
  static let be: UInt8 = 3
  static let te: UInt8 = 5
  static let re: UInt8 = 13
  static let mim: UInt8 = 29
  static let nun: UInt8 = 30
  static let vav: UInt8 = 31
  static let he: UInt8 = 32
  static let ye: UInt8 = 33

  /// The class or letter code of each scalar from U+0600 to U+06FF.
  let classes: UnsafePointer<UInt8>
  /// The same for each two bytes from 0xD8 0x00 on, by ``pair(_:_:)``; what is no scalar breaks.
  let pairs: UnsafePointer<UInt8>
  /// The two UTF-8 bytes of each letter code, little-endian.
  let utf8: UnsafePointer<UInt16>
  /// For each scalar from U+FB50 to U+FEFF, where its letters begin in ``formLetters``.
  let formStarts: UnsafePointer<UInt16>
  /// The letters of the presentation forms.
  let formLetters: UnsafePointer<UInt8>

  static let firstForm: UInt32 = 0xFB50
  static let formCount = 0xFF00 - 0xFB50

  private init() {
    let classes = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    let utf8 = UnsafeMutablePointer<UInt16>.allocate(capacity: 256)
    classes.initialize(repeating: Class.breaks, count: 256)
    utf8.initialize(repeating: 0, count: 256)
    func encode(_ scalar: UInt32) -> UInt16 {
      UInt16(0xC0 | scalar >> 6) | UInt16(0x80 | scalar & 0x3F) << 8
    }
    for (index, letter) in Self.alphabet.unicodeScalars.enumerated() {
      classes[Int(letter.value) - 0x600] = UInt8(index + 1)
      utf8[index + 1] = encode(letter.value)
    }
    func spell(_ variants: [Int], as code: UInt8) {
      for scalar in variants { classes[scalar - 0x600] = code }
    }
    spell([0x623, 0x625, 0x671], as: Self.alef)
    spell([0x622], as: Self.alefMadda)
    spell([0x624], as: Self.vav)
    spell([0x626, 0x64A, 0x649, 0x6D0, 0x6D2, 0x6CD], as: Self.ye)
    spell([0x643, 0x6AA], as: 26)
    spell([0x629, 0x6C3, 0x6C1, 0x6D5, 0x6BE], as: Self.he)
    var next = Class.lastPersian + 1
    for scalar in 0x620...0x6FF where classes[scalar - 0x600] == Class.breaks {
      if scalar == 0x6C0 || scalar == 0x6C2 { continue }
      let isMark =
        (0x64B...0x65F).contains(scalar) || (0x6D6...0x6ED).contains(scalar) || scalar == 0x670
      let isForeign =
        (0x620...0x64A).contains(scalar) || (0x66E...0x6D3).contains(scalar)
        || (0x6EE...0x6EF).contains(scalar) || (0x6FA...0x6FC).contains(scalar) || scalar == 0x6FF
      if scalar == 0x640 || scalar == 0x621 || isMark {
        classes[scalar - 0x600] = Class.ignored
      } else if isForeign {
        classes[scalar - 0x600] = next
        utf8[Int(next)] = encode(UInt32(scalar))
        next += 1
      }
    }
    for symbol in [0x6DD, 0x6DE, 0x6E9] { classes[symbol - 0x600] = Class.breaks }
    for mark in Array(0x610...0x61A) + [0x61C] { classes[mark - 0x600] = Class.ignored }
    classes[0x53] = Class.madda
    for scalar in [0x654, 0x6C0, 0x6C2] { classes[scalar - 0x600] = Class.ezafe }
    for digit in 0..<10 {
      classes[0x60 + digit] = Class.digit
      classes[0xF0 + digit] = Class.digit
    }
    classes[0x6B] = Class.decimalSeparator
    classes[0x6C] = Class.thousandsSeparator
    self.classes = UnsafePointer(classes)
    pairs = Self.pairs(classes)
    self.utf8 = UnsafePointer(utf8)
    (formStarts, formLetters) = Self.presentationForms(classes)
  }

  /// Where the class of a scalar in two bytes stands in ``pairs``; any two bytes have a place.
  @inline(__always)
  static func pair(_ first: UInt8, _ second: UInt8) -> Int {
    Int(first ^ 0xD8) &<< 8 | Int(second)
  }

  private static func pairs(_ classes: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    let pairs = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 16)
    pairs.initialize(repeating: Class.breaks, count: 1 << 16)
    for scalar in 0..<256 {
      pairs[pair(0xD8 | UInt8(scalar >> 6), 0x80 | UInt8(scalar & 0x3F))] = classes[scalar]
    }
    return UnsafePointer(pairs)
  }

  private static func presentationForms(
    _ classes: UnsafePointer<UInt8>
  ) -> (UnsafePointer<UInt16>, UnsafePointer<UInt8>) {
    let starts = UnsafeMutablePointer<UInt16>.allocate(capacity: formCount + 1)
    var letters: [UInt8] = []
    var next = 0
    let text = PresentationFormTables.mappings
    let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    for line in bytes.split(separator: 0x0A) {
      var scalar = 0
      for digit in line.prefix(4) {
        scalar = scalar << 4 | Int(digit < 0x41 ? digit - 0x30 : digit - 0x41 + 10)
      }
      let index = scalar - Int(firstForm)
      while next <= index {
        starts[next] = UInt16(letters.count)
        next += 1
      }
      let word = line.dropFirst(5)
      var offset = word.startIndex
      while offset + 1 < word.endIndex {
        letters.append(classes[Int(word[offset] & 3) << 6 | Int(word[offset + 1] & 0x3F)])
        offset += 2
      }
    }
    while next <= formCount {
      starts[next] = UInt16(letters.count)
      next += 1
    }
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: letters.count)
    copy.initialize(from: letters, count: letters.count)
    return (UnsafePointer(starts), UnsafePointer(copy))
  }

  /// Returns the letters of a word written in Persian letters; other scalars are left out.
  ///
  /// - Parameter word: The word, as in a hand-written table.
  /// - Returns: Letter codes.
  static func codes(_ word: some StringProtocol) -> [UInt8] {
    var result: [UInt8] = []
    for scalar in word.unicodeScalars where (0x600...0x6FF).contains(scalar.value) {
      let code = shared.classes[Int(scalar.value) - 0x600]
      if code > 0, code <= Class.lastLetter { result.append(code) }
    }
    return result
  }

  /// Returns a word of letter codes in UTF-8.
  ///
  /// - Parameter codes: Letter codes; a 0 becomes a half-space.
  /// - Returns: The word.
  static func string(_ codes: some Sequence<UInt8>) -> String {
    var bytes: [UInt8] = []
    for code in codes {
      if code == 0 {
        bytes += [0xE2, 0x80, 0x8C]
      } else {
        let pair = shared.utf8[Int(code)]
        bytes += [UInt8(pair & 0xFF), UInt8(pair >> 8)]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The hash of a word of letter codes, extended letter by letter.
enum LetterHash {
  static let seed: UInt64 = 0x243F_6A88_85A3_08D3

  @inline(__always)
  static func extend(_ hash: UInt64, _ code: UInt8) -> UInt64 {
    (hash ^ UInt64(code)) &* 0x9E37_79B9_7F4A_7C15
  }

  /// Spreads the last letter's bits over the whole hash.
  @inline(__always)
  static func finish(_ hash: UInt64) -> UInt64 {
    let mixed = (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
    return mixed ^ mixed >> 32
  }
}
