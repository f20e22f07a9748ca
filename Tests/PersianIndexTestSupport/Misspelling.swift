// SPDX-License-Identifier: Apache-2.0

/// Makes the slips that Persian writers make.
package enum Misspelling {
  private static let homophones = ["زذضظ", "سصث", "تط", "هح", "قغ"]
  private static let rows = ["ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو"]

  /// Returns a word with one slip: a letter that sounds the same, a neighbouring key, a letter
  /// dropped, doubled or swapped with the next, each as likely where the word allows it.
  package static func random(
    of word: String, using generator: inout some RandomNumberGenerator
  ) -> String {
    var letters = Array(word)
    guard letters.count >= 3 else { return word }
    let place = Int.random(in: 0..<letters.count, using: &generator)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0:
      let places = letters.indices.filter { place in
        homophones.contains { $0.contains(letters[place]) }
      }
      guard let place = places.randomElement(using: &generator),
        let group = homophones.first(where: { $0.contains(letters[place]) }),
        let other = group.filter({ $0 != letters[place] }).randomElement(using: &generator)
      else { return word }
      letters[place] = other
    case 1:
      guard let row = rows.first(where: { $0.contains(letters[place]) }) else { return word }
      let keys = Array(row)
      guard let key = keys.firstIndex(of: letters[place]) else { return word }
      let near = [key - 1, key + 1].filter { keys.indices.contains($0) }
      guard let other = near.randomElement(using: &generator) else { return word }
      letters[place] = keys[other]
    case 2: letters.remove(at: place)
    case 3: letters.insert(letters[place], at: place)
    default:
      guard place + 1 < letters.count else { return word }
      letters.swapAt(place, place + 1)
    }
    return String(letters)
  }
}
