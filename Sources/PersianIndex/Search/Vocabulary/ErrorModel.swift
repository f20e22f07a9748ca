// SPDX-License-Identifier: Apache-2.0

/// What each slip of a writer costs when a written word is compared with one of the vocabulary.
///
/// Costs are tenths: 10 for one letter put for another that has nothing to do with it. The sum of
/// the slips' costs takes the place of a distance counted in letters (after Brill and Moore, "An
/// improved error model for noisy channel spelling correction", ACL 2000; the costs here are set by
/// kind of slip).
struct ErrorModel: Sendable {
  /// A symbol of what was written, read as any of the vocabulary's letters: the cost of each.
  struct Symbol: Sendable {
    /// The cost of reading it as each letter.
    var substitutions: [UInt8]
    /// The cost of its being too much.
    var deletion: UInt8
    /// The letter itself, for swapped and doubled ones; ``LetterCode/other`` where it is none.
    var letter: UInt8
  }

  /// The cost of each letter's having been left out.
  let insertions: [UInt8]
  /// The cost of a letter left out that stands beside its like.
  let undoubling: UInt8
  /// The cost of a letter written twice.
  let doubling: UInt8
  /// The cost of two neighbours swapped.
  let transposition: UInt8

  /// The symbols of a word as it was written.
  let symbols: [Symbol]
}

extension ErrorModel {
  /// The cost of a letter for any other: a slip of no known kind.
  private static let other: UInt8 = 12
  /// The cost of a letter too many, which is rarer than one left out.
  private static let superfluous: UInt8 = 11
  private static let omitted: UInt8 = 7
  private static let homophone: UInt8 = 4
  private static let lookalike: UInt8 = 6
  private static let neighbour: UInt8 = 7

  /// Letters that sound the same in Persian, or are one letter in other writers' habits.
  private static let homophones = [
    "زذضظ", "سصث", "تطة", "هحة", "قغ", "اآعأإء", "ئیء", "ؤو", "ؤئ",
  ]

  /// Letters that differ by their dots or strokes.
  private static let lookalikes = [
    "بپتث", "جچحخ", "دذ", "رزژ", "سش", "صض", "طظ", "عغ", "فق", "کگ", "نب", "یئ",
  ]

  /// The rows of the standard Persian keyboard (ISIRI 9147).
  static let keyboardRows = ["ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو"]

  /// The model of Persian writers' slips for a word in the letters of the vocabulary.
  static func slips(in word: [UInt8]) -> ErrorModel {
    var letters: [UInt8] = []
    LetterCode.append(word, to: &letters)
    return ErrorModel(
      insertions: [UInt8](repeating: omitted, count: LetterCode.count), undoubling: 5, doubling: 4,
      transposition: 6,
      symbols: letters.map {
        Symbol(substitutions: substitutions[Int($0)], deletion: superfluous, letter: $0)
      })
  }

  private static let substitutions: [[UInt8]] = {
    let count = LetterCode.count
    var table = [[UInt8]](
      repeating: [UInt8](repeating: other, count: count), count: count)
    func set(_ first: Unicode.Scalar, _ second: Unicode.Scalar, _ cost: UInt8) {
      let (a, b) = (Int(LetterCode.code(first)), Int(LetterCode.code(second)))
      guard a != b else { return }
      table[a][b] = min(table[a][b], cost)
      table[b][a] = min(table[b][a], cost)
    }
    for (groups, cost) in [(homophones, homophone), (lookalikes, lookalike)] {
      for group in groups {
        for first in group.unicodeScalars {
          for second in group.unicodeScalars { set(first, second, cost) }
        }
      }
    }
    let rows = keyboardRows.map { Array($0.unicodeScalars) }
    for (number, row) in rows.enumerated() {
      for (place, letter) in row.enumerated() {
        if place + 1 < row.count { set(letter, row[place + 1], neighbour) }
        guard number + 1 < rows.count else { continue }
        // Each row lies half a key to the right of the one above.
        for below in [place - 1, place] where rows[number + 1].indices.contains(below) {
          set(letter, rows[number + 1][below], neighbour)
        }
      }
    }
    for letter in 0..<count - 1 { table[letter][letter] = 0 }
    return table
  }()
}
