// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Synchronization

extension ConcurrentModel {
  /// Commits, rolls back, merges or opens the writer anew.
  package func coordinate(steps: Int, using generator: inout SeededGenerator) {
    do {
      for _ in 0..<steps {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<50: try gate.share { try commit() }
        case 50..<75: try gate.take { try commit() }
        case 75..<85: try gate.take { try rollback() }
        case 85..<90: try writer.withLock { $0 }.waitForMerges()
        case 90..<95: try gate.share { try writer.withLock { $0 }.optimize() }
        default: try gate.take { try reopen() }
        }
        count()
      }
    } catch {
      record("coordinator: \(error)")
    }
  }

  private func commit() throws {
    let begun = parts.map { part in part.withLock { $0.finishedCount } }
    try writer.withLock { $0 }.commit()
    // The log is written before a change is made: what it has now includes all that is committed.
    let ended = parts.map { part in part.withLock { $0.log.count } }
    let searcher = try index.searcher()
    let content = try Self.content(of: searcher)
    for (worker, part) in parts.enumerated() {
      let own = content.filter { $0.key / Self.keysPerWorker == worker }
      let isFound = part.withLock {
        Self.settle(&$0, on: own, from: begun[worker], through: ended[worker])
      }
      if !isFound {
        record("commit \(searcher.generation) holds no state that worker \(worker) ever had")
        // The rest of the run goes on from what is there.
        part.withLock { part in
          part.committed = own
          part.log.removeFirst(min(begun[worker], part.log.count))
        }
      }
    }
    commits.withLock { commits in
      if let seen = commits[searcher.generation], seen != content {
        record("a reader saw another commit \(searcher.generation)")
      }
      commits[searcher.generation] = content
    }
    commitCount.add(1, ordering: .relaxed)
  }

  /// Finds how many of a worker's changes a commit has, and forgets them.
  private static func settle(
    _ part: inout Part, on content: Content, from first: Int, through last: Int
  ) -> Bool {
    var state = part.committed
    for count in 0...last {
      if count > 0 { apply(part.log[count - 1], to: &state) }
      guard count >= first, state == content else { continue }
      part.committed = state
      part.log.removeFirst(count)
      part.finishedCount -= count
      return true
    }
    return false
  }

  private func rollback() throws {
    try writer.withLock { $0 }.rollback()
    forgetChanges()
  }

  private func reopen() throws {
    try writer.withLock { writer in
      writer.close()
      writer = try index.writer(options: options)
    }
    forgetChanges()
  }

  private func forgetChanges() {
    for part in parts {
      part.withLock { part in
        part.current = part.committed
        part.log = []
        part.finishedCount = 0
      }
    }
  }

  /// Ends the writer and compares what is left, and what readers saw, with the model.
  package func finish() throws {
    try commit()
    writer.withLock { $0.close() }
    var expected: Content = [:]
    for part in parts { expected.merge(part.withLock { $0.committed }) { first, _ in first } }
    if try Self.content(of: index.searcher()) != expected {
      record("the index does not hold what the model does")
    }
    let report = try index.check()
    if !report.isWhole || !report.leftOverFiles.isEmpty {
      record("\(report.problems) \(report.leftOverFiles)")
    }
  }
}
