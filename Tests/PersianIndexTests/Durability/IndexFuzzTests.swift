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

  /// How large the index is that is damaged.
  enum Size: Int, CaseIterable, CustomTestStringConvertible {
    case small = 1
    case medium = 5
    case rich = 50

    var testDescription: String { "\(self)" }

    func write(to directory: MemoryDirectory) throws {
      switch self {
      case .small: _ = try SmallIndex.write(to: directory)
      case .medium: _ = try SmallIndex.write(to: directory, documentsPerSegment: 160)
      case .rich: try SmallIndex.writeRich(to: directory)
      }
    }
  }

  @Test(arguments: Size.allCases)
  func `a damaged index gives errors or results, never a trap`(size: Size) throws {
    let directory = MemoryDirectory()
    try size.write(to: directory)
    if size == .rich {
      let entry = try #require(try ManifestStore(directory).newest()?.segments.first)
      #expect(try SegmentFile(entry, in: directory).sections.contains { $0.kind == .pairLists })
    }
    let mutator = try IndexMutator(directory)
    var exerciser = IndexExerciser()
    let wanted = UInt64(Self.wanted / size.rawValue)
    var slowest: (seed: UInt64, milliseconds: UInt64) = (0, 0)
    for seed in Self.firstSeed..<Self.firstSeed + wanted {
      if seed % 5000 == 0 { print("fuzz: \(size), seed \(seed)") }
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
      "fuzz: \(size), \(wanted) cases, \(exerciser.successes) successes, "
        + "\(exerciser.errors), \(exerciser.messages.count) kinds of messages, the slowest "
        + "\(slowest.milliseconds) ms (seed \(slowest.seed)), memory at most "
        + "\(Process.peakMemory >> 20) MB")
  }
}
