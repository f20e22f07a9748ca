// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Phrases over documents with headings, whose words stand at much the same places, against a scan of
/// all texts.
struct AnchoredPhraseTests {
  private static let headings = [
    "دیوان اشعار غزل شماره", "دیوان اشعار قصیده شماره", "دیوان اشعار رباعی شماره",
    "دفتر اول مثنوی بخش", "دفتر دوم مثنوی بخش", "کلیات سعدی گلستان باب", "گنجینه کهن برگ",
  ]

  /// Texts of a heading and a body; of every three texts one has some words before the heading, and of
  /// every five one has a piece of a heading in its body.
  private static func texts(_ count: Int) -> [[String]] {
    var random = SeededGenerator(seed: 17)
    return (0..<count).map { number in
      // Of some headings, of which each next has half as many texts.
      let kind = min(Int.random(in: 1..<128, using: &random).leadingZeroBitCount - 57, 6)
      var words = headings[kind].split(separator: " ").map(String.init)
      words.append("n\(Int.random(in: 0..<40, using: &random))")
      if number % 3 == 0 {
        words.insert(
          contentsOf: (0..<Int.random(in: 1...6, using: &random)).map { "پیش\($0)" }, at: 0)
      }
      // Some are so long that the pieces behind take exceptions of two bytes.
      let length = number % 80 == 10 ? 2600 : Int.random(in: 5...60, using: &random)
      for _ in 0..<length {
        words.append("b\(Int.random(in: 0...Int.random(in: 0...300, using: &random)))")
      }
      if number % 5 == 0 {
        let piece = headings[number / 5 % headings.count].split(separator: " ").map(String.init)
        let start = Int.random(in: 0..<3, using: &random)
        words.insert(
          contentsOf: piece[min(start, piece.count - 1)...],
          at: Int.random(in: words.count - 4...words.count, using: &random))
      }
      return words
    }
  }

  private static let phrases = [
    "دیوان اشعار", "اشعار غزل", "غزل شماره", "قصیده شماره", "رباعی شماره", "شماره n7", "بخش n12",
    "دیوان اشعار رباعی", "اشعار قصیده شماره", "رباعی شماره n3", "دفتر دوم مثنوی", "دوم مثنوی بخش",
    "گلستان باب n9", "سعدی گلستان", "گنجینه کهن برگ", "کهن برگ n1", "پیش0 دیوان", "پیش1 دفتر اول",
    "پیش0 گنجینه کهن", "n5 b0", "شماره n5 b1", "برگ n2 b0", "b1 رباعی", "b0 گنجینه", "b2 دفتر دوم",
    "شماره رباعی", "کهن گنجینه", "مثنوی مثنوی",
  ]

  /// Where each word of some texts stands: its places by the number of the text.
  private static func places(_ texts: [[String]]) -> [String: [Int: [Int]]] {
    var places: [String: [Int: [Int]]] = [:]
    for (number, words) in texts.enumerated() {
      for (place, word) in words.enumerated() {
        places[word, default: [:]][number, default: []].append(place)
      }
    }
    return places
  }

  /// The texts that have the words of a phrase moved by no more than a slop in all.
  private static func texts(
    with phrase: [String], slop: Int, in places: [String: [Int: [Int]]]
  ) -> [Int] {
    let lists = phrase.map { places[$0] ?? [:] }
    return lists[0].keys.filter { number in
      let aligned = lists.enumerated().map { offset, list in
        (list[number] ?? []).map { $0 - offset }
      }
      if Set(phrase).count < phrase.count {
        // One place never serves two equal words; of these phrases all words are the same then.
        return zip(aligned[0], aligned[0].dropFirst()).contains { $1 - $0 - 1 <= slop }
      }
      return aligned.joined().contains { low in
        aligned.allSatisfy { $0.contains { low...low + slop ~= $0 } }
      }
    }.sorted()
  }

  /// What a searcher is to find.
  private struct Expectation {
    var phrase: String
    var slop: Int
    var texts: [Int]
  }

  private static func expectations(_ texts: [[String]]) -> [Expectation] {
    let places = places(texts)
    return phrases.flatMap { phrase in
      let words = phrase.split(separator: " ").map(String.init)
      return [0, 1, 4].map { slop in
        Expectation(
          phrase: phrase, slop: slop, texts: self.texts(with: words, slop: slop, in: places))
      }
    }
  }

  private static func expect(
    _ searcher: Searcher, _ expectations: [Expectation],
    isDeleted: (Int) -> Bool = { _ in false }, _ state: String
  ) throws {
    var found = 0
    for expectation in expectations {
      let wanted = expectation.texts.filter { !isDeleted($0) }
      found += wanted.isEmpty ? 0 : 1
      let query = Query.phrase(expectation.phrase, slop: expectation.slop)
      let label = "\(state): «\(expectation.phrase)» ~ \(expectation.slop)"
      #expect(try searcher.count(query) == wanted.count, "\(label)")
      var options = SearchOptions(limit: 5000)
      options.loadsFields = false
      let all = try searcher.search(query, options: options)
      let keys = all.hits.compactMap { Int($0.key.text) }
      #expect(keys.sorted() == wanted, "\(label)")
      options.limit = 10
      let best = try searcher.search(query, options: options)
      #expect(best.hits.map(\.key) == all.hits.prefix(10).map(\.key), "\(label)")
      #expect(best.hits.map(\.score) == all.hits.prefix(10).map(\.score), "\(label)")
    }
    #expect(found > 2 * phrases.count)
  }

  // A merge keeps the order of documents, or puts similar ones next to each other.
  @Test(arguments: [nil, 1000])
  func `phrases with words of headings are found`(reorderingThreshold: Int?) throws {
    let texts = Self.texts(5000)
    let expected = Self.expectations(texts)
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("body")), analyzer: WhitespaceAnalyzer())
    let options = IndexWriterOptions(
      threadCount: 1, mergePolicy: MergePolicy(segmentsPerTier: 64, deletedShare: 2),
      mergesInBackground: false, reorderingThreshold: reorderingThreshold)
    let writer = try index.writer(options: options)
    defer { writer.close() }
    for (number, words) in texts.enumerated() {
      try writer.add(
        Document(key: DocumentKey("\(number)"), ["body": .text(words.joined(separator: " "))]))
      if number == 2999 { try writer.commit() }
    }
    try writer.commit()
    try Self.expect(try index.searcher(), expected, "two segments")
    for number in texts.indices where number % 5 == 2 {
      try writer.delete(key: DocumentKey("\(number)"))
    }
    try writer.commit()
    try Self.expect(try index.searcher(), expected, isDeleted: { $0 % 5 == 2 }, "deleted")
    try writer.optimize()
    try writer.commit()
    try Self.expect(try index.searcher(), expected, isDeleted: { $0 % 5 == 2 }, "merged")
    #expect(try index.check().isWhole)
  }

  // Frequencies and scores of phrases, too, on segments made by hand.
  @Test
  func `phrases with words of headings are ranked as the formula says`() throws {
    var random = SeededGenerator(seed: 18)
    let documents = Self.texts(1400).enumerated().map { number, words in
      var document = SampleIndex.Document(fields: [words], isDeleted: number % 5 == 2)
      document.sequence = UInt64(number)
      return document
    }
    let index = try SampleIndex([documents], hasPositions: [true])
    let oracle = Oracle(index)
    for phrase in stride(from: 0, to: Self.phrases.count, by: 5).map({ Self.phrases[$0] }) {
      let keys = phrase.split(separator: " ").map { CompiledQuery.key(String($0)) }
      for slop: UInt32 in [0, 3] {
        let query = CompiledQuery.phrase(
          CompiledPhrase(keys: keys, offsets: (0..<UInt32(keys.count)).map { $0 }, slop: slop))
        try OracleTests.compare(index, oracle, query, "\(phrase) ~ \(slop)", &random)
      }
    }
  }
}
