// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct MergingDeletionTests {
  /// A directory in memory in which new segment files can be held up.
  private final class SlowDirectory: StorageDirectory {
    private struct State {
      var isHolding = false
      var heldCount = 0
    }

    private let memory = MemoryDirectory()
    private let state = Monitor(State())

    var path: String { memory.path }

    /// Holds up the next segment file that is created.
    func hold() {
      state.withLock { $0.isHolding = true }
    }

    /// Waits until a segment file is held up.
    func waitUntilHeld() {
      state.wait { $0.heldCount > 0 ? () : nil }
    }

    func release() {
      state.withLock { $0.isHolding = false }
    }

    func create(_ name: String) throws(IndexError) -> any StorageOutput {
      if case .segment? = IndexFileName(name) {
        state.withLock { $0.heldCount += $0.isHolding ? 1 : 0 }
        state.wait { $0.isHolding ? nil : () }
      }
      return try memory.create(name)
    }

    func list() throws(IndexError) -> [String] { try memory.list() }
    func open(_ name: String) throws(IndexError) -> MappedBytes { try memory.open(name) }
    func remove(_ name: String) throws(IndexError) { try memory.remove(name) }
    func synchronize() throws(IndexError) { try memory.synchronize() }

    func rename(_ from: String, to: String) throws(IndexError) {
      try memory.rename(from, to: to)
    }

    func lock(waitingUpTo seconds: Double) throws(IndexError) -> WriterLock {
      try memory.lock(waitingUpTo: seconds)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `what is deleted and committed during a merge does not come back with it`() throws {
    let directory = SlowDirectory()
    let index = try SearchIndex.create(
      in: directory, schema: SmallIndex.schema, analyzer: SmallIndex.analyzer)
    for number in [1, 2] {
      try index.write(options: SmallIndex.options) { try $0.add(SmallIndex.document(number)) }
    }
    // The merge of both segments stands still when its file is created.
    directory.hold()
    let writer = try index.writer(
      options: IndexWriterOptions(
        memoryBudget: 1 << 20, threadCount: 1, mergePolicy: MergePolicy(segmentsPerTier: 2)))
    directory.waitUntilHeld()
    try writer.delete(key: "2")
    try writer.commit()
    directory.release()
    try writer.waitForMerges()
    try writer.commit()
    #expect(try index.searcher().address(of: "2") == nil)
    #expect(try index.searcher().documentCount == 1)
    #expect(try index.check().isWhole)
    writer.close()
  }
}
