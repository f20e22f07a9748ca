// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct CrashPointTests {
  // PERSIANINDEX_CRASH_POINTS asks for more; Scripts/crash-test.sh does.
  private static let wanted =
    System.environment("PERSIANINDEX_CRASH_POINTS").flatMap { Int($0) } ?? 20_000

  @Test func `no crash loses an acknowledged commit or leaves half of one`() {
    var points = CrashPoints()
    var seed: UInt64 = 1
    while points.count < Self.wanted, points.problems.isEmpty {
      let directory = FaultInjectingDirectory()
      var scenario = DurabilityScenario(directory, seed: seed)
      scenario.run(steps: 120)
      #expect(scenario.problems.isEmpty)
      points.visit(
        directory.changes, attempts: scenario.attempts, tearings: 6, seed: seed)
      seed += 1
    }
    #expect(points.problems.isEmpty, "\(points.problems.prefix(3))")
    #expect(points.distinct > seed * 10)
    #expect(points.continued > 0)
    print(
      "crash points: \(points.count), distinct commits: \(points.distinct), "
        + "continued: \(points.continued), runs: \(seed - 1)")
  }
}
