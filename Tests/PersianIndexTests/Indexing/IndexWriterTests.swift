// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct IndexWriterTests {
  private static let schema = Schema(.text("body", isStored: false))

  private func writer(
    _ directory: MemoryDirectory, _ options: IndexWriterOptions = IndexWriterOptions()
  ) throws -> IndexWriter {
    if try ManifestStore(directory).newest() == nil {
      _ = try SearchIndex.create(
        in: directory, schema: Self.schema, analyzer: WhitespaceAnalyzer())
    }
    return try IndexWriter(directory, analyzer: WhitespaceAnalyzer(), options: options)
  }

  private func document(_ number: Int, words: Int) -> Document {
    let text = (0..<words).map { "word\(number &* 31 &+ $0 &* $0)" }.joined(separator: " ")
    return Document(key: DocumentKey("\(number)"), ["body": .text(text)])
  }

  @Test(arguments: [1, 2])
  func `Buffers are flushed when they reach the memory budget`(threads: Int) throws {
    let directory = MemoryDirectory()
    let writer = try writer(
      directory,
      IndexWriterOptions(memoryBudget: 1 << 20, threadCount: threads, mergesInBackground: false))
    // About 50 bytes of entry for each of 60,000 different words.
    for number in 0..<300 { try writer.add(document(number * 1_000_000, words: 200)) }
    let snapshot = try writer.snapshot()
    #expect(snapshot.documentCount == 300)
    #expect(snapshot.segments.count >= 3)
  }

  @Test func `One document with a million tokens is indexed`() throws {
    let directory = MemoryDirectory()
    let writer = try writer(directory, IndexWriterOptions(memoryBudget: 1 << 20))
    let text = String(repeating: "یک دو سه چهار ", count: 250_000)
    try writer.add(Document(key: "long", ["body": .text(text)]))
    try writer.commit()
    let reader = try #require(IndexSnapshot.newest(in: directory).segments.first).reader
    #expect(reader.dictionary.count == 4)
    #expect(reader.info.statistics.first?.totalLength == 1_000_000)
  }

  @Test func `A document with more text than the limit is refused and changes nothing`() throws {
    let directory = MemoryDirectory()
    let writer = try writer(directory)
    let text = String(repeating: "a", count: IndexWriter.maximumTextLength + 1)
    #expect(throws: IndexError.self) {
      try writer.add(Document(key: "large", ["body": .text(text)]))
    }
    try writer.add(document(1, words: 3))
    #expect(try writer.snapshot().documentCount == 1)
  }

  @Test func `Many small segments become few in the background`() throws {
    let directory = MemoryDirectory()
    let writer = try writer(
      directory, IndexWriterOptions(mergePolicy: MergePolicy(segmentsPerTier: 4)))
    for number in 0..<100 {
      try writer.add(document(number, words: 5))
      try writer.commit()
    }
    try writer.waitForMerges()
    try writer.commit()
    let snapshot = try IndexSnapshot.newest(in: directory)
    #expect(snapshot.documentCount == 100)
    #expect(snapshot.segments.count < 4)
    writer.close()
    let files = try directory.list().filter { $0.hasSuffix(".seg") }
    #expect(files.count == snapshot.segments.count)
  }

  @Test func `A searcher keeps what it saw while the writer goes on`() throws {
    let directory = MemoryDirectory()
    let writer = try writer(directory)
    for number in 0..<10 { try writer.add(document(number, words: 5)) }
    try writer.commit()
    let before = try IndexSnapshot.newest(in: directory)
    try writer.delete(key: "3")
    try writer.optimize()
    try writer.commit()
    #expect(before.documentCount == 10)
    for segment in before.segments { try segment.reader.file.verify() }
    #expect(try IndexSnapshot.newest(in: directory, reusing: before).documentCount == 9)
  }

  @Test func `Reordering that changes nothing comes to an end`() throws {
    let directory = MemoryDirectory()
    let writer = try writer(directory, IndexWriterOptions(reorderingThreshold: 2))
    for number in 0..<5 {
      try writer.add(Document(key: DocumentKey("\(number)"), ["body": "same"]))
    }
    try writer.optimize()
    try writer.commit()
    #expect(try IndexSnapshot.newest(in: directory).documentCount == 5)
  }

  @Test func `A closed writer refuses everything and lets the next one in`() throws {
    let directory = MemoryDirectory()
    let first = try writer(directory)
    try first.add(document(1, words: 2))
    first.close()
    #expect(throws: IndexError.self) { try first.add(document(2, words: 2)) }
    #expect(throws: IndexError.self) { try first.commit() }
    #expect(throws: IndexError.self) { try first.rollback() }
    let second = try writer(directory)
    #expect(try second.snapshot().documentCount == 0)
  }
}
