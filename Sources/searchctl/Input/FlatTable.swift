// SPDX-License-Identifier: Apache-2.0

/// A table of FlatBuffers (<https://flatbuffers.dev/internals/>), read where it lies with every
/// place checked.
///
/// Members are told by their numbers in the schema; one that is absent has its default.
struct FlatTable {
  /// The bytes are none that the schema could mean.
  struct Malformed: Error {}

  private let bytes: UnsafeRawBufferPointer
  private let start: Int
  // Where the places of the members are listed, two bytes each.
  private let places: Range<Int>

  /// Reads the table that a buffer is made for.
  ///
  /// - Parameter bytes: The buffer, which must outlive the table.
  /// - Throws: ``Malformed``.
  init(rootOf bytes: UnsafeRawBufferPointer) throws(Malformed) {
    let start = try Self.load(UInt32.self, from: bytes, at: 0)
    try self.init(bytes, at: Int(start))
  }

  private init(_ bytes: UnsafeRawBufferPointer, at start: Int) throws(Malformed) {
    let list = start - Int(try Self.load(Int32.self, from: bytes, at: start))
    let length = Int(try Self.load(UInt16.self, from: bytes, at: list))
    guard length >= 4, length <= bytes.count - list else { throw Malformed() }
    (self.bytes, self.start) = (bytes, start)
    places = list + 4..<list + length
  }

  /// A whole number or the type of a union.
  func number<Number: FixedWidthInteger>(
    _ member: Int, default absent: Number = 0
  ) throws(Malformed) -> Number {
    guard let place = try place(of: member) else { return absent }
    return try Self.load(Number.self, from: bytes, at: place)
  }

  /// A table that is a member, also the value of a union.
  func table(_ member: Int) throws(Malformed) -> FlatTable? {
    guard let place = try target(of: member) else { return nil }
    return try FlatTable(bytes, at: place)
  }

  func string(_ member: Int) throws(Malformed) -> String? {
    guard let place = try vector(member, ofSize: 1) else { return nil }
    return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[place]), as: UTF8.self)
  }

  /// The tables of a vector.
  func tables(_ member: Int) throws(Malformed) -> [FlatTable] {
    guard let place = try vector(member, ofSize: 4) else { return [] }
    var tables: [FlatTable] = []
    for element in stride(from: place.lowerBound, to: place.upperBound, by: 4) {
      let distance = try Self.load(UInt32.self, from: bytes, at: element)
      tables.append(try FlatTable(bytes, at: element + Int(distance)))
    }
    return tables
  }

  /// The elements of a vector of structures that are each a pair of 64-bit numbers.
  func pairs(_ member: Int) throws(Malformed) -> [(Int64, Int64)] {
    guard let place = try vector(member, ofSize: 16) else { return [] }
    var pairs: [(Int64, Int64)] = []
    for element in stride(from: place.lowerBound, to: place.upperBound, by: 16) {
      pairs.append(
        (
          try Self.load(Int64.self, from: bytes, at: element),
          try Self.load(Int64.self, from: bytes, at: element + 8)
        ))
    }
    return pairs
  }

  /// Where the elements of a vector are; `nil` where it is absent.
  private func vector(_ member: Int, ofSize size: Int) throws(Malformed) -> Range<Int>? {
    guard let place = try target(of: member) else { return nil }
    let count = Int(try Self.load(UInt32.self, from: bytes, at: place))
    guard count <= (bytes.count - place - 4) / size else { throw Malformed() }
    return place + 4..<place + 4 + count * size
  }

  private func target(of member: Int) throws(Malformed) -> Int? {
    guard let place = try place(of: member) else { return nil }
    return place + Int(try Self.load(UInt32.self, from: bytes, at: place))
  }

  private func place(of member: Int) throws(Malformed) -> Int? {
    let entry = places.lowerBound + 2 * member
    guard entry + 2 <= places.upperBound else { return nil }
    let distance = try Self.load(UInt16.self, from: bytes, at: entry)
    return distance == 0 ? nil : start + Int(distance)
  }

  private static func load<Number: FixedWidthInteger>(
    _ type: Number.Type, from bytes: UnsafeRawBufferPointer, at place: Int
  ) throws(Malformed) -> Number {
    guard place >= 0, place <= bytes.count - MemoryLayout<Number>.size else { throw Malformed() }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
  }
}
