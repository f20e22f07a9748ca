// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct IndexWriterModelTests {
  /// What the documents of an index are meant to be: the text and the number of every key.
  private typealias Content = [String: [String]]

  private static let schema = Schema(.text("body"), .keyword("tag"), .integer("number"))

  // Scripts/model-test.sh asks for more runs.
  private static let slowedRuns =
    System.environment("PERSIANINDEX_MODEL_RUNS").flatMap { UInt64($0) } ?? 6

  @Test(arguments: [
    (UInt64(1), 1, true), (2, 1, false), (3, 2, true), (4, 3, true), (5, 3, false), (6, 2, true),
  ])
  func `Any sequence of changes leaves what a dictionary would`(
    seed: UInt64, threads: Int, merges: Bool
  ) throws {
    try run(seed, in: MemoryDirectory(), threads: threads, merges: merges)
  }

  // Slow files let several changes and commits come while a merge is under way.
  @Test(arguments: 1...slowedRuns)
  func `merges that take long change nothing of that`(seed: UInt64) throws {
    try run(
      seed, in: SteeredDirectory(delaysFrom: seed), threads: Int(seed % 3) + 1, merges: true)
  }

  private func run(
    _ seed: UInt64, in directory: some StorageDirectory, threads: Int, merges: Bool
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let options = IndexWriterOptions(
      memoryBudget: 1 << 20, threadCount: threads,
      mergePolicy: MergePolicy(segmentsPerTier: 3, smallestTier: 4096),
      mergesInBackground: merges, reorderingThreshold: seed % 2 == 0 ? 30 : nil)
    let index = try SearchIndex.create(
      in: directory, schema: Self.schema, analyzer: WhitespaceAnalyzer())
    var writer = try IndexWriter(directory, analyzer: WhitespaceAnalyzer(), options: options)
    var committed: Content = [:]
    var model: Content = [:]
    for step in 0..<700 {
      let key = "key \(Int.random(in: 0..<120, using: &generator))"
      switch Int.random(in: 0..<200, using: &generator) {
      case 0..<140:
        let value = text(&generator)
        try writer.add(document(key, value, step: step))
        model[key] = [value, "\(step)"]
      case 140..<170:
        try writer.delete(key: DocumentKey(key))
        model[key] = nil
      case 170..<184:
        try writer.commit()
        committed = model
        #expect(try content(of: IndexSnapshot.newest(in: directory)) == committed)
      case 184..<188:
        try writer.rollback()
        model = committed
      case 188..<192:
        #expect(try content(of: writer.snapshot()) == model)
      case 192..<194:
        try writer.optimize()
      case 194..<196:
        try writer.waitForMerges()
      case 196..<198:
        let gone = "tag \(Int.random(in: 0..<5, using: &generator))"
        let count = try writer.delete { (snapshot) throws(IndexError) in
          try self.documents(of: snapshot, tagged: gone)
        }
        let before = model.count
        model = model.filter { tag(of: Int($0.value[1]) ?? 0) != gone }
        #expect(count == before - model.count)
      default:
        writer.close()
        model = committed
        writer = try IndexWriter(directory, analyzer: WhitespaceAnalyzer(), options: options)
      }
    }
    try writer.optimize()
    try writer.commit()
    let last = try IndexSnapshot.newest(in: directory)
    #expect(last.segments.count <= 1)
    #expect(try content(of: last) == model)
    #expect(try index.statistics().documentCount == model.count)
    for segment in last.segments { try segment.reader.file.verify() }
  }

  private func text(_ generator: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...12, using: &generator)).map { _ in
      "w\(Int.random(in: 0..<40, using: &generator))"
    }.joined(separator: " ")
  }

  private func tag(of step: Int) -> String { "tag \(step % 5)" }

  private func document(_ key: String, _ text: String, step: Int) -> Document {
    Document(
      key: DocumentKey(key),
      ["body": .text(text), "tag": .text(tag(of: step)), "number": .integer(Int64(step))])
  }

  private func documents(
    of snapshot: IndexSnapshot, tagged tag: String
  ) throws(IndexError) -> [[UInt32]] {
    var found: [[UInt32]] = []
    let key = [IndexedFields.terms(of: 1)] + Array(tag.utf8)
    for segment in snapshot.segments {
      let reader = segment.reader
      var list = DecodedPostings()
      let info = try key.withUnsafeBufferPointer { (key) throws(IndexError) in
        try reader.dictionary.find(key)
      }
      if let info {
        try reader.postings.decode(
          info, lengths: reader.searchFields[2].lengths, hasPositions: false, into: &list)
      }
      found.append(list.documents)
    }
    return found
  }

  /// Reads everything back: from the stored fields, the column, and the inverted lists, which must
  /// agree.
  private func content(of snapshot: IndexSnapshot) throws -> Content {
    var content: Content = [:]
    for segment in snapshot.segments {
      let reader = segment.reader
      let texts = try self.texts(of: reader)
      for document in 0..<UInt32(reader.documentCount)
      where segment.live?.isLive(document) ?? true {
        let key = String(decoding: try reader.keys.key(of: document), as: UTF8.self)
        let fields = try reader.stored.document(document).withUnsafeBytes {
          try DocumentCoding(Self.schema).decode($0, path: "")
        }
        let number = try #require(reader.column(2, document: document))
        #expect(fields["number"] == .integer(number))
        #expect(fields["body"]?.description == texts[Int(document)])
        #expect(content[key] == nil, "two live documents have the key \(key)")
        content[key] = [texts[Int(document)], "\(number)"]
      }
    }
    return content
  }

  /// Puts the texts of all documents together from the positions of their terms.
  private func texts(of reader: SegmentReader) throws -> [String] {
    var words = [[UInt32: String]](repeating: [:], count: reader.documentCount)
    var cursor = try reader.dictionary.cursor(from: UnsafeBufferPointer(start: nil, count: 0))
    var list = DecodedPostings()
    while try cursor.next() {
      guard cursor.key[0] == 0 else { continue }
      try reader.postings.decode(
        cursor.info, lengths: reader.lengths(of: 0), hasPositions: true, into: &list)
      var positions = list.positions.makeIterator()
      for (document, frequency) in zip(list.documents, list.frequencies) {
        for _ in 0..<frequency {
          words[Int(document)][positions.next() ?? .max] =
            String(decoding: cursor.key.dropFirst(), as: UTF8.self)
        }
      }
    }
    return words.map { words in
      words.sorted { $0.key < $1.key }.map(\.value).joined(separator: " ")
    }
  }
}
