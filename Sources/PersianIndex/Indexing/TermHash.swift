// SPDX-License-Identifier: Apache-2.0

/// A keyed 64-bit hash of short byte strings, for the term map of one indexing buffer.
///
/// It folds 64 × 64 → 128-bit products, as the multiply-and-fold family of hashes does. The seed is
/// drawn anew for every buffer, so a text cannot be prepared whose terms all collide.
package struct TermHash: Sendable {
  private let seed: UInt64

  /// Creates a hash.
  ///
  /// - Parameter seed: Any number; hashes of one map must share it.
  package init(seed: UInt64) {
    self.seed = seed
  }

  /// Returns the hash of a field number and a term.
  ///
  /// - Parameters:
  ///   - field: The number of the indexed field.
  ///   - term: The first byte of the term.
  ///   - count: The number of bytes of the term.
  /// - Returns: The hash; the map uses its upper half.
  /// - Complexity: O(*n*) in the bytes of the term.
  @inline(__always)
  package func callAsFunction(field: UInt8, term: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    var state = seed ^ UInt64(field) &* 0x9e37_79b9_7f4a_7c15
    if count > 16 {
      state = Self.absorb(term, count, into: state)
    }
    let ends = Self.ends(of: term, count: count)
    return Self.fold(ends.first ^ state, ends.last ^ 0xa076_1d64_78bd_642f ^ UInt64(count))
  }

  /// Returns two words that together hold every byte of a string of at most 16 bytes, and the first
  /// and last eight of a longer one.
  @inline(__always)
  static func ends(of bytes: UnsafePointer<UInt8>, count: Int) -> (first: UInt64, last: UInt64) {
    let raw = UnsafeRawPointer(bytes)
    if count >= 8 {
      return (
        raw.loadUnaligned(as: UInt64.self),
        raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      )
    }
    if count >= 4 {
      return (
        UInt64(raw.loadUnaligned(as: UInt32.self)),
        UInt64(raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
      )
    }
    if count == 0 { return (0, 0) }
    return (
      UInt64(bytes[0]), UInt64(bytes[count >> 1]) | UInt64(bytes[count &- 1]) &<< 8
    )
  }

  /// Mixes all whole 16-byte pieces of a long term into a state.
  @inline(never)
  private static func absorb(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, into state: UInt64
  ) -> UInt64 {
    let raw = UnsafeRawPointer(bytes)
    var state = state
    var offset = 0
    while offset &+ 16 <= count {
      let first = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let second = raw.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self)
      state = fold(first ^ state, second ^ 0xe703_7ed1_a0b4_28db)
      offset &+= 16
    }
    return state
  }

  @inline(__always)
  private static func fold(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let product = x.multipliedFullWidth(by: y)
    return product.high ^ product.low
  }
}
