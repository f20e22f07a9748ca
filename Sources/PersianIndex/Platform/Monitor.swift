// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A value behind a mutex, on which threads can wait for a change.
///
///     let queue = Monitor([Job]())
///     queue.withLock { $0.append(job) }              // wakes those that wait
///     let next = queue.wait { $0.popLast() }         // blocks until there is one
package final class Monitor<State>: @unchecked Sendable {
  // Sendable: the state is reached only while the mutex is held.
  private var state: State
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init(_ state: sending State) {
    self.state = state
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` with the value to itself, then wakes every thread that waits.
  package func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return try body(&state)
  }

  /// Runs `body` until it gives a value, each time the state may have changed in between.
  ///
  /// What `body` changes before it returns a value wakes the other waiting threads.
  package func wait<Result>(_ body: (inout State) -> Result?) -> Result {
    pthread_mutex_lock(mutex)
    return waitLocked(body)
  }

  /// Changes the value, which wakes every thread that waits, and then waits as ``wait(_:)`` does.
  package func wait<Result>(
    after change: (inout State) -> Void, until body: (inout State) -> Result?
  ) -> Result {
    pthread_mutex_lock(mutex)
    change(&state)
    pthread_cond_broadcast(condition)
    return waitLocked(body)
  }

  private func waitLocked<Result>(_ body: (inout State) -> Result?) -> Result {
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    while true {
      if let result = body(&state) { return result }
      pthread_cond_wait(condition, mutex)
    }
  }
}
