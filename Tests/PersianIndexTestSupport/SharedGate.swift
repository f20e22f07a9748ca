// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Lets in any number of threads together, or one alone.
final class SharedGate: Sendable {
  private struct State {
    var insideCount = 0
    var isTaken = false
    var waitingCount = 0
  }

  private let state = Monitor(State())

  /// Runs `body` beside others that share.
  func share<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    state.wait { state -> Void? in
      // Whoever wants to be alone would wait for ever if others kept coming.
      guard !state.isTaken, state.waitingCount == 0 else { return nil }
      state.insideCount += 1
      return ()
    }
    defer { state.withLock { $0.insideCount -= 1 } }
    return try body()
  }

  /// Runs `body` while nobody else is inside.
  func take<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    state.withLock { $0.waitingCount += 1 }
    state.wait { state -> Void? in
      guard !state.isTaken, state.insideCount == 0 else { return nil }
      state.isTaken = true
      state.waitingCount -= 1
      return ()
    }
    defer { state.withLock { $0.isTaken = false } }
    return try body()
  }
}
