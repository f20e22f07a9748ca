// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct ConcurrentModelTests {
  // Scripts/model-test.sh asks for more operations.
  private static let wanted =
    System.environment("PERSIANINDEX_MODEL_OPERATIONS").flatMap { Int($0) } ?? 8000
  private static let readerCount = 2

  @Test(arguments: [true, false])
  func `tasks that change and search at once see what the model says`(inMemory: Bool) async throws {
    let temporary = try TemporaryDirectory()
    let options = IndexWriterOptions(
      memoryBudget: 2 << 20, threadCount: inMemory ? 2 : 1,
      mergePolicy: MergePolicy(segmentsPerTier: 4, smallestTier: 16 << 10),
      reorderingThreshold: inMemory ? 200 : nil)
    let directory: any StorageDirectory =
      inMemory ? MemoryDirectory() : FileDirectory(temporary.path)
    let model = try ConcurrentModel(directory, options: options)
    let wanted = Self.wanted / 2
    let isDone: @Sendable () -> Bool = { model.operations >= wanted || !model.problems.isEmpty }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<ConcurrentModel.workerCount {
        group.addTask {
          var generator = SeededGenerator(seed: UInt64(worker) + 1)
          while !isDone() {
            generator = try await Self.onThread(generator) { generator in
              model.work(worker, steps: 20, using: &generator)
            }
          }
        }
      }
      group.addTask {
        var generator = SeededGenerator(seed: 100)
        while !isDone() {
          generator = try await Self.onThread(generator) { generator in
            model.coordinate(steps: 4, using: &generator)
          }
        }
      }
      for reader in 0..<Self.readerCount {
        group.addTask {
          var state: (generator: SeededGenerator, searcher: Searcher?) = (
            SeededGenerator(seed: 200 + UInt64(reader)), nil
          )
          while !isDone() {
            state = try await Self.onThread(state) { state in
              model.read(&state.searcher, using: &state.generator)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    try model.finish()
    #expect(model.problems.isEmpty, "\(model.problems.prefix(3))")
    #expect(model.comparedCommits > 5)
    print("model: \(model.operations) operations, \(model.comparedCommits) commits compared")
  }

  private static func onThread<State: Sendable>(
    _ state: State, _ body: @escaping @Sendable (inout State) -> Void
  ) async throws -> State {
    try await IndexThreads.run {
      var state = state
      body(&state)
      return state
    }
  }
}
