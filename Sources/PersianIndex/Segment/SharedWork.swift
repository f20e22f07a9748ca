// SPDX-License-Identifier: Apache-2.0

/// How a piece of work that can be cut is carried out: by one thread, or by several at once.
package struct SharedWork {
  /// The number of parts to cut the work into.
  package let count: Int
  private let run: (_ body: @escaping @Sendable (Int) -> Void) -> Void

  /// Describes threads.
  ///
  /// - Parameters:
  ///   - count: The number of parts, at least 1.
  ///   - run: Calls its argument with every number below `count` once, on any threads, and returns
  ///     when all calls have.
  package init(count: Int, run: @escaping (_ body: @escaping @Sendable (Int) -> Void) -> Void) {
    self.count = count
    self.run = run
  }

  /// The calling thread does all, in one part.
  package static var alone: SharedWork { SharedWork(count: 1) { $0(0) } }

  /// Carries work out.
  ///
  /// - Parameter body: Does the part of a number below ``count``.
  package func perform(_ body: @escaping @Sendable (Int) -> Void) { run(body) }
}
