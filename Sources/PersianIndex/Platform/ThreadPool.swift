// SPDX-License-Identifier: Apache-2.0

/// Threads that carry out blocking calls one after another, started as they are needed.
///
/// They are kept for the life of the process; one that waits takes no more than its stack.
package final class ThreadPool: Sendable {
  /// The threads for all calls of the library from tasks.
  package static let shared = ThreadPool(limit: max(8, 2 * System.availableCores))

  /// The most threads; further jobs wait for one to be free.
  package let limit: Int

  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var threadCount = 0
    var busyCount = 0
  }

  private let state = Monitor(State())

  /// - Parameter limit: The most threads, at least 1.
  package init(limit: Int) {
    self.limit = limit
  }

  /// Hands a job over, which is carried out once a thread is free.
  ///
  /// - Parameter job: The job.
  /// - Throws: `outOfResources` where there is no thread and the system has none left; the job is
  ///   not carried out then.
  package func submit(_ job: @escaping @Sendable () -> Void) throws(IndexError) {
    let isThreadNeeded = state.withLock { state in
      let idle = state.threadCount - state.busyCount
      guard state.jobs.count >= idle, state.threadCount < limit else { return false }
      state.threadCount += 1
      return true
    }
    if isThreadNeeded {
      do throws(IndexError) {
        // Never joined: it does not end.
        _ = try Thread(name: "index calls") { [state] in Self.run(state) }
      } catch {
        let left = state.withLock { state in
          state.threadCount -= 1
          return state.threadCount
        }
        if left == 0 { throw error }
      }
    }
    state.withLock { $0.jobs.append(job) }
  }

  private static func run(_ state: Monitor<State>) -> Never {
    while true {
      let job = state.wait { state -> (@Sendable () -> Void)? in
        guard !state.jobs.isEmpty else { return nil }
        state.busyCount += 1
        return state.jobs.removeFirst()
      }
      job()
      state.withLock { $0.busyCount -= 1 }
    }
  }
}
