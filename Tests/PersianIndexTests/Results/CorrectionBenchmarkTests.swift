// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// A small form of the measurement in Benchmarks/Results/ranking.md: misspellings made from words by
/// the classes of slips that the error model knows.
struct CorrectionBenchmarkTests {
  @Test func `most slips in a word of the vocabulary are found out`() {
    var generator = SeededGenerator(seed: 1_399)
    let vocabulary = Vocabulary(
      words: Self.words.enumerated().map { ($0.element, 1_000 / ($0.offset + 1) + 1) },
      analyzer: WhitespaceAnalyzer())
    var (first, third) = (0, 0)
    let known = Set(Self.words)
    var count = 0
    while count < 200 {
      guard let word = Self.words.randomElement(using: &generator) else { return }
      let slip = Misspelling.random(of: word, using: &generator)
      guard slip != word, !known.contains(slip) else { continue }
      count += 1
      let found = vocabulary.corrections(of: slip, limit: 3).map(\.text)
      if found.first == word { first += 1 }
      if found.contains(word) { third += 1 }
    }
    #expect(first >= 180)
    #expect(third >= 190)
  }

  private static let words = """
    تاریخ تعاونی کتابخانه دانشگاه اقتصاد فرهنگ مدرسه دانشجو پژوهش خانواده بیمارستان روزنامه \
    استاندار شهرداری کشاورزی صندوق وزارت مجلس انتخابات نماینده رئیس‌جمهور توسعه سرمایه صادرات \
    واردات محصول کارخانه کارگر بازنشسته حقوق قانون دادگاه پلیس ترافیک خیابان ساختمان مسکن اجاره \
    هنرمند نمایشگاه سینما موسیقی فوتبال والیبال قهرمان مسابقه تماشاگر ورزشگاه طبیعت محیط آلودگی
    """.split(separator: " ").map { String($0).replacing("\u{200C}", with: "") }
}
