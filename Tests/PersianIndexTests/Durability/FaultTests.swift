// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct FaultTests {
  private static let codes: [IndexError.Code] = [
    .io, .outOfSpace, .outOfResources, .notPermitted, .closed,
  ]
  // PERSIANINDEX_FAULTS asks for more runs of each code.
  private static let wanted =
    System.environment("PERSIANINDEX_FAULTS").flatMap { Int($0) } ?? 60

  @Test(arguments: codes)
  func `whichever call fails, the index stays whole and the writer goes on`(
    code: IndexError.Code
  ) {
    var done = 0
    var seed: UInt64 = 1
    while done < Self.wanted {
      let calls = Self.run(seed: seed, nil).directory.calls
      let step = max(1, calls / max(1, Self.wanted - done))
      for call in stride(from: Int(seed) % step, to: calls, by: step) {
        let (directory, scenario) = Self.run(seed: seed, .init(call: call, code: code))
        #expect(directory.hasFailed)
        Self.check(directory, scenario, "seed \(seed), call \(call), \(code)")
        done += 1
      }
      seed += 1
    }
  }

  private static func run(
    seed: UInt64, _ fault: FaultInjectingDirectory.Fault?
  ) -> (directory: FaultInjectingDirectory, scenario: DurabilityScenario) {
    let directory = FaultInjectingDirectory(fault)
    var scenario = DurabilityScenario(directory, seed: seed)
    scenario.run(steps: 60)
    return (directory, scenario)
  }

  private static func check(
    _ directory: FaultInjectingDirectory, _ scenario: DurabilityScenario, _ place: String
  ) {
    #expect(scenario.problems.isEmpty, "\(place)")
    do throws(IndexError) {
      let content = try DurabilityScenario.content(of: directory)
      #expect(content == scenario.attempts[scenario.acknowledged], "\(place)")
    } catch {
      Issue.record("\(place): \(error)")
    }
    // After the failure a crash at any point must be harmless as well.
    var points = CrashPoints()
    points.visit(
      directory.changes, attempts: scenario.attempts, tearings: 1, continuingEvery: 200, seed: 1)
    #expect(points.problems.isEmpty, "\(place): \(points.problems.prefix(3))")
  }
}
