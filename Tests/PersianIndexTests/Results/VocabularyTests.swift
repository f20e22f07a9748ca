// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct VocabularyTests {
  private let vocabulary = Vocabulary(
    words: [
      ("تاریخ", 900), ("تعاونی", 300), ("تعاون", 120), ("کتاب", 1_000), ("کتابخانه", 200),
      ("کتابها", 500), ("ایران", 2_000), ("صندلی", 40), ("غذا", 80), ("قضا", 60), ("iran", 5),
      ("نرم", 90), ("افزار", 70), ("زبان", 100), ("خوب", 400), ("مدرسه", 150), ("سلام", 60),
    ], analyzer: WhitespaceAnalyzer())

  @Test func `کامل کردن بر پایهٔ بسامد`() {
    #expect(vocabulary.completions(of: "کتا").map(\.text) == ["کتاب", "کتابها", "کتابخانه"])
    #expect(vocabulary.completions(of: "كتا", limit: 1).map(\.documentCount) == [1_000])
    #expect(vocabulary.completions(of: "تاریخ ایر").map(\.text) == ["ایران"])
    #expect(vocabulary.completions(of: "ژژ").isEmpty)
    #expect(vocabulary.completions(of: "").isEmpty)
    #expect(vocabulary.completions(of: "ک", limit: 0).isEmpty)
  }

  @Test func `completions agree with sorting all words that begin so`() {
    var generator = SeededGenerator(seed: 4)
    let letters = Array("ابپتج")
    var counts: [String: Int] = [:]
    for _ in 0..<2_000 {
      let length = Int.random(in: 1...6, using: &generator)
      let word = String((0..<length).map { _ in letters[Int.random(in: 0..<5, using: &generator)] })
      counts[word] = Int.random(in: 1...50, using: &generator)
    }
    let vocabulary = Vocabulary(
      words: counts.map { ($0.key, $0.value) }, analyzer: WhitespaceAnalyzer())
    for prefix in ["ا", "اب", "پ", "جج", "ابپ"] {
      let expected = counts.filter { $0.key.hasPrefix(prefix) }.sorted {
        $0.value != $1.value
          ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
      }.prefix(12).map(\.key)
      #expect(vocabulary.completions(of: prefix, limit: 12).map(\.text) == expected)
    }
  }

  @Test(arguments: [
    ("تاریح", "تاریخ"), ("طاریخ", "تاریخ"), ("تارخ", "تاریخ"), ("تاارییخ", "تاریخ"),
    ("تایرخ", "تاریخ"), ("سندلی", "صندلی"), ("غزا", "غذا"), ("کتاپخانه", "کتابخانه"),
  ])
  func `غلط‌ها درست می‌شوند`(written: String, meant: String) {
    #expect(vocabulary.corrections(of: written).first?.text == meant)
  }

  @Test(arguments: [
    ("jhvdo", "تاریخ"), ("taavoni", "تعاونی"), ("tarikh", "تاریخ"), ("madrese", "مدرسه"),
    ("ketabkhane", "کتابخانه"), ("salam", "سلام"), ("هقشد", "iran"),
  ])
  func `صفحه‌کلید نابجا و نویسه‌گردانی شناخته می‌شوند`(written: String, meant: String) {
    #expect(vocabulary.corrections(of: written).first?.text == meant)
  }

  @Test func `سرهم‌نوشته جدا و جدانوشته سرهم می‌شود`() {
    #expect(vocabulary.corrections(of: "کتابخوب").first?.text == "کتاب خوب")
    #expect(vocabulary.corrections(of: "کتابخوب").first?.kind == .runOn)
    #expect(vocabulary.joined("کتاب", "خانه")?.text == "کتابخانه")
    #expect(vocabulary.joined("کتاب", "میز") == nil)
  }

  @Test func `متن کامل پیشنهاد می‌شود و برای دانسته‌ها هیچ`() {
    #expect(vocabulary.suggestions(for: "تاریح ایران").first == "تاریخ ایران")
    #expect(vocabulary.suggestions(for: "کتاب تاریخ").isEmpty)
    #expect(vocabulary.suggestions(for: "").isEmpty)
    #expect(vocabulary.suggestions(for: "ظظظظظظظظظ").isEmpty)
  }

  @Test func `any word is answered without a trap`() {
    var generator = SeededGenerator(seed: 8)
    let pieces = ["ک", "ت", "ا", "ب", "a", "Z", "'", "۱", "\u{200C}", "é", "👩‍👩‍👧", " ", "\0", "ظ"]
    for _ in 0..<500 {
      let count = Int.random(in: 0...60, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      _ = vocabulary.corrections(of: text)
      _ = vocabulary.completions(of: text)
      _ = vocabulary.suggestions(for: text)
    }
  }
}
