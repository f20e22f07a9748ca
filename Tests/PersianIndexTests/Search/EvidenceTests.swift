// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct EvidenceTests {
  /// What analysis makes of one word of a text.
  private struct Token {
    var term: [UInt8]
    var form: [UInt8]
    var position: Int
  }

  private static func tokens(_ text: String) -> [Token] {
    var buffer = TokenBuffer()
    var text = text
    text.withUTF8 { PersianAnalyzer().analyze($0, into: &buffer) }
    return buffer.tokens.map {
      Token(
        term: Array(buffer.term(of: $0)), form: Array(buffer.writtenForm(of: $0)),
        position: Int($0.position))
    }
  }

  private static func index(
    _ texts: [String], commitEvery step: Int = .max
  ) throws -> Searcher {
    try TextIndex.searcher(texts, commitEvery: step)
  }

  private static func scores(
    _ searcher: Searcher, _ text: String, rescored: Int
  ) throws -> [String: Double] {
    var options = SearchOptions(limit: 10_000)
    options.ranking.rescoredCount = rescored
    let hits = try searcher.search(.words(text), options: options)
    return Dictionary(uniqueKeysWithValues: hits.map { ($0.key.text, $0.score) })
  }

  /// The evidence as docs/RANKING.md has it, from the tokens themselves.
  private struct Model {
    let documents: [[Token]]
    let denominators: [Float]

    init(_ texts: [String]) {
      documents = texts.map { EvidenceTests.tokens($0) }
      denominators = ImpactCode.denominators(
        k1: 1.2, b: 0.75,
        averageLength: ImpactCode.averageLength(
          totalLength: UInt64(documents.reduce(0) { $0 + $1.count }),
          documentCount: documents.count))
    }

    private func idf(_ count: Int) -> Double {
      let (all, count) = (Double(documents.count), Double(count))
      return naturalLogarithm(1 + (all - count + 0.5) / (count + 0.5))
    }

    private func saturated(_ occurrences: Double, _ document: [Token]) -> Double {
      let code = FieldLengthCode.encode(UInt32(document.count))
      let x = occurrences / Double(denominators[Int(code)])
      return x / (1 + x)
    }

    private func count(_ isCounted: (Token) -> Bool) -> Int {
      documents.count { $0.contains(where: isCounted) }
    }

    /// What finding a word tells, and what finding its form does.
    func idfs(_ word: Token) -> (term: Double, form: Double) {
      // A form is counted as its term less half of what is written otherwise.
      let forms =
        count { $0.form == word.form && $0.term != $0.form }
        + max(
          0,
          count { $0.term == word.form }
            - count { $0.term == word.form && $0.form != word.form } / 2)
      return (idf(count { $0.term == word.term }), forms == 0 ? 0 : idf(forms))
    }

    /// What is added to the score of a document.
    func evidence(
      _ number: Int, _ query: [Token], _ idfs: [(term: Double, form: Double)]
    ) -> Double {
      let document = documents[number]
      var sum = 0.0
      var places: [[Int]] = []
      for (word, idf) in zip(query, idfs) {
        let positions = document.filter { $0.term == word.term }.map(\.position)
        places.append(positions)
        guard let first = positions.first else { continue }
        let found = document.count { $0.form == word.form }
        sum += 0.4 * idf.term / (1 + Double(first) / 7)
        sum += 0.6 * idf.form * saturated(Double(found), document)
      }
      for second in query.indices.dropFirst() {
        let (a, b) = (places[second - 1], places[second])
        if a.isEmpty || b.isEmpty { continue }
        let offset = query[second].position - query[second - 1].position
        let together = a.count { b.contains($0 + offset) }
        let near = a.reduce(0.0) { sum, place in
          let distance = b.map { abs($0 - place) }.min() ?? .max
          return sum + (distance <= 8 ? 1 / Double(max(1, distance)) : 0)
        }
        sum +=
          (idfs[second - 1].term + idfs[second].term)
          * (0.15 * saturated(Double(together), document) + 0.1 * saturated(near, document))
      }
      return sum
    }
  }

  @Test(arguments: [Int.max, 90])
  func `شاهدها همان‌اند که در توضیح رتبه‌بندی آمده است`(step: Int) throws {
    var random = SeededGenerator(seed: 11)
    let words = [
      "کتاب", "کتاب‌ها", "کتابم", "تاریخ", "تاریخی", "هنر", "ایران", "جنگ", "شهر", "شهرها",
      "درخت", "دریا", "کوه", "باران",
    ]
    // Some words are rare, and some texts long enough for words to be far apart.
    let texts = (0..<400).map { number in
      (0..<Int.random(in: 1...(number % 9 == 0 ? 120 : 25), using: &random)).map { _ in
        words[
          min(
            Int.random(in: 0..<words.count, using: &random),
            Int.random(in: 0..<words.count, using: &random))]
      }.joined(separator: " ")
    }
    let model = Model(texts)
    let searcher = try Self.index(texts, commitEvery: step)
    for text in ["کتاب", "کتاب‌ها باران", "کتابم تاریخ ایران", "کوه شهرها هنر دریا"] {
      let query = Self.tokens(text)
      let idfs = query.map { model.idfs($0) }
      let base = try Self.scores(searcher, text, rescored: 0)
      let scores = try Self.scores(searcher, text, rescored: texts.count)
      #expect(base.count > 50)
      for (key, score) in scores {
        let evidence = model.evidence(try #require(Int(key)), query, idfs)
        let added = score - (base[key] ?? 0)
        #expect(abs(added - evidence) < 1e-3, "\(text) in \(key)")
      }
    }
  }

  @Test
  func `the best of many blocks are the same whatever the limit`() throws {
    var random = SeededGenerator(seed: 3)
    // Lists of more blocks than are asked for, some blocks much better than others.
    let texts = (0..<7_000).map { number in
      let isGood = number / 300 % 5 == 2
      let words = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        Int.random(in: 0..<4, using: &random) < (isGood ? 3 : 1) ? "ایران" : "جنگ"
      }
      return words.joined(separator: " ")
    }
    let searcher = try Self.index(texts)
    for text in ["ایران", "جنگ ایران"] {
      var options = SearchOptions(limit: 3_000)
      options.ranking.rescoredCount = 0
      let all = try searcher.search(.words(text), options: options).map(\.key)
      for limit in [10, 11, 24, 40, 100] {
        options.limit = limit
        #expect(
          try searcher.search(.words(text), options: options).map(\.key)
            == Array(all.prefix(limit)))
      }
    }
  }
}
