// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps one token buffer from query to query, with what its analyzer remembers.
///
/// Whoever takes the buffer has it alone; who finds it taken gets a new one. Nobody waits. `Sendable` is
/// unchecked because a pointer is not: the buffer is only reached by who exchanged its pointer for `nil`.
package final class TokenBufferPool: @unchecked Sendable {
  /// A buffer and how much text it has been used for.
  struct Lent {
    var buffer = TokenBuffer()
    var byteCount = 0
  }

  /// How many bytes of text a buffer is used for before it is freed, so that it and what its analyzer
  /// remembers stay small.
  package static let mostBytes = 1 << 16

  private let kept = Atomic<UnsafeMutablePointer<Lent>?>(nil)

  /// Creates a pool without a buffer.
  package init() {}

  deinit {
    Self.free(kept.exchange(nil, ordering: .acquiring))
  }

  /// Returns the buffer, or a new one where another has it.
  func take() -> UnsafeMutablePointer<Lent> {
    if let lent = kept.exchange(nil, ordering: .acquiring) { return lent }
    let lent = UnsafeMutablePointer<Lent>.allocate(capacity: 1)
    lent.initialize(to: Lent())
    return lent
  }

  /// Takes a buffer back.
  func giveBack(_ lent: UnsafeMutablePointer<Lent>) {
    if lent.pointee.byteCount >= Self.mostBytes {
      Self.free(lent)
    } else {
      Self.free(kept.exchange(lent, ordering: .acquiringAndReleasing))
    }
  }

  private static func free(_ lent: UnsafeMutablePointer<Lent>?) {
    lent?.deinitialize(count: 1)
    lent?.deallocate()
  }
}

/// A token buffer that goes back to its pool when it is no longer used.
package struct LentTokenBuffer: ~Copyable {
  private let pool: TokenBufferPool
  private let lent: UnsafeMutablePointer<TokenBufferPool.Lent>

  /// Takes a buffer.
  package init(from pool: TokenBufferPool) {
    self.pool = pool
    lent = pool.take()
  }

  deinit {
    pool.giveBack(lent)
  }

  /// Works with the buffer; what it holds from the last time is there still.
  ///
  /// - Parameters:
  ///   - byteCount: The size of the text that is analysed, in bytes.
  ///   - body: What is done with it; the buffer must not be asked for again meanwhile.
  /// - Returns: What `body` returns.
  @inline(__always)
  package func use<Result>(
    forTextOf byteCount: Int, _ body: (inout TokenBuffer) -> Result
  ) -> Result {
    lent.pointee.byteCount += byteCount
    return body(&lent.pointee.buffer)
  }
}
