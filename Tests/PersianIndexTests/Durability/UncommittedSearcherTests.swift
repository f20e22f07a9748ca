// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct UncommittedSearcherTests {
  private static func waits(_ directory: FaultInjectingDirectory) -> Int {
    directory.changes.count { change in
      switch change {
      case .synchronize, .synchronizeNames: true
      default: false
      }
    }
  }

  @Test(arguments: [1, 3])
  func `a searcher sees uncommitted documents without waiting for the device`(threads: Int) throws {
    let directory = FaultInjectingDirectory()
    let index = try SmallIndex.write(to: directory)
    var options = SmallIndex.options
    options.threadCount = threads
    let writer = try index.writer(options: options)
    let before = Self.waits(directory)
    for number in 100..<140 { try writer.add(SmallIndex.document(number)) }
    try writer.delete(key: "100")
    #expect(try writer.searcher().document(for: "120") != nil)
    #expect(try writer.delete(matching: .keyword("tag", "t1")) > 0)
    #expect(Self.waits(directory) == before)
    let seen = try writer.searcher()
    try writer.commit()
    #expect(Self.waits(directory) > before)
    #expect(try index.searcher().documentCount == seen.documentCount)
    #expect(try index.check().isWhole)
    writer.close()
  }

  @Test func `a file whose synchronization fails is never committed`() throws {
    let directory = FaultInjectingDirectory()
    let index = try SmallIndex.write(to: directory)
    let count = try index.statistics().documentCount
    let writer = try index.writer(options: SmallIndex.options)
    try writer.add(SmallIndex.document(100))
    _ = try writer.searcher()
    directory.fail(FaultInjectingDirectory.Fault(call: directory.calls, code: .io))
    // Not even once the device works again, because the bytes may be lost.
    for _ in 0..<2 {
      #expect(throws: IndexError.self) { try writer.commit() }
      directory.fail(nil)
    }
    #expect(try index.statistics().documentCount == count)
    try writer.rollback()
    try writer.add(SmallIndex.document(100))
    try writer.commit()
    #expect(try index.statistics().documentCount == count + 1)
    #expect(try index.check().isWhole)
    writer.close()
  }

  @Test func `uncommitted segments stay open in bounded numbers, and closing forgets them`() throws
  {
    let temporary = try TemporaryDirectory()
    let index = try SmallIndex.write(to: FileDirectory(temporary.path))
    let options = IndexWriterOptions(
      memoryBudget: 1 << 20, threadCount: 1, mergePolicy: MergePolicy(segmentsPerTier: 3),
      mergesInBackground: false)
    let writer = try index.writer(options: options)
    let before = Process.openDescriptors
    for number in 100..<300 {
      try writer.add(SmallIndex.document(number))
      #expect(try writer.searcher().document(for: DocumentKey("\(number)")) != nil)
      try writer.waitForMerges()
    }
    #expect(Process.openDescriptors < before + 100)
    writer.close()
    #expect(try index.check().leftOverFiles.isEmpty)
  }
}
