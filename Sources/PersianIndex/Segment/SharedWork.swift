// SPDX-License-Identifier: Apache-2.0

/// How a piece of work that can be cut is carried out: by one thread, or by several at once.
package struct SharedWork {
  /// The number of parts to cut the work into.
  package let count: Int
  private let run: (@escaping Body, Meanwhile) throws(IndexError) -> Void

  package typealias Body = @Sendable (Int) -> Void
  package typealias Meanwhile = () throws(IndexError) -> Void

  /// Describes threads.
  ///
  /// - Parameters:
  ///   - count: The number of parts, at least 1.
  ///   - run: Calls its first argument with every number below `count` once, on any threads, and its
  ///     second once, on the calling thread; returns, or throws what the second did, when all calls
  ///     have returned.
  package init(
    count: Int,
    run: @escaping (_ body: @escaping Body, _ meanwhile: Meanwhile) throws(IndexError) -> Void
  ) {
    self.count = count
    self.run = run
  }

  /// The calling thread does all, in one part.
  package static var alone: SharedWork {
    SharedWork(count: 1) { (body, meanwhile) throws(IndexError) in
      body(0)
      try meanwhile()
    }
  }

  /// Carries work out.
  ///
  /// - Parameters:
  ///   - body: Does the part of a number below ``count``.
  ///   - meanwhile: What the calling thread does beside it.
  /// - Throws: What `meanwhile` throws.
  package func perform(
    _ body: @escaping Body, meanwhile: Meanwhile = {}
  ) throws(IndexError) {
    try run(body, meanwhile)
  }
}
