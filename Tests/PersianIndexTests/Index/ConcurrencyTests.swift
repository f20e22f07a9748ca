// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Synchronization
import Testing

struct ConcurrencyTests {
  private static func index() throws -> SearchIndex {
    try SearchIndex.inMemory(schema: SmallIndex.schema, analyzer: SmallIndex.analyzer)
  }

  @Test func `tasks write, commit and search by awaiting`() async throws {
    let index = try Self.index()
    let writer = try await index.writer(options: SmallIndex.options)
    try await writer.add(SmallIndex.document(1))
    try await writer.update(SmallIndex.document(2))
    try await writer.update(SmallIndex.document(3))
    try await writer.delete(key: "3")
    #expect(try await writer.searcher().count(.all) == 2)
    #expect(try await writer.delete(matching: .keyword("tag", "t2")) == 1)
    try await writer.rollback()
    try await writer.add(SmallIndex.document(4))
    try await writer.commit()
    try await writer.optimize()
    try await writer.waitForMerges()
    await writer.close()
    let searcher = try await index.searcher()
    #expect(try await searcher.search("عنوان 4").hits.map(\.key) == ["4"])
    #expect(try await searcher.search(.words("همه"), options: SearchOptions()).hits.count == 1)
    #expect(try await index.searcher(refreshing: searcher).generation == searcher.generation)
    await #expect(throws: IndexError.self) { try await writer.add(SmallIndex.document(5)) }
  }

  @Test func `a closure writes on a thread of its own and its error takes everything back`()
    async throws
  {
    let index = try Self.index()
    let count = try await index.write(options: SmallIndex.options) { writer in
      for number in 0..<20 { try writer.add(SmallIndex.document(number)) }
      return 20
    }
    #expect(count == 20)
    await #expect(throws: CancellationError.self) {
      try await index.write(options: SmallIndex.options) { writer in
        try writer.add(SmallIndex.document(100))
        throw CancellationError()
      }
    }
    #expect(try await index.searcher().documentCount == 20)
    // The lock has been given back.
    try await index.write(options: SmallIndex.options) { try $0.delete(key: "0") }
    #expect(try await index.searcher().documentCount == 19)
  }

  // As many blocked calls as there are threads of the cooperative pool, and more.
  @Test(.timeLimit(.minutes(5)))
  func `blocked calls leave the tasks' own threads free`() async throws {
    let gate = Monitor(false)
    let count = min(ThreadPool.shared.limit, System.availableCores + 4)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<count {
        group.addTask {
          try await IndexThreads.run { gate.wait { $0 ? () : nil } }
        }
      }
      // Were the tasks' threads blocked, this one could never run.
      group.addTask {
        for _ in 0..<100 { await Task.yield() }
        gate.withLock { $0 = true }
      }
      try await group.waitForAll()
    }
  }

  @Test func `more calls than threads are all made`() async throws {
    let sum = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<500 {
        group.addTask { try await IndexThreads.run { number } }
      }
      return try await group.reduce(0, +)
    }
    #expect(sum == 500 * 499 / 2)
  }

  @Test func `a cancelled task changes nothing and says so`() async throws {
    let index = try Self.index()
    let writer = try await index.writer(options: SmallIndex.options)
    try await writer.add(SmallIndex.document(1))
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await writer.commit()
    }
    task.cancel()
    let error = await #expect(throws: IndexError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    #expect(try await index.searcher().documentCount == 0)
    // The changes are still there.
    try await writer.commit()
    #expect(try await index.searcher().documentCount == 1)
    await writer.close()
  }

  @Test func `a closure's next change throws once its task is cancelled`() async throws {
    let index = try Self.index()
    let hasBegun = Monitor(false)
    let task = Task {
      try await index.write(options: SmallIndex.options) { writer in
        var number = 0
        while true {
          try writer.add(SmallIndex.document(number % 100))
          number += 1
          if number == 50 { hasBegun.withLock { $0 = true } }
        }
      }
    }
    try await IndexThreads.run { hasBegun.wait { $0 ? () : nil } }
    task.cancel()
    let result = await task.result
    let error = #expect(throws: IndexError.self) { try result.get() }
    #expect(error?.code == .cancelled)
    #expect(try await index.searcher().documentCount == 0)
    try await index.write(options: SmallIndex.options) { try $0.add(SmallIndex.document(1)) }
  }

  @Test func `who waits for the lock gets it, and stops waiting when cancelled`() async throws {
    let index = try Self.index()
    let first = try await index.writer(options: SmallIndex.options)
    let error = await #expect(throws: IndexError.self) {
      try await index.writer(options: SmallIndex.options, waitingUpTo: 0.02)
    }
    #expect(error?.code == .locked)
    let cancelled = Task {
      try await index.writer(options: SmallIndex.options, waitingUpTo: 1e9)
    }
    let waiting = Task {
      let writer = try await index.writer(options: SmallIndex.options, waitingUpTo: 1e9)
      await writer.close()
    }
    try await Task.sleep(nanoseconds: 20_000_000)
    cancelled.cancel()
    let result = await cancelled.result
    #expect(#expect(throws: IndexError.self) { try result.get() }?.code == .cancelled)
    await first.close()
    try await waiting.value
  }

  // Everything a searcher shares between its threads is used: analysis, ranking, positions, snippets,
  // the vocabulary.
  @Test func `eight threads get from one searcher what one gets, while indexing goes on`() throws {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("title", weight: 2), .text("body")), analyzer: PersianAnalyzer())
    let words = [
      "کتاب", "کتاب‌ها", "می‌روند", "رفته بودند", "تعاونی", "دانشجویان", "شهر", "از", "این",
    ]
    @Sendable func document(_ number: Int) -> Document {
      let text = (0..<20).map { words[(number * 7 + $0 * $0) % words.count] }
      return Document(
        key: DocumentKey("\(number)"),
        ["title": .text("\(text[0]) \(number)"), "body": .text(text.joined(separator: " "))])
    }
    let options = IndexWriterOptions(memoryBudget: 4 << 20, threadCount: 3)
    try index.write(options: options) { writer in
      for number in 0..<200 { try writer.add(document(number)) }
    }
    let searcher = try index.searcher()
    @Sendable func answers() throws(IndexError) -> [String] {
      var answers: [String] = []
      for text in ["کتاب", "کتاب شهر", "\"از این\"", "می‌رود", "کتا*", "دانشجو -شهر"] {
        for hit in try searcher.search(text, limit: 5).hits {
          answers.append("\(hit.key) \(hit.score) \(hit.snippet(of: "body"))")
        }
        answers.append("\(try searcher.count(.words(text)))")
      }
      answers += try searcher.similar(to: "7").hits.map { "\($0.key)" }
      let vocabulary = try searcher.vocabulary()
      answers += vocabulary.completions(of: "کت").map(\.text)
      answers += vocabulary.corrections(of: "کتلب").map(\.text)
      return answers
    }
    let expected = try answers()
    #expect(expected.count > 20)
    let differences = Monitor(0)
    var threads = try (0..<8).map { number in
      try Thread(name: "reader\(number)") {
        for _ in 0..<3 where (try? answers()) != expected {
          differences.withLock { $0 += 1 }
        }
      }
    }
    threads.append(
      try Thread(name: "writer") {
        for round in 1...3 {
          try? index.write(options: options) { writer in
            for number in 0..<100 { try writer.update(document(number + round * 50)) }
          }
        }
      })
    for thread in threads { thread.join() }
    #expect(differences.withLock { $0 } == 0)
    #expect(try index.searcher().documentCount == 250)
  }
}
