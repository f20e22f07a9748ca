// SPDX-License-Identifier: Apache-2.0

/// Writes and reads the parts of Protocol Buffers (version 3 wire format,
/// <https://protobuf.dev/programming-guides/encoding>) that CIFF needs: whole numbers, doubles,
/// strings and messages in messages.
enum ProtocolBuffer {
  enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// One message that is being written; fields of the default value are left out, as the format
  /// has it.
  struct Message {
    private(set) var writer = ByteWriter()

    mutating func set(_ field: UInt64, _ value: Int) {
      guard value != 0 else { return }
      writer.appendVarint(field << 3 | WireType.varint.rawValue)
      writer.appendVarint(UInt64(bitPattern: Int64(value)))
    }

    mutating func set(_ field: UInt64, _ value: Double) {
      guard value != 0 else { return }
      writer.appendVarint(field << 3 | WireType.fixed64.rawValue)
      writer.append(value.bitPattern)
    }

    mutating func set(_ field: UInt64, _ bytes: some Collection<UInt8>) {
      guard !bytes.isEmpty else { return }
      append(field, bytes)
    }

    /// Appends an element of a repeated field, which is there even where it is empty.
    mutating func append(_ field: UInt64, _ bytes: some Collection<UInt8>) {
      writer.appendVarint(field << 3 | WireType.lengthDelimited.rawValue)
      writer.appendLengthPrefixed(bytes)
    }

    mutating func append(_ field: UInt64, _ message: Message) {
      append(field, message.writer.bytes)
    }

    mutating func removeAll() {
      writer.removeAll()
    }
  }

  /// The number that stands for a whole number of type `sint64`: small where that is near 0.
  static func zigzag(_ value: Int) -> Int {
    value << 1 ^ value >> (Int.bitWidth - 1)
  }

  /// The whole number of type `sint64` that a number stands for.
  static func signed(_ number: UInt64) -> Int {
    Int(truncatingIfNeeded: number >> 1) ^ -Int(truncatingIfNeeded: number & 1)
  }

  /// The value of one field that was read.
  enum Value {
    case number(UInt64)
    case double(Double)
    case bytes(UnsafeRawBufferPointer)
  }

  /// Reads the next field of a message; `nil` at its end.
  ///
  /// - Throws: `.corrupt` where the bytes are no message.
  @inline(__always)
  static func next(
    _ reader: inout ByteReader
  ) throws(IndexError) -> (field: UInt64, value: Value)? {
    guard reader.remaining > 0 else { return nil }
    let tag = try reader.readVarint()
    switch WireType(rawValue: tag & 7) {
    case .varint: return (tag >> 3, .number(try reader.readVarint()))
    case .fixed64: return (tag >> 3, .double(Double(bitPattern: try reader.readUInt64())))
    case .lengthDelimited: return (tag >> 3, .bytes(try reader.readLengthPrefixed()))
    case .fixed32: return (tag >> 3, .number(UInt64(try reader.readUInt32())))
    case nil: throw reader.corrupt("this is no Protocol Buffers message")
    }
  }
}
