// SPDX-License-Identifier: Apache-2.0

/// Letters as small numbers, so that tables of costs are small.
enum LetterCode {
  /// The number of codes; the last stands for all letters that have none of their own.
  static let count = 80
  static let other = UInt8(count - 1)

  private static let persian = Array("ءآاأؤئإبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیة".unicodeScalars)

  private static let table: [UInt8] = {
    var table = [UInt8](repeating: other, count: 0x700)
    for (number, letter) in persian.enumerated() { table[Int(letter.value)] = UInt8(number) }
    for letter in UInt32(0x61)...0x7A {
      table[Int(letter)] = UInt8(persian.count) + UInt8(letter - 0x61)
    }
    for digit in UInt32(0x30)...0x39 {
      table[Int(digit)] = UInt8(persian.count + 26) + UInt8(digit - 0x30)
    }
    return table
  }()

  /// The code of a letter; other scripts than these two share one.
  static func code(_ letter: Unicode.Scalar) -> UInt8 {
    letter.value < 0x700 ? table[Int(letter.value)] : other
  }

  /// Appends the codes of a word in UTF-8.
  static func append(_ word: some Collection<UInt8>, to codes: inout [UInt8]) {
    var value: UInt32 = 0
    var left = 0
    for byte in word {
      if byte < 0x80 {
        codes.append(table[Int(byte)])
      } else if byte & 0xC0 == 0x80 {
        value = value << 6 | UInt32(byte & 0x3F)
        left -= 1
        if left == 0 { codes.append(value < 0x700 ? table[Int(value)] : other) }
      } else {
        left = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1
        value = UInt32(byte) & (0x3F >> UInt32(left))
      }
    }
  }
}
