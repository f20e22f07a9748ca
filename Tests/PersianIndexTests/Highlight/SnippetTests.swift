// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct SnippetTests {
  private func highlights(_ terms: [String], phrases: [[String]] = [], slop: Int = 0)
    -> QueryHighlights
  {
    var highlights = QueryHighlights()
    for term in terms { highlights.add(Array(term.utf8), weight: 1) }
    for phrase in phrases {
      highlights.add(
        phrase: phrase.map { Array($0.utf8) }, offsets: Array(phrase.indices), slop: slop,
        weights: phrase.map { _ in 1 })
    }
    return highlights
  }

  private func snippet(
    _ text: String, _ terms: [String], phrases: [[String]] = [], slop: Int = 0, length: Int = 200,
    passages: Int = 1
  ) -> Snippet {
    SnippetBuilder(
      analyzer: WhitespaceAnalyzer(), highlights: highlights(terms, phrases: phrases, slop: slop)
    ).snippet(of: text, options: SnippetOptions(length: length, passageCount: passages))
  }

  @Test func `marks every match of a short text`() {
    #expect(snippet("کتاب خوب و کتاب بد", ["کتاب"]).description == "[کتاب] خوب و [کتاب] بد")
    #expect(snippet("هیچ", ["کتاب"]).description == "هیچ")
    #expect(snippet("", ["کتاب"]).description == "")
    #expect(snippet(" \n کتاب\n", ["کتاب"]).description == "[کتاب]")
  }

  @Test func `عبارت تنها جایی که با هم است نشان داده می‌شود`() {
    let text = "کار دولت کار و رفاه مردم رفاه"
    #expect(
      snippet(text, [], phrases: [["کار", "و", "رفاه"]]).description
        == "کار دولت [کار] [و] [رفاه] مردم رفاه")
    #expect(snippet("a x b", [], phrases: [["a", "b"]]).description == "a x b")
    #expect(snippet("a x b", [], phrases: [["a", "b"]], slop: 1).description == "[a] x [b]")
  }

  @Test func `پاره‌ای که بیشترِ پرسش را دارد برگزیده می‌شود`() {
    let filler = Array(repeating: "پرکننده", count: 60).joined(separator: " ")
    let text = "تعاونی \(filler) تعاونی توسعه و عمران \(filler)"
    let result = snippet(text, ["تعاونی", "توسعه", "عمران"], length: 80)
    #expect(result.description.contains("[تعاونی] [توسعه] و [عمران]"))
    #expect(result.text.hasPrefix("…"))
    #expect(result.text.hasSuffix("…"))
    #expect(result.text.unicodeScalars.count <= 80 + 20)
  }

  @Test func `begins at the sentence where that is near`() {
    let text = "یک جمله دیگر که دور است و به کار نمی آید هرگز. اینجا کتاب است. پایان"
    #expect(snippet(text, ["کتاب"], length: 30).description.hasPrefix("…اینجا [کتاب]"))
  }

  @Test func `shows several passages in text order`() {
    let filler = Array(repeating: "پرکننده", count: 40).joined(separator: " ")
    let text = "a \(filler) b \(filler) c"
    let result = snippet(text, ["a", "b", "c"], length: 120, passages: 3)
    #expect(result.pieces.filter(\.isMatch).map(\.text) == ["a", "b", "c"])
    #expect(result.text.contains(" … "))
  }

  @Test func `folds white space and gives the bytes that pieces came from`() {
    let text = "کتاب\n\n  خوب\tاست"
    let result = snippet(text, ["خوب"])
    #expect(result.text == "کتاب خوب است")
    let match = result.pieces.first(where: \.isMatch)
    #expect(match?.utf8Range.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) } == "خوب")
  }

  @Test func `جداساز جهت تنها به درخواست`() {
    let result = snippet("کتاب", ["کتاب"])
    #expect(result.marked(with: "<b>", "</b>") == "<b>کتاب</b>")
    #expect(result.marked(with: "", "", isIsolated: true) == "\u{2068}کتاب\u{2069}")
  }

  @Test func `any text gives whole scalars within its bounds`() {
    var generator = SeededGenerator(seed: 3)
    let pieces = ["a", "کتاب", " ", "\n", "👩‍👩‍👧", "é", "\u{200C}", "۱۲", ".", "\u{0301}", "ب"]
    for _ in 0..<500 {
      let count = Int.random(in: 0...120, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      let bytes = Array(text.utf8)
      let result = snippet(
        text, ["a", "کتاب"], length: Int.random(in: 16...60, using: &generator),
        passages: Int.random(in: 1...4, using: &generator))
      var end = 0
      for piece in result.pieces {
        guard let range = piece.utf8Range else { continue }
        #expect(range.lowerBound >= end)
        end = range.upperBound
        #expect(String(validating: bytes[range], as: UTF8.self) != nil)
      }
    }
  }
}
