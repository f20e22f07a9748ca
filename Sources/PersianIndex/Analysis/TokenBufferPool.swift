// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps token buffers from query to query, with what their analyzer remembers.
///
/// Whoever takes a buffer has it alone; who finds none gets a new one. Nobody waits. `Sendable` is
/// unchecked because pointers are not: a buffer is only reached by who exchanged its pointer for `nil`.
package final class TokenBufferPool: @unchecked Sendable {
  /// A buffer and how much text it has been used for.
  struct Lent {
    var buffer = TokenBuffer()
    var byteCount = 0
  }

  /// How many bytes of text a buffer is used for before it is freed, so that it and what its analyzer
  /// remembers stay small.
  package static let mostBytes = 1 << 16
  /// How many buffers are kept: for as many threads at once as a machine mostly has.
  package static let placeCount = 8

  private typealias Place = Atomic<UnsafeMutablePointer<Lent>?>
  private let places = UnsafeMutablePointer<Place>.allocate(capacity: placeCount)

  /// Creates a pool without buffers.
  package init() {
    for place in 0..<Self.placeCount { (places + place).initialize(to: Place(nil)) }
  }

  deinit {
    for place in 0..<Self.placeCount {
      if let lent = places[place].exchange(nil, ordering: .acquiring) { Self.free(lent) }
    }
    places.deinitialize(count: Self.placeCount)
    places.deallocate()
  }

  /// Returns a buffer that was kept, or a new one.
  func take() -> UnsafeMutablePointer<Lent> {
    for place in 0..<Self.placeCount where places[place].load(ordering: .relaxed) != nil {
      if let lent = places[place].exchange(nil, ordering: .acquiring) { return lent }
    }
    let lent = UnsafeMutablePointer<Lent>.allocate(capacity: 1)
    lent.initialize(to: Lent())
    return lent
  }

  /// Takes a buffer back, and frees it where it was used for enough text or enough are kept.
  func giveBack(_ lent: UnsafeMutablePointer<Lent>) {
    if lent.pointee.byteCount < Self.mostBytes {
      for place in 0..<Self.placeCount where places[place].load(ordering: .relaxed) == nil {
        let (isKept, _) = places[place].compareExchange(
          expected: nil, desired: lent, ordering: .releasing)
        if isKept { return }
      }
    }
    Self.free(lent)
  }

  private static func free(_ lent: UnsafeMutablePointer<Lent>) {
    lent.deinitialize(count: 1)
    lent.deallocate()
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
