// SPDX-License-Identifier: Apache-2.0

/// Bytes that grow at their end, with room for bits: what the codecs write to.
///
/// There are always at least 16 allocated bytes past the end, so that a codec may write whole words.
package struct RawBuffer: ~Copyable {
  /// The start of the bytes; changes when they grow.
  package private(set) var base: UnsafeMutableRawPointer
  /// The number of bytes written.
  package private(set) var count = 0
  private var capacity: Int
  private var pendingBits: UInt64 = 0
  private var pendingCount = 0

  /// Creates an empty buffer.
  package init() {
    capacity = 1 << 12
    base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
  }

  deinit {
    base.deallocate()
  }

  /// The bytes written; bits that do not fill a byte yet are not among them.
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Forgets all bytes and bits; keeps the memory.
  package mutating func removeAll() {
    count = 0
    pendingBits = 0
    pendingCount = 0
  }

  /// Makes sure that a number of bytes can be written at the end, and returns the place.
  @inline(__always)
  package mutating func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if count + byteCount + 16 > capacity { grow(to: count + byteCount + 16) }
    return base + count
  }

  @inline(never)
  private mutating func grow(to minimum: Int) {
    let newCapacity = max(minimum, capacity * 2)
    let newBase = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 64)
    newBase.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = newBase
    capacity = newCapacity
  }

  /// Counts bytes as written that the caller put at the place ``reserve(_:)`` returned.
  @inline(__always)
  package mutating func advance(by byteCount: Int) {
    count += byteCount
  }

  /// Appends an integer, little-endian.
  @inline(__always)
  package mutating func append<T: FixedWidthInteger>(_ value: T) {
    reserve(MemoryLayout<T>.size).storeBytes(of: value.littleEndian, as: T.self)
    count += MemoryLayout<T>.size
  }

  /// Appends other bytes.
  package mutating func append(_ other: UnsafeRawBufferPointer) {
    guard let start = other.baseAddress else { return }
    reserve(other.count).copyMemory(from: start, byteCount: other.count)
    count += other.count
  }

  /// Appends the low bits of a value, lowest first.
  ///
  /// - Parameters:
  ///   - value: The bits; those above `bitCount` are 0.
  ///   - bitCount: From 0 to 57.
  @inline(__always)
  package mutating func appendBits(_ value: UInt64, count bitCount: Int) {
    pendingBits |= value &<< UInt64(pendingCount)
    pendingCount += bitCount
    if pendingCount >= 8 { flushWholeBytes() }
  }

  @inline(__always)
  private mutating func flushWholeBytes() {
    reserve(8).storeBytes(of: pendingBits.littleEndian, as: UInt64.self)
    let byteCount = pendingCount >> 3
    count += byteCount
    pendingBits = byteCount == 8 ? 0 : pendingBits &>> UInt64(byteCount * 8)
    pendingCount &= 7
  }

  /// Fills the last byte up with zero bits.
  package mutating func alignToByte() {
    if pendingCount > 0 {
      append(UInt8(truncatingIfNeeded: pendingBits))
      pendingBits = 0
      pendingCount = 0
    }
  }
}

/// The end of a ``RawBuffer`` while many bits are appended: local variables, kept in registers.
package struct BitTail {
  fileprivate var place: UnsafeMutableRawPointer
  private let end: UnsafeMutableRawPointer
  fileprivate var pendingBits: UInt64
  fileprivate var pendingCount: Int

  fileprivate init(
    _ place: UnsafeMutableRawPointer, end: UnsafeMutableRawPointer, pendingBits: UInt64,
    pendingCount: Int
  ) {
    self.place = place
    self.end = end
    self.pendingBits = pendingBits
    self.pendingCount = pendingCount
  }

  /// Whether a number of bits can be appended, however many calls they take.
  @inline(__always)
  package func hasRoom(for bitCount: Int) -> Bool {
    end - place > bitCount &>> 3 &+ 16
  }

  /// Appends the low bits of a value, lowest first, for which there is room.
  ///
  /// - Parameters:
  ///   - value: The bits; those above `bitCount` are 0.
  ///   - bitCount: From 0 to 56.
  @inline(__always)
  package mutating func append(_ value: UInt64, count bitCount: Int) {
    pendingBits |= value &<< UInt64(truncatingIfNeeded: pendingCount)
    pendingCount = pendingCount &+ bitCount
    // Whole bytes, 7 at most, are done with; a branch on their number would be taken at random.
    place.storeBytes(of: pendingBits.littleEndian, as: UInt64.self)
    place += pendingCount &>> 3
    pendingBits = pendingBits &>> UInt64(truncatingIfNeeded: pendingCount & ~7)
    pendingCount &= 7
  }
}

extension RawBuffer {
  /// Begins to append bits; until ``end(_:)`` nothing else may be appended.
  ///
  /// - Parameter bitCount: The number of bits to make room for.
  /// - Returns: The end, to which bits are appended; ``end(_:)`` brings it back.
  package mutating func tail(reserving bitCount: Int) -> BitTail {
    let place = reserve(bitCount / 8 + 16)
    return BitTail(
      place, end: base + capacity, pendingBits: pendingBits, pendingCount: pendingCount)
  }

  /// Takes over what has been appended since ``tail(reserving:)``.
  package mutating func end(_ tail: BitTail) {
    count = tail.place - base
    pendingBits = tail.pendingBits
    pendingCount = tail.pendingCount
  }
}

/// Reads bits where they are in a mapped section, lowest first.
///
/// Eight bytes are loaded at a time: the section has padding after its last bits.
package struct BitCursor {
  private let base: UnsafeRawPointer
  /// The number of bits from `base` to the next one read.
  package var position: Int

  /// Creates a cursor.
  @inline(__always)
  package init(base: UnsafeRawPointer, position: Int = 0) {
    self.base = base
    self.position = position
  }

  /// The next bits, at least 57 of them, without moving.
  @inline(__always)
  package var window: UInt64 {
    UInt64(littleEndian: (base + position >> 3).loadUnaligned(as: UInt64.self))
      &>> UInt64(position & 7)
  }

  /// Reads a number of bits, from 0 to 57.
  @inline(__always)
  package mutating func read(_ bitCount: Int) -> UInt64 {
    let value = window & ((1 &<< UInt64(bitCount)) &- 1)
    position += bitCount
    return value
  }
}
