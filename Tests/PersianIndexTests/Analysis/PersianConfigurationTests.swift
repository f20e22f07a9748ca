// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

@Suite
struct PersianConfigurationTests {
  private static let configuration = PersianConfiguration(
    words: ["داکرایز"], protectedWords: ["تهرانی"], stopWords: ["شرکت"],
    synonyms: ["رایانه": "کامپیوتر", "پاسارگاد": "بانک"])

  @Test func `words of the user are known with their endings`() {
    let analyzer = PersianAnalyzer(configuration: Self.configuration)
    #expect(terms("داکرایزهایشان", analyzer) == ["داکرایز"])
    #expect(terms("داکرایزم", analyzer) == ["داکرایز"])
    #expect(terms("داکرایزم") != ["داکرایز"])
  }

  @Test func `protected words are left as they are`() {
    let analyzer = PersianAnalyzer(configuration: Self.configuration)
    #expect(terms("تهرانی", analyzer) == ["تهرانی"])
  }

  @Test func `synonyms take the term of their target`() {
    let analyzer = PersianAnalyzer(configuration: Self.configuration)
    #expect(terms("رایانه", analyzer) == terms("کامپیوتر", analyzer))
    #expect(terms("رایانه‌های", analyzer) == terms("کامپیوتر", analyzer))
    #expect(terms("رایانه") != terms("کامپیوتر"))
  }

  @Test func `stop words of the user carry the flag`() {
    let analyzer = PersianAnalyzer(configuration: Self.configuration)
    #expect(analyzer.tokens(of: "شرکت‌ها").first?.flags.contains(.stopWord) == true)
    #expect(PersianAnalyzer().tokens(of: "شرکت‌ها").first?.flags.contains(.stopWord) == false)
  }

  @Test func `a configuration survives being stored`() throws {
    let configuration = Self.configuration
    let restored = try PersianConfiguration(data: configuration.data)
    #expect(restored.data == configuration.data)
    #expect(restored == configuration)
    #expect(try PersianConfiguration(data: []).isEmpty)
    #expect(
      PersianAnalyzer(configuration: restored).identity
        == PersianAnalyzer(configuration: configuration).identity)
  }

  @Test func `words change the identity`() {
    #expect(
      PersianAnalyzer(configuration: Self.configuration).identity != PersianAnalyzer().identity)
    #expect(PersianAnalyzer().identity == PersianAnalyzer().identity)
  }

  @Test func `damaged data is an error`() {
    #expect {
      _ = try PersianConfiguration(data: Array("nonsense".utf8))
    } throws: { error in
      (error as? IndexError)?.code == .corrupt
    }
  }

  @Test func `an unknown analyzer is a clear error`() {
    #expect {
      _ = try Analyzers.analyzer(identity: "klingon/1", configurationData: [], path: "x")
    } throws: { error in
      (error as? IndexError)?.code == .analyzerMismatch
    }
  }

  @Test func `readings say why`() {
    let readings = PersianAnalyzer().readings(of: "کتاب‌هایشان را می‌خوانند ۱۲ ok اخبار")
    #expect(readings.map(\.token.term) == ["کتاب", "را", "خواند", "12", "ok", "خبر"])
    #expect(readings[0].explanation.contains("plural ها"))
    #expect(readings[0].pieces == ["کتاب", "هایشان"])
    #expect(readings[2].pieces == ["می", "خوان", "ند"])
    #expect(readings[2].explanation.hasPrefix("verb خواند"))
    #expect(readings[3].explanation == "number")
    #expect(readings[4].explanation == "other script or sign")
    #expect(readings[5].explanation.contains("broken plural"))
  }
}
