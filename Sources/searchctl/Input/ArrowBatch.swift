// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Some rows of a stream of Arrow, in columns (<https://arrow.apache.org/docs/format/Columnar.html>).
///
/// All buffers are checked to be as long as the rows need when a batch is made, and the places of
/// texts when they are read.
struct ArrowBatch {
  /// The bytes of a text are no UTF-8.
  struct NoText: Error {
    let column: String
  }

  private struct Buffers {
    let column: ArrowColumn
    // Nil where no value is missing.
    let validity: UnsafeRawBufferPointer?
    // The values, or the offsets of texts.
    let values: UnsafeRawBufferPointer
    let text: UnsafeRawBufferPointer
  }

  /// The number of rows.
  let count: Int
  private let columns: [Buffers]

  /// Reads the header of a batch.
  ///
  /// - Parameters:
  ///   - header: The `RecordBatch` of Arrow's Message.fbs.
  ///   - columns: The columns of the stream.
  ///   - body: The bytes of the buffers, which must outlive the batch.
  /// - Throws: ``Failure`` where buffers are packed, `FlatTable.Malformed` where they are not there.
  init(_ header: FlatTable, _ columns: [ArrowColumn], body: UnsafeRawBufferPointer) throws {
    guard try header.table(3) == nil else {
      throw Failure(
        "batches are compressed, which is not read",
        hint: "write them with compression='uncompressed' (Feather) or compression=None; the whole"
          + " file may be packed")
    }
    let (nodes, places) = (try header.pairs(1), try header.pairs(2))
    let length: Int64 = try header.number(0)
    guard let count = Int(exactly: length), (0...Int(Int32.max)).contains(count),
      nodes.count == columns.count,
      places.count == columns.reduce(0, { $0 + $1.kind.bufferCount })
    else { throw FlatTable.Malformed() }
    // Rows without any value have no bytes, so a number of them proves nothing.
    guard count == 0 || !places.isEmpty else {
      throw Failure("has rows, but no column with values")
    }
    self.count = count
    var next = 0
    // Buffers lie one after another; many in one place would take more memory than the body.
    var rest = Int64(body.count)
    func buffer(_ needed: Int) throws -> UnsafeRawBufferPointer {
      let (offset, length) = places[next]
      next += 1
      guard offset >= 0, length >= needed, length <= rest, offset <= Int64(body.count) - length
      else { throw FlatTable.Malformed() }
      rest -= length
      return UnsafeRawBufferPointer(rebasing: body[Int(offset)..<Int(offset + length)])
    }
    self.columns = try zip(columns, nodes).compactMap { column, node in
      guard node.0 == length, (-1...length).contains(node.1) else { throw FlatTable.Malformed() }
      guard column.kind != .null else { return nil }
      let bits = (count + 7) / 8
      let validity = try buffer(0)
      // Nanoarrow writes -1 where it did not count what is missing.
      let isComplete = node.1 == 0 || node.1 == -1 && validity.isEmpty
      guard isComplete || validity.count >= bits else { throw FlatTable.Malformed() }
      let values: UnsafeRawBufferPointer
      var text = UnsafeRawBufferPointer(start: nil, count: 0)
      switch column.kind {
      case .null, .bool: values = try buffer(bits)
      case .single: values = try buffer(count * 4)
      case .double: values = try buffer(count * 8)
      case .integer(let size, _), .time(let size, _): values = try buffer(count * size)
      case .text(let size):
        values = try buffer(count == 0 ? 0 : (count + 1) * size)
        text = try buffer(0)
      }
      return Buffers(
        column: column, validity: isComplete ? nil : validity, values: values, text: text)
    }
  }

  /// A row as members of a record; what is missing has none.
  ///
  /// - Parameter row: The number of the row in the batch.
  /// - Returns: The members, in the order of the columns.
  /// - Throws: ``NoText``, `FlatTable.Malformed` where a text is not within its buffer.
  func members(ofRow row: Int) throws -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    members.reserveCapacity(columns.count)
    for buffers in columns {
      if let validity = buffers.validity, !Self.bit(row, of: validity) { continue }
      guard let value = try Self.value(row, of: buffers) else { continue }
      members.append(.init(name: buffers.column.name, value: value))
    }
    return members
  }

  private static func value(_ row: Int, of buffers: Buffers) throws -> JSONValue? {
    switch buffers.column.kind {
    case .null: return nil
    case .bool: return .bool(bit(row, of: buffers.values))
    case .integer(let size, let isSigned):
      let number = integer(row, size, buffers.values)
      return .number(
        isSigned || size < 8
          ? String(isSigned ? number : unsigned(number, size)) : String(UInt64(bitPattern: number)))
    case .single:
      let bits = buffers.values.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self)
      return number(Float(bitPattern: UInt32(littleEndian: bits)))
    case .double:
      let bits = buffers.values.loadUnaligned(fromByteOffset: row * 8, as: UInt64.self)
      return number(Double(bitPattern: UInt64(littleEndian: bits)))
    case .time(let size, let perSecond):
      return time(integer(row, size, buffers.values), perSecond: perSecond).map { .string($0) }
    case .text(let size):
      let start = integer(row, size, buffers.values)
      let end = integer(row + 1, size, buffers.values)
      guard start >= 0, start <= end, end <= buffers.text.count else {
        throw FlatTable.Malformed()
      }
      let bytes = UnsafeRawBufferPointer(rebasing: buffers.text[Int(start)..<Int(end)])
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw NoText(column: buffers.column.name)
      }
      return .string(text)
    }
  }

  /// A number as JSON writes it, which has none that are not finite.
  private static func number(_ number: some BinaryFloatingPoint & LosslessStringConvertible)
    -> JSONValue?
  {
    number.isFinite ? .number(String(number)) : nil
  }

  /// A time as ``DateText`` reads it; `nil` for years that it has no way to write.
  private static func time(_ number: Int64, perSecond: Int64?) -> String? {
    let unit = perSecond ?? 1
    var (seconds, fraction) = number.quotientAndRemainder(dividingBy: unit)
    if fraction < 0 { (seconds, fraction) = (seconds - 1, fraction + unit) }
    if perSecond == nil { seconds *= 86_400 }
    // The years 1 to 9,999.
    guard (-62_135_596_800..<253_402_300_800).contains(seconds) else { return nil }
    let time = Timestamp(secondsSince1970: seconds)
    // A year before 1700 would be read as one of the Jalali calendar.
    guard time.date(in: .gregorian).year >= 1700 else { return String(seconds) }
    let text = time.description
    if perSecond == nil { return String(text.prefix { $0 != "T" }) }
    guard fraction != 0 else { return text }
    // Two keys may differ in nothing else.
    return text.dropLast() + "." + String(unit + fraction).dropFirst() + "Z"
  }

  private static func unsigned(_ number: Int64, _ size: Int) -> Int64 {
    number & (1 << (8 * Int64(size)) - 1)
  }

  /// A whole number of up to eight bytes with its sign.
  private static func integer(_ row: Int, _ size: Int, _ bytes: UnsafeRawBufferPointer) -> Int64 {
    switch size {
    case 1: Int64(bytes.loadUnaligned(fromByteOffset: row, as: Int8.self))
    case 2: Int64(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: row * 2, as: Int16.self)))
    case 4: Int64(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: row * 4, as: Int32.self)))
    default: Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: row * 8, as: Int64.self))
    }
  }

  private static func bit(_ row: Int, of bytes: UnsafeRawBufferPointer) -> Bool {
    bytes[row >> 3] & (1 << (row & 7)) != 0
  }
}
