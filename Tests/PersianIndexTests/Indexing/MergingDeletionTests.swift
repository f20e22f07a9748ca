// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct MergingDeletionTests {
  private static func index(
    in directory: SteeredDirectory
  ) throws -> SearchIndex {
    let index = try SearchIndex.create(
      in: directory, schema: SmallIndex.schema, analyzer: SmallIndex.analyzer)
    for number in [1, 2] {
      try index.write(options: SmallIndex.options) { try $0.add(SmallIndex.document(number)) }
    }
    return index
  }

  @Test(.timeLimit(.minutes(5)), arguments: [false, true])
  func `what is deleted or replaced, and committed, during a merge does not come back with it`(
    replaces: Bool
  ) throws {
    let directory = SteeredDirectory()
    let index = try Self.index(in: directory)
    // The merge of both segments stands still when its file is created.
    directory.hold()
    let writer = try index.writer(
      options: IndexWriterOptions(
        memoryBudget: 1 << 20, threadCount: 1, mergePolicy: MergePolicy(segmentsPerTier: 2)))
    directory.waitUntilHeld()
    if replaces {
      try writer.update(SmallIndex.document(2))
    } else {
      try writer.delete(key: "2")
    }
    // Nothing is left of the second segment, which the merge has in hand.
    try writer.commit()
    directory.release()
    try writer.waitForMerges()
    try writer.commit()
    let searcher = try index.searcher()
    #expect(try (searcher.address(of: "2") != nil) == replaces)
    #expect(searcher.documentCount == (replaces ? 2 : 1))
    #expect(try searcher.count(.all) == (replaces ? 2 : 1))
    #expect(try index.check().isWhole)
    writer.close()
  }

  // Its file has the number that the next writer gives to one of its own.
  @Test(.timeLimit(.minutes(5)))
  func `closing waits for the merge of another thread`() throws {
    let directory = SteeredDirectory()
    let index = try Self.index(in: directory)
    let writer = try index.writer(options: SmallIndex.options)
    directory.hold()
    let merging = try Thread(name: "merging") {
      let error = #expect(throws: IndexError.self) { try writer.optimize() }
      #expect(error?.code == .closed)
    }
    directory.waitUntilHeld()
    let following = try Thread(name: "following") {
      writer.close()
      #expect(throws: Never.self) {
        try index.write(options: SmallIndex.options) { try $0.add(SmallIndex.document(3)) }
      }
    }
    // Time enough for the following writer, did closing not wait.
    System.sleep(milliseconds: 100)
    directory.release()
    merging.join()
    following.join()
    let report = try index.check()
    #expect(report.isWhole && report.leftOverFiles.isEmpty, "\(report.problems)")
    #expect(try index.searcher().documentCount == 3)
  }
}
