// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Reads tables in Arrow's format for other processes, as a stream or a file
/// (<https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc>),
/// in memory for one batch of rows.
///
/// Columns of text, numbers, truth values and times are read, not packed by batches and not by way of
/// dictionaries. A file is a stream between a mark and a directory, of which the latter is not needed.
struct ArrowReader: ~Copyable {
  /// The most bytes of rows that are in memory at once.
  static let batchLimit = 1 << 31
  private static let headerLimit = 1 << 26

  private enum Header {
    static let schema: UInt8 = 1
    static let batch: UInt8 = 3
  }

  private let descriptor: Descriptor
  private var header = Buffer(capacity: 1 << 12)
  private var body = Buffer(capacity: 1 << 18)
  private var columns: [ArrowColumn]?
  // The bytes read of the stream.
  private var offset: Int64 = 0

  /// Creates a reader.
  ///
  /// - Parameter descriptor: An open file, which stays the caller's.
  init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
  }

  /// Calls a closure with the next batch of rows, which ends with the call.
  ///
  /// - Returns: What the closure returned; `nil` at the end of the stream.
  /// - Throws: ``Failure`` where the bytes are no such stream or one that is not read.
  mutating func nextBatch<Result>(
    _ read: (ArrowBatch) throws -> Result
  ) throws -> Result? {
    while true {
      let start = offset
      guard let size = try headerSize() else {
        guard columns != nil else { throw Failure("is no stream of Arrow: it is empty") }
        // The directory of a file, without which the program that unpacks it would fail.
        while try descriptor.read(into: body.bytes) > 0 {}
        return nil
      }
      do {
        guard (8...Self.headerLimit).contains(size) else { throw FlatTable.Malformed() }
        try header.fill(from: descriptor, size)
        let message = try FlatTable(rootOf: header.first(size))
        let type: UInt8 = try message.number(1)
        let length: Int64 = try message.number(3)
        guard let table = try message.table(2), length >= 0 else { throw FlatTable.Malformed() }
        guard length <= Self.batchLimit else {
          throw Failure(
            "a batch of rows has \(length >> 20) MiB, of which \(Self.batchLimit >> 20) are read",
            hint: "write it in smaller batches")
        }
        try body.fill(from: descriptor, Int(length))
        offset += Int64(size) + length
        switch (type, columns) {
        case (Header.schema, nil): columns = try Self.columns(table)
        case (Header.batch, .some(let columns)):
          return try read(ArrowBatch(table, columns, body: body.first(Int(length))))
        default: throw FlatTable.Malformed()
        }
      } catch is FlatTable.Malformed {
        throw Failure("is no sound stream of Arrow at byte \(start)")
      }
    }
  }

  private static func columns(_ schema: FlatTable) throws -> [ArrowColumn] {
    let order: Int16 = try schema.number(0)
    guard order == 0 else {
      throw Failure("has the bytes of numbers in the order of another kind of machine (big-endian)")
    }
    return try schema.tables(1).map(ArrowColumn.init)
  }

  /// The length of the next message's header; `nil` at the end of the stream.
  private mutating func headerSize() throws -> Int? {
    var word = try nextWord()
    if offset == 4, word == 0x4F52_5241 {  // ARRO
      guard try nextWord() == 0x3157 else { throw notArrow() }
      word = try nextWord()
    }
    guard let word else { return nil }
    guard word == UInt32.max else { throw notArrow() }
    guard let size = try nextWord() else { throw FlatTable.Malformed() }
    return size == 0 ? nil : Int(size)
  }

  private func notArrow() -> Failure {
    offset > 12
      ? Failure("is no sound stream of Arrow at byte \(offset - 4)")
      : Failure(
        "is no stream of Arrow",
        hint: "write it in Arrow's IPC format, as a stream or a file (Feather's second version)")
  }

  /// The next four bytes as a number; `nil` where the stream ends before them.
  private mutating func nextWord() throws -> UInt32? {
    guard try header.fill(from: descriptor, 4, mayEnd: true) else { return nil }
    offset += 4
    return UInt32(littleEndian: header.bytes.load(as: UInt32.self))
  }

  /// Memory that grows with what it takes.
  private struct Buffer: ~Copyable {
    private(set) var bytes: UnsafeMutableRawBufferPointer

    init(capacity: Int) {
      bytes = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
      bytes.deallocate()
    }

    /// The bytes that came first, until more come.
    func first(_ count: Int) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }

    /// Reads so many bytes in place of those before.
    ///
    /// - Parameters:
    ///   - descriptor: The file.
    ///   - count: How many bytes to read.
    ///   - mayEnd: Whether the file may end before the first of them.
    /// - Returns: `false` where it does.
    /// - Throws: ``Failure`` where it ends elsewhere, and what the system said.
    @discardableResult
    mutating func fill(
      from descriptor: Descriptor, _ count: Int, mayEnd: Bool = false
    ) throws -> Bool {
      var filled = 0
      while filled < count {
        // Doubled as bytes come, because a length that nothing follows proves nothing.
        if filled == bytes.count { grow() }
        let read = try descriptor.read(
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled..<min(count, bytes.count)]))
        guard read > 0 else {
          if filled == 0, mayEnd { return false }
          throw Failure("ends in the middle of a message of Arrow")
        }
        filled += read
      }
      return true
    }

    private mutating func grow() {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: bytes.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(bytes))
      bytes.deallocate()
      bytes = larger
    }
  }
}
