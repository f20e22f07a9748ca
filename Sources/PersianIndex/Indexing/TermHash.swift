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
    self(field: field, ends: Self.ends(of: term, count: count), term: term, count: count)
  }

  /// Returns the hash of a field number and a term whose ends are known.
  @inline(__always)
  func callAsFunction(
    field: UInt8, ends: Ends, term: UnsafePointer<UInt8>, count: Int
  ) -> UInt64 {
    var state = seed ^ UInt64(field) &* 0x9e37_79b9_7f4a_7c15
    if count > 16 {
      state = Self.absorb(term, count, into: state)
    }
    return Self.fold(ends.first ^ state, ends.last ^ 0xa076_1d64_78bd_642f ^ UInt64(count))
  }

  /// Two words that together hold every byte of a string of at most 16 bytes, filled up with zeros,
  /// and the first and last eight bytes of a longer one.
  package struct Ends: Equatable {
    var first: UInt64
    var last: UInt64
  }

  /// How many bytes from the start of a string ``paddedEnds(of:count:)`` reads of a short one.
  static var padding: Int { 16 }

  /// Returns the ends of a string.
  @inline(__always)
  package static func ends(of bytes: UnsafePointer<UInt8>, count: Int) -> Ends {
    let raw = UnsafeRawPointer(bytes)
    if count > 8 {
      let last = load(raw + (count &- 8))
      let excess = count > 16 ? 0 : UInt64(16 &- count)
      return Ends(first: load(raw), last: last &>> (8 &* excess))
    }
    if count >= 4 {
      let low = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
      let high = UInt64(
        UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)))
      return Ends(first: low | high &<< UInt64(8 &* (count &- 4)), last: 0)
    }
    var first: UInt64 = 0
    for index in 0..<count { first |= UInt64(bytes[index]) &<< UInt64(8 &* index) }
    return Ends(first: first, last: 0)
  }

  /// Returns the ends of a string of at least one byte, with no branch for strings of up to
  /// ``padding`` bytes: so many bytes from the string's start can be read, whatever its length.
  @inline(__always)
  package static func paddedEnds(of bytes: UnsafePointer<UInt8>, count: Int) -> Ends {
    let raw = UnsafeRawPointer(bytes)
    if count > 16 { return Ends(first: load(raw), last: load(raw + (count &- 8))) }
    let isLong = UInt64(truncatingIfNeeded: (8 &- count) &>> 63)
    let left = UInt64(truncatingIfNeeded: 64 &- 8 &* count) & ~isLong
    let right = UInt64(truncatingIfNeeded: 128 &- 8 &* count)
    return Ends(
      first: load(raw) & .max &>> left, last: load(raw + 8) & isLong & .max &>> right)
  }

  @inline(__always)
  private static func load(_ bytes: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
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
