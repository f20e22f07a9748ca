// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

@Suite
struct PersianTextTests {
  @Test(
    arguments: [
      ("۱۴۰۲", ["1402"]), ("٢٠٢٤", ["2024"]), ("۱۲٬۳۴۵٬۶۷۸", ["12345678"]), ("1,000", ["1000"]),
      ("۲٫۷۱", ["2.71"]), ("2.71", ["2.71"]), ("۱۰٪", ["10"]), ("۳۵هزار", ["35", "هزار"]),
      ("۷ام", ["7"]), ("۵م", ["5"]), ("1,2,3", ["1", "2", "3"]), ("10.0.0.1", ["10.0.0.1"]),
      ("۱۷:۰۵", ["17", "05"]),
    ])
  func `عدد به رقم لاتین و بی‌جداکننده می‌رسد`(_ pair: (String, [String])) {
    #expect(terms(pair.0) == pair.1)
  }

  @Test func `تاریخ یک بار درست و یک بار پاره‌پاره است`() {
    let tokens = PersianAnalyzer().tokens(of: "۱۳۹۹/۰۸/۲۸ بود")
    #expect(tokens.map(\.term) == ["1399/8/28", "1399", "8", "28", "بود"])
    #expect(tokens.map(\.position) == [0, 0, 1, 2, 3])
    #expect(terms("1399/8/28") == terms("۱۳۹۹/۰۸/۲۸"))
  }

  @Test(
    arguments: [
      ("iPhone۱۴", ["iphone14"]), ("کتابPython", ["کتاب", "python"]), ("GPT-4", ["gpt", "4"]),
      ("ÉCOLE", ["école"]), ("don't", ["don't"]), ("Москва", ["москва"]), ("東京", ["東", "京"]),
      ("#هوش_مصنوعی", ["هوش", "مصنوعی"]), ("😀", ["😀"]), ("👨‍👩‍👧", ["👨‍👩‍👧"]),
      ("🇮🇷", ["🇮🇷"]), ("", []), ("؟!", []), ("(ع)", ["ع"]),
    ])
  func `نوشتهٔ دیگر خط‌ها هم واژه است`(_ pair: (String, [String])) {
    #expect(terms(pair.0) == pair.1)
  }

  @Test func `نشانی وب و رایانامه درست و پاره‌پاره است`() {
    #expect(terms("info@example.ir") == ["info@example.ir", "info", "example", "ir"])
    #expect(
      terms("در https://example.ir/a-b ببین")
        == ["در", "https://example.ir/a-b", "https", "example", "ir", "a", "b", "دید"])
    #expect(terms("پایان. Begin") == ["پایان", "begin"])
  }

  @Test func `جای واژه در متن به بایت است`() {
    let text = "«کتاب‌های» مُهم"
    let tokens = PersianAnalyzer().tokens(of: text)
    #expect(tokens.map(\.surface) == ["کتاب‌های", "مُهم"])
    #expect(tokens.map(\.term) == ["کتاب", "مهم"])
    #expect(tokens.first?.utf8Range == 2..<19)
  }

  @Test func `جای واژه‌های پیوسته از نخستین تا واپسین حرف است`() {
    let tokens = PersianAnalyzer().tokens(of: "آن کتاب های  خوب")
    #expect(tokens.map(\.surface) == ["آن", "کتاب های", "خوب"])
  }
}
