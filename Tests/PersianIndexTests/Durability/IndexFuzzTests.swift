// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct IndexFuzzTests {
  // Scripts/fuzz-index.sh asks for more cases and other seeds.
  private static let wanted =
    System.environment("PERSIANINDEX_FUZZ_CASES").flatMap { Int($0) } ?? 1000
  private static let firstSeed =
    System.environment("PERSIANINDEX_FUZZ_SEED").flatMap { UInt64($0) } ?? 1

  @Test(arguments: [12, 160])
  func `a damaged index gives errors or results, never a trap`(documentsPerSegment: Int) throws {
    let directory = MemoryDirectory()
    let index = try SmallIndex.write(to: directory, documentsPerSegment: documentsPerSegment)
    if documentsPerSegment > 100 {
      // One segment whose lists have full blocks, with documents in another order.
      var options = SmallIndex.options
      options.reorderingThreshold = 10
      let writer = try index.writer(options: options)
      try writer.optimize()
      try writer.delete(key: DocumentKey("5"))
      try writer.commit()
      writer.close()
    }
    let mutator = try IndexMutator(directory)
    var exerciser = IndexExerciser()
    let wanted = UInt64(documentsPerSegment > 100 ? Self.wanted / 5 : Self.wanted)
    var slowest: (seed: UInt64, milliseconds: UInt64) = (0, 0)
    for seed in Self.firstSeed..<Self.firstSeed + wanted {
      if seed % 10_000 == 0 { print("fuzz: \(documentsPerSegment) documents, seed \(seed)") }
      var generator = SeededGenerator(seed: seed)
      let start = MonotonicClock.nanoseconds
      exerciser.run(
        mutator.mutated(using: &generator), checking: seed % 4 == 0, writing: seed % 8 == 1,
        query: Int(seed % 97))
      let milliseconds = (MonotonicClock.nanoseconds - start) / 1_000_000
      if milliseconds > slowest.milliseconds { slowest = (seed, milliseconds) }
    }
    #expect(exerciser.successes > 0)
    #expect(exerciser.errors[.corrupt, default: 0] > 0)
    print(
      "fuzz: \(documentsPerSegment) documents, \(wanted) cases, \(exerciser.successes) successes, "
        + "\(exerciser.errors), \(exerciser.messages.count) kinds of messages, the slowest "
        + "\(slowest.milliseconds) ms (seed \(slowest.seed)), memory at most "
        + "\(Process.peakMemory >> 20) MB")
  }
}
