// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct SoakTests {
  // Scripts/soak-test.sh asks for minutes.
  private static let seconds =
    System.environment("PERSIANINDEX_SOAK_SECONDS").flatMap { UInt64($0) } ?? 2
  private static let readerCount = 8
  private static let markers = (0..<20).map { DocumentKey("marker\($0)") }

  private struct Progress {
    var isDone = false
    var commits = 0
    var reads = 0
    var problems: [String] = []
    // Open descriptors and resident bytes, once after each tenth of the time.
    var descriptors: [Int] = []
    var residentBytes: [Int] = []
  }

  @Test func `readers see whole commits while a writer updates and merges`() throws {
    let temporary = try TemporaryDirectory()
    let index = try SearchIndex.create(
      at: temporary.path, schema: Schema(.text("body"), .integer("version")),
      analyzer: WhitespaceAnalyzer())
    let progress = Monitor(Progress())
    let end = MonotonicClock.nanoseconds + Self.seconds * 1_000_000_000
    var threads = [try Thread(name: "writer") { Self.write(index, progress) }]
    for number in 0..<Self.readerCount {
      threads.append(try Thread(name: "reader\(number)") { Self.read(index, progress) })
    }
    while MonotonicClock.nanoseconds < end {
      System.sleep(milliseconds: Int(Self.seconds) * 100)
      let descriptors = Process.openDescriptors
      let resident = Process.residentMemory
      progress.withLock {
        $0.descriptors.append(descriptors)
        $0.residentBytes.append(resident)
      }
    }
    progress.withLock { $0.isDone = true }
    for thread in threads { thread.join() }
    let result = progress.withLock { $0 }
    #expect(result.problems.isEmpty, "\(result.problems.prefix(3))")
    #expect(result.commits > 0)
    #expect(result.reads > 0)
    #expect(try index.check().isWhole)
    print(
      "soak: \(Self.seconds) s, \(result.commits) commits, \(result.reads) reads, "
        + "descriptors \(result.descriptors), resident MB "
        + "\(result.residentBytes.map { $0 >> 20 })")
  }

  private static func write(_ index: SearchIndex, _ progress: Monitor<Progress>) {
    do {
      let options = IndexWriterOptions(
        memoryBudget: 4 << 20, threadCount: 2, mergePolicy: MergePolicy(segmentsPerTier: 4))
      let writer = try index.writer(options: options)
      var generator = SeededGenerator(seed: 1)
      var version: Int64 = 0
      while !progress.withLock({ $0.isDone }) {
        version += 1
        for key in markers {
          try writer.update(
            Document(key: key, ["version": .integer(version), "body": "نشانه"]))
        }
        for _ in 0..<200 {
          let number = Int.random(in: 0..<5000, using: &generator)
          let words = (0..<30).map { _ in "و\(Int.random(in: 0..<2000, using: &generator))" }
          if number % 5 == 0 {
            try writer.delete(key: DocumentKey("\(number)"))
          } else {
            try writer.update(
              Document(key: DocumentKey("\(number)"), ["body": .text(words.joined(separator: " "))])
            )
          }
        }
        if version % 10 == 0 { try writer.rollback() } else { try writer.commit() }
        progress.withLock { $0.commits += 1 }
      }
      writer.close()
    } catch {
      progress.withLock { $0.problems.append("writer: \(error)") }
    }
  }

  private static func read(_ index: SearchIndex, _ progress: Monitor<Progress>) {
    do {
      var searcher = try index.searcher()
      var last: Int64 = 0
      while !progress.withLock({ $0.isDone }) {
        searcher = try index.searcher(refreshing: searcher)
        var versions: Set<Int64> = []
        for key in markers {
          guard case .integer(let version)? = try searcher.document(for: key)?.fields["version"]
          else { continue }
          versions.insert(version)
        }
        let found = try searcher.count(.words("نشانه"))
        let isWhole =
          versions.isEmpty
          ? found == 0 : versions.count == 1 && found == markers.count
        guard isWhole, versions.first ?? 0 >= last else {
          throw IndexError(.corrupt, "saw versions \(versions) after \(last), \(found) markers")
        }
        last = versions.first ?? last
        _ = try searcher.search(.words("و1 و2 و3"), options: SearchOptions(limit: 10))
        progress.withLock { $0.reads += 1 }
      }
    } catch {
      progress.withLock { $0.problems.append("reader: \(error)") }
    }
  }
}
