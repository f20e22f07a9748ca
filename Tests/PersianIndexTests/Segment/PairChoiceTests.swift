// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Which pairs of common words get a list.
struct PairChoiceTests {
  private static let words = [
    "از", "به", "در", "که", "و", "را", "او", "با", "بر", "هر", "تا", "ما", "آن", "شد", "این", "است",
  ]

  /// Documents of all words in any order, in none of which the last two stand together in that order,
  /// and as many of the first two alone: no three words stand together in many.
  private static let texts: [String] = {
    var random = SeededGenerator(seed: 31)
    return (0..<4_000).map { number in
      if number % 2 == 0 { return "از به" }
      while true {
        let text =
          words.shuffled(using: &random)
          + (0..<6).map { _ in words.randomElement(using: &random) ?? "و" }
        let isFree = zip(text, text.dropFirst()).allSatisfy { $0 != "این" || $1 != "است" }
        if isFree { return text.joined(separator: " ") }
      }
    }
  }()

  private static func index(in directory: MemoryDirectory) throws -> SearchIndex {
    let index = try SearchIndex.create(
      in: directory, schema: Schema([.text("متن")]), analyzer: WhitespaceAnalyzer())
    try index.write { writer in
      for (number, text) in texts.enumerated() {
        try writer.add(Document(key: DocumentKey("\(number)"), ["متن": .text(text)]))
      }
    }
    return index
  }

  @Test
  func `فهرست‌ها به اندازهٔ سهم خود جا می‌گیرند و پاسخ‌ها همان می‌مانند`() throws {
    let directory = MemoryDirectory()
    let index = try Self.index(in: directory)
    let entry = try #require(try ManifestStore(directory).newest()?.segments.first)
    let reader = try SegmentReader(entry, in: directory)
    let pairs = try #require(reader.searchFields[0].pairs)
    let searcher = try index.searcher()
    var counts: [String: Int] = [:]
    for text in Self.texts {
      let words = text.split(separator: " ")
      for pair in Set(zip(words, words.dropFirst()).map { "\($0) \($1)" }) {
        counts[pair, default: 0] += 1
      }
    }
    var (listed, unknown) = (0, 0)
    for first in Self.words {
      for second in Self.words {
        let phrase = first + " " + second
        let count = counts[phrase] ?? 0
        switch pairs.find(try Self.info(first, reader), try Self.info(second, reader)) {
        case .list(let info):
          listed += 1
          #expect(Int(info.documentFrequency) == count)
        case .absent: #expect(phrase == "این است")
        case .unknown: unknown += 1
        }
        #expect(try searcher.count(.phrase(phrase)) == count)
        #expect(try searcher.search(.phrase(phrase)).hits.count == min(count, 10))
      }
    }
    // The lists of all pairs would take half of what the words' lists do.
    #expect(listed > 0)
    #expect(unknown > listed)
    let bytes = reader.postings.bytes.count - PostingsFormat.padding
    let section = try #require(reader.file.section(.pairLists, field: 0))
    #expect(pairs.triples.isEmpty)
    // What is not the lists': the header, the members, and the pair that no document has.
    let rest = 16 + 8 * pairs.members.count + 24 + PostingsFormat.padding
    let most = bytes / PairListsFormat.listShare
    #expect(most > PairListsFormat.leastListBytes)
    #expect(section.count - rest <= most)
    #expect(try index.check().problems.isEmpty)
  }

  @Test
  func `the lists that spare most are kept`() throws {
    let directory = MemoryDirectory()
    _ = try Self.index(in: directory)
    let entry = try #require(try ManifestStore(directory).newest()?.segments.first)
    let reader = try SegmentReader(entry, in: directory)
    let pairs = try #require(reader.searchFields[0].pairs)
    let (first, second) = (try Self.info("از", reader), try Self.info("به", reader))
    guard case .list = pairs.find(first, second) else {
      Issue.record("the words that stand together in half of the documents have no list")
      return
    }
    guard case .absent = pairs.find(try Self.info("این", reader), try Self.info("است", reader))
    else {
      Issue.record("it is not known that no document has two words")
      return
    }
  }

  private static func info(_ term: String, _ reader: SegmentReader) throws -> TermInfo {
    let key = [0] + Array(term.utf8)
    return try #require(
      try key.withUnsafeBufferPointer { bytes throws(IndexError) in
        try reader.dictionary.find(bytes)
      })
  }
}
