// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// The lists of pairs of common words, in real segments.
struct PairListsTests {
  /// Documents of three to nine of a few common words, with one rare one.
  private static func texts(_ count: Int, seed: UInt64) -> [String] {
    var random = SeededGenerator(seed: seed)
    let words = ["از", "به", "در", "که", "و", "را"]
    return (0..<count).map { number in
      var text = (0..<Int.random(in: 3...9, using: &random)).map { _ in
        words.randomElement(using: &random) ?? "و"
      }
      if number % 97 == 0 { text.insert("کتاب", at: text.count / 2) }
      return text.joined(separator: " ")
    }
  }

  private static func index(_ texts: [String], commits: Int = 1) throws -> SearchIndex {
    let index = try SearchIndex.inMemory(
      schema: Schema([.text("متن")]), analyzer: WhitespaceAnalyzer())
    let size = (texts.count + commits - 1) / commits
    for start in stride(from: 0, to: texts.count, by: size) {
      try index.write { writer in
        for number in start..<min(start + size, texts.count) {
          try writer.add(Document(key: DocumentKey("\(number)"), ["متن": .text(texts[number])]))
        }
      }
    }
    return index
  }

  private static func count(_ phrase: String, in texts: [String]) -> Int {
    texts.count { (" " + $0 + " ").contains(" " + phrase + " ") }
  }

  @Test(arguments: [
    "به در", "و و", "از که را", "در کتاب", "به و کتاب", "را را را", "به در که را", "از از از از",
  ])
  func `عبارت‌های واژه‌های پربسامد همان سندها را می‌یابند`(phrase: String) throws {
    let texts = Self.texts(3_000, seed: 5)
    let index = try Self.index(texts)
    let searcher = try index.searcher()
    let wanted = Self.count(phrase, in: texts)
    #expect(try searcher.count(.phrase(phrase)) == wanted)
    var options = SearchOptions(limit: 5_000)
    options.countsAll = true
    let found = try searcher.search(.phrase(phrase), options: options)
    #expect(found.totalCount == wanted)
    #expect(found.hits.count == wanted)
    for hit in found.hits {
      let number = try #require(Int(hit.key.text))
      #expect(Self.count(phrase, in: [texts[number]]) == 1)
    }
  }

  /// Documents a sixth of which has three words one after another that are too rare to be paired;
  /// others have them in another order or not all of them.
  private static let textsWithTriples: [String] = {
    var texts = Self.texts(7_200, seed: 7)
    for number in texts.indices {
      switch number % 60 {
      case let place where place % 6 == 0: texts[number] += " بر اساس گزارش در"
      case 3: texts[number] = "گزارش بر اساس " + texts[number]
      case 9: texts[number] += " بر اساس"
      case 15: texts[number] += " گزارش"
      default: break
      }
    }
    return texts
  }()

  @Test(arguments: [
    "بر اساس گزارش", "گزارش بر اساس", "اساس گزارش در", "بر اساس گزارش در", "و بر اساس گزارش",
    "بر گزارش اساس",
  ])
  func `سه واژه‌ای که پیوسته با هم می‌آیند فهرست خود را دارند`(phrase: String) throws {
    let texts = Self.textsWithTriples
    let searcher = try Self.index(texts).searcher()
    let wanted = Self.count(phrase, in: texts)
    #expect(try searcher.count(.phrase(phrase)) == wanted)
    var options = SearchOptions(limit: 10_000)
    options.countsAll = true
    let found = try searcher.search(.phrase(phrase), options: options)
    #expect(found.totalCount == wanted)
    #expect(found.hits.count == wanted)
  }

  @Test
  func `threes of words get a list by how many documents have them`() throws {
    let directory = MemoryDirectory()
    let index = try SearchIndex.create(
      in: directory, schema: Schema([.text("متن")]), analyzer: WhitespaceAnalyzer())
    let texts = Self.textsWithTriples
    try index.write { writer in
      for number in texts.indices {
        try writer.add(Document(key: DocumentKey("\(number)"), ["متن": .text(texts[number])]))
      }
    }
    let entry = try #require(try ManifestStore(directory).newest()?.segments.first)
    let reader = try SegmentReader(entry, in: directory)
    let pairs = try #require(reader.searchFields[0].pairs)
    func info(_ term: String) throws -> TermInfo {
      let key = [0] + Array(term.utf8)
      return try #require(
        try key.withUnsafeBufferPointer { bytes throws(IndexError) in
          try reader.dictionary.find(bytes)
        })
    }
    let (on, basis, report) = (try info("بر"), try info("اساس"), try info("گزارش"))
    #expect(pairs.find(on, basis, report)?.documentFrequency == 1_200)
    #expect(pairs.find(on, report, basis) == nil)
    guard case .unknown = pairs.find(on, basis) else {
      Issue.record("rare words are paired")
      return
    }
    #expect(try index.check().problems.isEmpty)
  }

  @Test
  func `rarer words make room for common ones`() throws {
    let lengths = [UInt8](repeating: FieldLengthCode.encode(10), count: 3_000)
    var writer = PostingsWriter()
    func write(_ count: Int) throws -> TermInfo {
      let documents = (0..<UInt32(count)).map(\.self)
      let ones = [UInt32](repeating: 1, count: count)
      return try documents.withUnsafeBufferPointer { documents throws(IndexError) in
        try ones.withUnsafeBufferPointer { ones throws(IndexError) in
          try writer.write(documents: documents, frequencies: ones, positions: ones)
        }
      }
    }
    try lengths.withUnsafeBufferPointer { lengths in
      writer.beginField(lengths: lengths, totalLength: 30_000, hasPositions: true)
      let room = try [2_000, 1_500].reduce(0) {
        _ = try write($1)
        return $0 + writer.output.count + PostingsFormat.padding
      }
      var members = PairMembers(documentCount: 3_000, leastFrequency: 128, mostBytes: room)
      for count in [300, 400, 2_000, 200, 1_500, 500] {
        members.offer(try write(count), record: writer.output)
      }
      let pairs = try #require(
        try members.writer(lengths: lengths, totalLength: 30_000, rangeCount: 1))
      pairs.sample(0)
      pairs.choose()
      pairs.collect(0)
      pairs.code()
      let section = try #require(try pairs.section())
      // Both common words are paired.
      #expect(section[0] == 2)
    }
  }

  @Test
  func `a table of counts forgets what is rare and keeps what is frequent`() {
    var table = TripleTable()
    defer { table.deallocate() }
    for document in 0..<UInt32(400) {
      for number in 0..<UInt32(1_000) { table.count(document * 1_000 + number, in: document) }
      for _ in 0..<3 { table.count(7_000_000, in: document) }
      if document % 2 == 0 { table.count(7_000_001, in: document) }
    }
    var counts: [UInt32: Int] = [:]
    table.forEachNumber { counts[$0] = $1 }
    #expect(counts[7_000_000] == 400)
    #expect(counts[7_000_001] == 200)
    #expect(counts.count < 1 << 16)
  }

  @Test
  func `a merge makes the lists anew, without what was deleted`() throws {
    let texts = Self.texts(4_800, seed: 6)
    let index = try Self.index(texts, commits: 3)
    try index.write { writer in
      for number in stride(from: 0, to: texts.count, by: 3) {
        try writer.delete(key: DocumentKey("\(number)"))
      }
    }
    let left = texts.indices.filter { $0 % 3 != 0 }.map { texts[$0] }
    #expect(try index.searcher().count(.phrase("به در")) == Self.count("به در", in: left))
    try index.write { try $0.optimize() }
    #expect(try index.statistics().segmentCount == 1)
    #expect(try index.searcher().count(.phrase("به در")) == Self.count("به در", in: left))
    #expect(try index.check().problems.isEmpty)
  }

  @Test
  func `a document longer than the lists can say leaves them out`() throws {
    var places = MemberPlaces()
    defer { places.deallocate() }
    let code = FieldLengthCode.encode(UInt32(PairListsFormat.mostPlaces))
    #expect(FieldLengthCode.universe(code - 1) < PairListsFormat.mostPlaces)
    let isLongTaken = places.begin(0..<2, lengths: [3, code])
    #expect(!isLongTaken)
    let isShortTaken = places.begin(0..<2, lengths: [3, code - 1])
    #expect(isShortTaken)
    #expect(places.count == 1)
    let isRestTaken = places.begin(1..<2, lengths: [3, code - 1])
    #expect(isRestTaken)
    #expect(places.documents == 1..<2)
  }
}
