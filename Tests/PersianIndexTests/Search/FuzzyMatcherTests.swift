// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct FuzzyMatcherTests {
  /// The restricted Damerau-Levenshtein distance by its whole table.
  private func distance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
    var table = Array(
      repeating: Array(repeating: 0, count: second.count + 1), count: first.count + 1)
    for i in 0...first.count {
      for j in 0...second.count {
        if i == 0 || j == 0 {
          table[i][j] = i + j
          continue
        }
        table[i][j] = min(
          table[i - 1][j] + 1, table[i][j - 1] + 1,
          table[i - 1][j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1))
        if i > 1, j > 1, first[i - 1] == second[j - 2], first[i - 2] == second[j - 1] {
          table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
        }
      }
    }
    return table[first.count][second.count]
  }

  @Test(arguments: [0, 1, 2]) func `agrees with the whole table on sorted terms`(limit: Int) {
    var generator = SeededGenerator(seed: UInt64(limit))
    let alphabet = Array("ابپت".unicodeScalars) + ["a"]
    func word(_ count: Int) -> [Unicode.Scalar] {
      (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
    }
    func bytes(_ scalars: [Unicode.Scalar]) -> [UInt8] {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      return Array(String(text).utf8)
    }
    for _ in 0..<60 {
      let query = word(Int.random(in: 0...6, using: &generator))
      var terms = Set((0..<200).map { _ in bytes(word(Int.random(in: 1...7, using: &generator))) })
      terms.insert(bytes(query + word(1)))
      let sorted = terms.sorted { $0.lexicographicallyPrecedes($1) }
      var matcher = FuzzyMatcher(word: bytes(query), limit: limit)
      for term in sorted {
        let scalars = Array(String(decoding: term, as: UTF8.self).unicodeScalars)
        let expected = distance(query, scalars)
        switch matcher.measure(term[...]) {
        case .match(let found): #expect(found == expected)
        case .far: #expect(expected > limit)
        case .deadEnd(let count):
          for other in sorted where other.starts(with: term.prefix(count)) {
            let letters = Array(String(decoding: other, as: UTF8.self).unicodeScalars)
            #expect(distance(query, letters) > limit)
          }
        }
      }
    }
  }

  @Test func `فاصله به حرف شمرده می‌شود نه به بایت`() {
    var matcher = FuzzyMatcher(word: Array("کتاب".utf8), limit: 1)
    #expect(matcher.measure(Array("کباب".utf8)[...]) == .match(1))
    matcher = FuzzyMatcher(word: Array("کتاب".utf8), limit: 1)
    #expect(matcher.measure(Array("کاتب".utf8)[...]) == .match(1))
  }
}
