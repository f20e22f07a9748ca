// SPDX-License-Identifier: Apache-2.0

/// A cursor over bytes that may be damaged: each read is checked and throws instead of trapping.
///
/// It borrows the bytes; its owner must outlive it. Integers are little-endian.
package struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private let base: UInt64
  /// The offset of the next byte, from the start of the bytes given.
  package private(set) var position = 0

  /// Creates a reader at the first of `bytes`.
  ///
  /// - Parameters:
  ///   - bytes: What is read.
  ///   - path: The file that errors name.
  ///   - base: The offset of `bytes` within that file, which errors add to the position.
  package init(_ bytes: UnsafeRawBufferPointer, path: String, base: UInt64 = 0) {
    self.bytes = bytes
    self.path = path
    self.base = base
  }

  package var remaining: Int { bytes.count - position }

  /// Makes the error for damage found at the present position.
  package func corrupt(_ message: String) -> IndexError {
    IndexError(.corrupt, message, path: path, offset: base + UInt64(position))
  }

  package mutating func readUInt8() throws(IndexError) -> UInt8 {
    try take(1).load(as: UInt8.self)
  }

  package mutating func readUInt16() throws(IndexError) -> UInt16 {
    try UInt16(littleEndian: take(2).loadUnaligned(as: UInt16.self))
  }

  package mutating func readUInt32() throws(IndexError) -> UInt32 {
    try UInt32(littleEndian: take(4).loadUnaligned(as: UInt32.self))
  }

  package mutating func readUInt64() throws(IndexError) -> UInt64 {
    try UInt64(littleEndian: take(8).loadUnaligned(as: UInt64.self))
  }

  /// Reads an unsigned LEB128 number of at most ten bytes.
  package mutating func readVarint() throws(IndexError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count {
      let byte = bytes[position]
      if shift == 63, byte > 1 { throw corrupt("a variable-length number does not fit 64 bits") }
      position += 1
      result |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 { return result }
      shift += 7
      if shift > 63 { throw corrupt("a variable-length number does not fit 64 bits") }
    }
    throw corrupt("the bytes end within a variable-length number")
  }

  /// Reads a variable-length number that must not exceed `limit`, such as a count or a length.
  package mutating func readCount(upTo limit: Int) throws(IndexError) -> Int {
    let start = position
    let value = try readVarint()
    guard value <= UInt64(limit) else {
      position = start
      throw corrupt("a count of \(value) exceeds what is possible here (\(limit))")
    }
    return Int(value)
  }

  /// Returns the next `count` bytes, which stay where they are.
  package mutating func readBytes(_ count: Int) throws(IndexError) -> UnsafeRawBufferPointer {
    let start = try take(count)
    return UnsafeRawBufferPointer(start: start, count: count)
  }

  /// Reads a length and as many bytes, as ``ByteWriter/appendLengthPrefixed(_:)`` wrote them.
  package mutating func readLengthPrefixed() throws(IndexError) -> UnsafeRawBufferPointer {
    let count = try readCount(upTo: remaining)
    return try readBytes(count)
  }

  private mutating func take(_ count: Int) throws(IndexError) -> UnsafeRawPointer {
    guard count >= 0, count <= remaining, let start = bytes.baseAddress else {
      if count == 0, bytes.baseAddress == nil { return UnsafeRawPointer(Self.nothing) }
      throw corrupt("the bytes end early: \(count) wanted, \(remaining) left")
    }
    defer { position += count }
    return start + position
  }

  // An empty buffer may have no address; zero bytes of it still need one to point at.
  private nonisolated(unsafe) static let nothing =
    UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
}
