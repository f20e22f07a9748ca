// SPDX-License-Identifier: Apache-2.0

/// Reads keys that are numbers, in groups of 1,024.
///
///     number of document d = base + step · (d mod 1,024) + remainder
///
/// where the arithmetic is modulo 2⁶⁴. Numbers that ascend evenly have no remainders.
struct NumberKeys {
  static let groupSize = 1024
  /// The bytes that a group takes in the table of groups: base (8), step (8), offset of the
  /// remainders (7), their bits (1).
  static let entrySize = 24
  /// The least number that is kept as a text.
  ///
  /// The remainders of all below fit a single load.
  static let limit: UInt64 = 10_000_000_000_000_000

  private let table: UnsafeRawPointer
  private let remainders: UnsafeRawPointer
  private let count: Int

  /// Checks that all remainders are inside the section.
  ///
  /// - Complexity: O(number of groups).
  init(_ reader: inout ByteReader, count: Int) throws(IndexError) {
    self.count = count
    let groupCount = (count + Self.groupSize - 1) / Self.groupSize
    let table = try reader.readBytes(groupCount * Self.entrySize)
    let size = reader.remaining - 8
    guard size >= 0, let tableStart = table.baseAddress,
      let start = try reader.readBytes(reader.remaining).baseAddress
    else { throw reader.corrupt("document keys: the numbers are missing") }
    self.table = tableStart
    remainders = start
    for group in 0..<groupCount {
      let place = place(ofGroup: group)
      let documents = min(Self.groupSize, count - group * Self.groupSize)
      guard place.width <= PackedIntegers.mostBits, place.offset <= size,
        PackedIntegers.byteCount(of: documents, width: place.width) <= size - place.offset
      else { throw reader.corrupt("document keys: group \(group) is impossible") }
    }
  }

  private func place(ofGroup group: Int) -> (offset: Int, width: Int) {
    let word = word(group * Self.entrySize + 16)
    return (Int(word & (1 << 56 - 1)), Int(word >> 56))
  }

  private func word(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: table.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The number of a document; of a damaged section, any.
  subscript(document: Int) -> UInt64 {
    let group = document / Self.groupSize
    let index = document % Self.groupSize
    let (offset, width) = place(ofGroup: group)
    let line =
      word(group * Self.entrySize)
      &+ word(group * Self.entrySize + 8) &* UInt64(index)
    return line &+ PackedIntegers(remainders + offset, width: width)[index]
  }

  /// Finds the document of a number among numbers that ascend.
  func document(of number: UInt64) -> UInt32? {
    guard count > 0, number >= self[0], number <= self[count - 1] else { return nil }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == number ? UInt32(low) : nil
  }

  /// Appends the table and the remainders.
  static func append(_ numbers: [UInt64], to output: inout ByteWriter) {
    var packed = ByteWriter()
    for start in stride(from: 0, to: numbers.count, by: groupSize) {
      let group = numbers[start..<min(start + groupSize, numbers.count)]
      let (first, last) = (group[start], group[group.endIndex - 1])
      let step = first < last ? (last - first) / UInt64(group.count - 1) : 0
      // What a number lies above the line through the first one, as a signed number.
      let distances = group.enumerated().map { index, number in
        Int64(bitPattern: number &- first &- step &* UInt64(index))
      }
      let lowest = distances.min() ?? 0
      let highest = distances.max() ?? 0
      let width = PackedIntegers.width(for: UInt64(highest - lowest))
      output.append(first &+ UInt64(bitPattern: lowest))
      output.append(step)
      output.append(UInt64(packed.count) | UInt64(width) << 56)
      PackedIntegers.append(
        distances.lazy.map { UInt64($0 - lowest) }, width: width, to: &packed)
    }
    output.append(packed.bytes)
    output.append(UInt64(0))
  }

  /// Reads a key that is the plain decimal form of a number below ``limit``.
  static func number(_ key: UnsafeRawBufferPointer) -> UInt64? {
    guard let first = key.first, key.count <= 16, first != 0x30 || key.count == 1 else {
      return nil
    }
    var number: UInt64 = 0
    for byte in key {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      number = number * 10 + UInt64(byte - 0x30)
    }
    return number
  }

  /// The decimal form of a number.
  static func key(_ number: UInt64) -> [UInt8] {
    Array(String(number).utf8)
  }
}
