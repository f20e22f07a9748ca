// SPDX-License-Identifier: Apache-2.0

/// Reads what was typed with the keyboard switched to the wrong language.
enum KeyboardLayout {
  /// The Latin keys of a keyboard of the United States and the letters that the standard Persian
  /// layout (ISIRI 9147) has on them.
  private static let keys: [(latin: Character, persian: Character)] = Array(
    zip("qwertyuiop[]asdfghjkl;'zxcvbnm,", "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو")
  ).map { (latin: $0, persian: $1) }

  private static let persianByLatin: [Character: Character] = {
    var table = Dictionary(uniqueKeysWithValues: keys.map { ($0.latin, $0.persian) })
    table["H"] = "آ"
    table["C"] = "ژ"
    table["\\"] = "ژ"
    table["M"] = "ئ"
    return table
  }()

  private static let latinByPersian: [Character: Character] = {
    var table = Dictionary(uniqueKeysWithValues: keys.map { ($0.persian, $0.latin) })
    table["آ"] = "h"
    table["ژ"] = "c"
    return table
  }()

  /// The Persian letters on the keys of a Latin text, as in `تاریخ` for `jhvdo`; `nil` where a
  /// character is not on such a key or the text has no Latin letter.
  static func persian(for text: String) -> String? {
    guard text.contains(where: { $0.isASCII && $0.isLetter }) else { return nil }
    return mapped(text) {
      persianByLatin[$0] ?? $0.lowercased().first.flatMap { persianByLatin[$0] }
    }
  }

  /// The Latin letters on the keys of a Persian text, as in `iran` for `هقشد`; `nil` where a
  /// character is not on such a key or the text has no Persian letter.
  static func latin(for text: String) -> String? {
    guard text.contains(where: { latinByPersian[$0] != nil }) else { return nil }
    return mapped(text) { latinByPersian[$0] }
  }

  private static func mapped(
    _ text: String, _ map: (Character) -> Character?
  ) -> String? {
    var result = ""
    for character in text {
      if character.isWhitespace || character.isNumber {
        result.append(character)
      } else if let other = map(character) {
        result.append(other)
      } else {
        return nil
      }
    }
    return result
  }
}
