// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Threads of the library's own, on which tasks can make blocking calls.
///
/// The `async` methods of ``SearchIndex``, ``IndexWriter`` and ``Searcher`` use them, and
/// ``run(isolation:_:)`` brings every other call there. The threads of Swift's cooperative pool, of
/// which there are only as many as cores, stay free meanwhile.
///
/// There are at most twice as many as cores, and at least 8; they are started as they are needed.
public enum IndexThreads {
  /// Makes a blocking call without blocking the task's thread.
  ///
  ///     let report = try await IndexThreads.run { () throws(IndexError) in try index.check() }
  ///
  /// A task that is cancelled before the call begins gets `.cancelled`, and the call is not made.
  /// Once it has begun it runs to its end, so that its effect and its result stay together.
  ///
  /// - Parameters:
  ///   - isolation: The caller's actor; leave it out.
  ///   - body: The call. It must not wait for another that needs one of these threads.
  /// - Returns: What the call returns.
  /// - Throws: What the call throws; `.cancelled` as said above; `.outOfResources` where the system
  ///   has no thread left.
  /// - Complexity: That of the call, and two changes of threads, some microseconds each.
  public static func run<Value: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: @escaping @Sendable () throws(IndexError) -> Value
  ) async throws(IndexError) -> Value {
    try await perform { failure in
      Result { () throws(IndexError) in
        if let failure { throw failure }
        return try body()
      }
    }.get()
  }

  /// Runs a closure on one of the threads.
  ///
  /// - Parameters:
  ///   - isolation: The caller's actor.
  ///   - onCancel: Runs when the task is cancelled, even while the closure does.
  ///   - body: The closure; it gets the reason where it must not do its work.
  /// - Returns: What the closure returns.
  static func perform<Value: Sendable>(
    isolation: isolated (any Actor)? = #isolation,
    onCancel: @escaping @Sendable () -> Void = {},
    _ body: @escaping @Sendable (_ failure: IndexError?) -> Value
  ) async -> Value {
    let cancellation = Cancellation()
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        do throws(IndexError) {
          try ThreadPool.shared.submit {
            continuation.resume(returning: body(cancellation.failure))
          }
        } catch {
          continuation.resume(returning: body(error))
        }
      }
    } onCancel: {
      cancellation.cancel()
      onCancel()
    }
  }
}

/// Whether somebody has given up what is under way.
final class Cancellation: Sendable {
  private let isCancelled = Atomic(false)

  /// The error for whoever goes on; `nil` where nobody has given it up.
  var failure: IndexError? {
    isCancelled.load(ordering: .relaxed)
      ? IndexError(.cancelled, "the task was cancelled; nothing has been changed") : nil
  }

  func cancel() {
    isCancelled.store(true, ordering: .relaxed)
  }
}
