// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

@Suite
struct OtherAnalyzerTests {
  @Test(
    arguments: [
      (
        "The quick (“brown”) fox can't jump 32.3 feet, right?",
        ["the", "quick", "brown", "fox", "can't", "jump", "32.3", "feet", "right"]
      ),
      ("كتاب‌ها", ["كتاب‌ها"]), ("A-B a.b 1,000 x_y", ["a", "b", "a.b", "1,000", "x_y"]),
      ("ÄRGER", ["ärger"]), ("東京タワー", ["東", "京", "タワー"]), ("\r\n \u{301}", []),
      ("👩‍👩‍👧🇮🇷", ["👩‍👩‍👧", "🇮🇷"]), ("e\u{301}t", ["e\u{301}t"]), ("שו״ת", ["שו״ת"]),
    ])
  func `standard words follow Unicode's boundaries`(_ pair: (String, [String])) {
    #expect(terms(pair.0, StandardAnalyzer()) == pair.1)
  }

  @Test func `white space is all that separates`() {
    #expect(terms(" a,b\tکتاب‌ها \n", WhitespaceAnalyzer()) == ["a,b", "کتاب‌ها"])
    #expect(terms("\u{3000}", WhitespaceAnalyzer()) == ["\u{3000}"])
    #expect(WhitespaceAnalyzer().tokens(of: "a").first?.writtenForm == nil)
  }

  @Test func `a long run is cut between scalars`() {
    let long = String(repeating: "س", count: 200)
    for analyzer in AnalyzerPropertyTests.analyzers {
      let term = analyzer.tokens(of: long).first?.term
      #expect(term?.unicodeScalars.allSatisfy { $0 == "س" } == true)
      #expect((term?.utf8.count ?? 999) <= 255)
    }
  }

  @Test func `identities tell analyzers apart`() {
    #expect(WhitespaceAnalyzer().identity.description == "whitespace/1")
    #expect(StandardAnalyzer().identity.description == "standard/1")
    #expect(PersianAnalyzer().identity.name == "persian")
    #expect(PersianAnalyzer().identity.fingerprint != 0)
  }
}
