// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Several threads leave one segment behind, the same as one thread does.
struct JointFlushTests {
  private static let schema = Schema(
    .text("title", isStored: true), .text("body", isStored: false), .keyword("tag"),
    .integer("number"), .date("day"))

  private func documents(_ count: Int, seed: UInt64) -> [Document] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      func text(_ length: Int) -> String {
        (0..<length).map { _ in
          let rank = Double.random(in: 0..<1, using: &generator)
          return "کتاب‌های\(Int(rank * rank * rank * 4000))"
        }.joined(separator: " ")
      }
      // Some keys come again, and some documents lack fields.
      let key = Int.random(in: 0..<50, using: &generator) == 0 ? number / 2 : number
      var document = Document(key: DocumentKey("\(key)"))
      document["body"] = .text(text(Int.random(in: 0...300, using: &generator)))
      if number % 3 != 0 { document["title"] = .text(text(4)) }
      if number % 5 != 0 { document["tag"] = .text("tag\(number % 7)") }
      if number % 2 == 0 { document["number"] = .integer(Int64(number * 3)) }
      return document
    }
  }

  private func index(
    _ documents: [Document], threads: Int, analyzer: any Analyzer = PersianAnalyzer(),
    memoryBudget: Int = 64 << 20
  ) throws -> (index: SearchIndex, directory: MemoryDirectory) {
    let directory = MemoryDirectory()
    let index = try SearchIndex.create(in: directory, schema: Self.schema, analyzer: analyzer)
    let writer = try index.writer(
      options: IndexWriterOptions(
        memoryBudget: memoryBudget, threadCount: threads, mergesInBackground: false))
    for document in documents { try writer.add(document) }
    try writer.commit()
    writer.close()
    return (index, directory)
  }

  @Test(arguments: [2, 3, 8])
  func `Threads write the segment that one thread writes`(threads: Int) throws {
    let documents = documents(2500, seed: 7)
    let one = try index(documents, threads: 1)
    let many = try index(documents, threads: threads)
    let ours = try #require(IndexSnapshot.newest(in: one.directory).segments.first)
    let theirs = try IndexSnapshot.newest(in: many.directory).segments
    #expect(theirs.count == 1)
    let reader = try #require(theirs.first).reader
    #expect(reader.documentCount == ours.reader.documentCount)
    #expect(theirs.first?.live?.deletedCount == ours.live?.deletedCount)
    #expect(try many.index.check().isWhole)
    for document in 0..<UInt32(reader.documentCount) {
      #expect(try reader.keys.key(of: document) == ours.reader.keys.key(of: document))
      #expect(reader.sequences[document] == ours.reader.sequences[document])
    }
    for field in [0, 1] {
      #expect(Array(reader.lengths(of: field)) == Array(ours.reader.lengths(of: field)))
    }
    // Everything that is searched, byte by byte.
    for kind in [SectionKind.postings, .termDictionary, .pairLists, .docValues] {
      for field in UInt16(0)..<5 {
        let (mine, other) = (
          ours.reader.file.section(kind, field: field).map(Array.init),
          reader.file.section(kind, field: field).map(Array.init)
        )
        #expect(mine == other, "section \(kind) of field \(field)")
      }
    }
    let (first, second) = (try one.index.searcher(), try many.index.searcher())
    for word in ["کتاب‌های0", "کتاب‌های12", "کتاب‌های900"] {
      let (a, b) = (try first.search(word, limit: 50), try second.search(word, limit: 50))
      #expect(a.map(\.key) == b.map(\.key))
      #expect(a.map(\.score) == b.map(\.score))
      #expect(a.map { $0["title"] } == b.map { $0["title"] })
    }
  }

  @Test(arguments: [2, 3])
  func `Buffers that fill up become segments, also that of the adding thread`(threads: Int) throws {
    let documents = documents(1200, seed: 11)
    let one = try index(documents, threads: 1, analyzer: WhitespaceAnalyzer())
    let many = try index(
      documents, threads: threads, analyzer: WhitespaceAnalyzer(), memoryBudget: 1 << 20)
    #expect(try IndexSnapshot.newest(in: many.directory).segments.count > 2 * threads)
    #expect(try many.index.check().isWhole)
    let (first, second) = (try one.index.searcher(), try many.index.searcher())
    #expect(first.documentCount == second.documentCount)
    for word in ["کتاب‌های0", "کتاب‌های12", "کتاب‌های900"] {
      let (a, b) = (try first.search(word, limit: 1200), try second.search(word, limit: 1200))
      #expect(Set(a.map(\.key)) == Set(b.map(\.key)))
      #expect(a.totalCount == b.totalCount)
      // Segments round scores their own way: documents that are all but equal may change places, also
      // where the last one stands whose evidence counts.
      let scores = (a.map(\.baseScore).sorted(), b.map(\.baseScore).sorted())
      #expect(zip(scores.0, scores.1).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test func `Documents that store nothing and have no terms are written by many threads`() throws {
    let documents = (0..<5000).map { Document(key: DocumentKey("سند \($0)")) }
    let (index, directory) = try index(documents, threads: 4)
    #expect(try IndexSnapshot.newest(in: directory).segments.count == 1)
    #expect(try index.searcher().documentCount == 5000)
    #expect(try index.check().isWhole)
  }

  @Test(arguments: [16, 1])
  func `Whichever call fails, the documents of all threads can be added again`(
    megabytes: Int
  ) throws {
    let documents = documents(250, seed: 3)
    func writer(_ directory: FaultInjectingDirectory) throws(IndexError) -> IndexWriter {
      try IndexWriter(
        directory, analyzer: WhitespaceAnalyzer(),
        options: IndexWriterOptions(
          memoryBudget: megabytes << 20, threadCount: 4, mergesInBackground: false))
    }
    func create(_ directory: FaultInjectingDirectory) throws {
      _ = try SearchIndex.create(
        in: directory, schema: Self.schema, analyzer: WhitespaceAnalyzer())
    }
    let whole = FaultInjectingDirectory()
    try create(whole)
    let before = whole.calls
    let first = try writer(whole)
    for document in documents { try first.add(document) }
    try first.commit()
    let expected = try first.snapshot().documentCount
    #expect(try first.snapshot().segments.count == 1 || megabytes == 1)
    for call in stride(from: before, to: whole.calls, by: max(1, (whole.calls - before) / 20)) {
      let directory = FaultInjectingDirectory(.init(call: call, code: .outOfSpace))
      try create(directory)
      do throws(IndexError) {
        let writer = try writer(directory)
        defer { writer.close() }
        do throws(IndexError) {
          for document in documents { try writer.add(document) }
          try writer.commit()
        } catch {
          #expect(error.code == .outOfSpace)
          try writer.rollback()
          for document in documents { try writer.add(document) }
          try writer.commit()
        }
        #expect(try writer.snapshot().documentCount == expected, "call \(call)")
      } catch {
        // Opening the writer was what failed.
        #expect(error.code == .outOfSpace, "call \(call)")
      }
      // How many segments small buffers become, and so how many calls there are, is up to the threads.
      #expect(directory.hasFailed || megabytes == 1)
    }
  }

  @Test(arguments: [1, 2, 3])
  func `Documents are ordered by their numbers`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var sequences: [[UInt64]] = [[], [], [], []]
    for number in UInt64(0)..<3000 where number % 11 != 5 {
      sequences[Int((number / 40) % 3) + (Bool.random(using: &generator) ? 1 : 0)].append(number)
    }
    let order = DocumentOrder(sequences)
    let numbers = order.runs.flatMap { sequences[$0.source][$0.documents] }
    #expect(numbers == numbers.sorted())
    #expect(numbers.count == sequences.reduce(0) { $0 + $1.count })
    #expect(order.count == numbers.count)
    for (source, places) in order.places.enumerated() {
      #expect(places.count == sequences[source].count)
      #expect((0..<places.count).map { numbers[Int(places[$0])] } == sequences[source])
    }
  }
}
