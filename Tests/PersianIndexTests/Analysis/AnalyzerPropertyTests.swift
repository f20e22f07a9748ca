// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

@Suite
struct AnalyzerPropertyTests {
  static let analyzers: [any Analyzer] = [
    PersianAnalyzer(), StandardAnalyzer(), WhitespaceAnalyzer(),
  ]

  /// Checks what holds for the tokens of any bytes, and returns the buffer.
  @discardableResult
  private func check(_ bytes: [UInt8], _ analyzer: any Analyzer) -> TokenBuffer {
    var buffer = TokenBuffer()
    bytes.withUnsafeBufferPointer { analyzer.analyze($0, into: &buffer) }
    var start: UInt32 = 0
    var position: UInt32 = 0
    for token in buffer.tokens {
      #expect(token.termLength > 0 && token.termLength <= 255)
      #expect(token.formLength <= 255)
      #expect(token.startOffset >= start)
      #expect(token.endOffset >= token.startOffset && Int(token.endOffset) <= bytes.count)
      #expect(token.position >= position)
      start = token.startOffset
      position = token.position
    }
    return buffer
  }

  private static let pieces: [String] = [
    "کتاب", "ها", "های", "می", "نمی", "رفت", "روم", "\u{200C}", "\u{200D}", " ", "  ", "\n",
    "\u{64B}",
    "\u{654}", "\u{653}", "ا", "ه", "ی", "و", "ۀ", "هٔ", "۱۲", "٬", "٫", "/", "3", ".", ",", "@",
    "://",
    "www.", "a", "Z", "é", "😀", "🇮", "\u{FE0F}", "ﻻ", "ﷲ", "ـ", "«", "؟", "#", "_", "ڤ", "東", "т",
    "-",
    "\u{0}", "\u{FEFF}", "ام", "است", "تر", "بی", "برمی", "گشت", "افزار", "نرم",
  ]

  @Test(arguments: 0..<3)
  func `any bytes are analysed, and twice the same`(_ number: Int) {
    let analyzer = Self.analyzers[number]
    var random = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      #expect(check(bytes, analyzer).tokens == check(bytes, analyzer).tokens)
    }
  }

  @Test(arguments: 0..<3)
  func `any mix of letters, marks and signs keeps offsets on scalars`(_ number: Int) {
    let analyzer = Self.analyzers[number]
    var random = SeededGenerator(seed: 11)
    var shared = TokenBuffer()
    for _ in 0..<600 {
      let text = (0..<Int.random(in: 1..<14, using: &random)).map { _ in
        Self.pieces.randomElement(using: &random) ?? ""
      }.joined()
      let bytes = Array(text.utf8)
      let fresh = check(bytes, analyzer)
      shared.removeAll()
      bytes.withUnsafeBufferPointer { analyzer.analyze($0, into: &shared) }
      #expect(shared.tokens == fresh.tokens, "a warm cache gives the same: \(text)")
      #expect(shared.bytes == fresh.bytes)
      for token in fresh.tokens {
        for offset in [Int(token.startOffset), Int(token.endOffset)] where offset < bytes.count {
          #expect(bytes[offset] & 0xC0 != 0x80, "inside a scalar of \(text)")
        }
      }
    }
  }

  @Test(arguments: 0..<3)
  func `huge words and a million marks take linear time`(_ number: Int) {
    let analyzer = Self.analyzers[number]
    check(Array(repeating: 0x61, count: 1_000_000), analyzer)
    check(Array(String(repeating: "ب", count: 1_000_000).utf8), analyzer)
    check([0xD8, 0xA8] + Array(String(repeating: "\u{64E}", count: 1_000_000).utf8), analyzer)
    check([0x61] + Array(String(repeating: "\u{301}", count: 500_000).utf8), analyzer)
    check(Array(String(repeating: "a.", count: 300_000).utf8), analyzer)
    check(Array(String(repeating: "1,", count: 300_000).utf8), analyzer)
    check(Array(String(repeating: "می‌", count: 200_000).utf8), analyzer)
    check(Array(String(repeating: "ها ", count: 200_000).utf8), analyzer)
    check(Array(String(repeating: "\u{200C}", count: 300_000).utf8), analyzer)
    check(Array(String(repeating: "👩‍", count: 200_000).utf8), analyzer)
    check(Array(repeating: 0xFF, count: 500_000), analyzer)
  }

  @Test(
    arguments: [
      "کتاب‌هایشان", "می‌گیرند", "نرم‌افزار", "بیستوهشتم", "تعاونی‌ها", "۱۳۹۹", "iPhone14", "خانهٔ",
      "دانش‌آموزان", "برمی‌گردد", "گفته‌اند", "مسئولیت", "info@example.ir", "زرگوکهای",
    ])
  func `the surface of a token gives the token again`(_ text: String) {
    for token in PersianAnalyzer().tokens(of: text) {
      #expect(terms(token.surface).contains(token.term))
    }
  }

  @Test func `tokens are appended after those already there`() {
    var buffer = TokenBuffer()
    for text in ["کتاب خوب", "one two"] {
      Array(text.utf8).withUnsafeBufferPointer { PersianAnalyzer().analyze($0, into: &buffer) }
    }
    #expect(buffer.tokens.map(\.position) == [0, 1, 2, 3])
    buffer.removeAll()
    #expect(buffer.tokens.isEmpty && buffer.nextPosition == 0)
  }
}
