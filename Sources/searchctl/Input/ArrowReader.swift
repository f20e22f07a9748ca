// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Reads tables in Arrow's format for other processes, as a stream or a file
/// (<https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc>),
/// in memory for one batch of rows.
///
/// Columns of text, numbers, truth values and times are read, not packed by batches and not by way of
/// dictionaries. A file is a stream between a mark and a directory, whose places are not needed.
struct ArrowReader: ~Copyable {
  /// The most bytes of rows that are in memory at once.
  static let batchLimit = 1 << 31
  private static let headerLimit = 1 << 26
  private static let bareHeaderLimit = 1 << 20

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
  private var isFile = false
  // Whether the mark of the next message was read.
  private var isMarked = false

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
      do {
        guard let size = try nextHeader() else {
          guard columns != nil else { throw Failure("is no stream of Arrow: it is empty") }
          try readEnd()
          return nil
        }
        let message = try FlatTable(rootOf: header.first(size))
        let version: Int16 = try message.number(0)
        guard (3...4).contains(version) else {
          throw Failure("is of version \(version + 1) of Arrow's format; 4 and 5 are read")
        }
        let type: UInt8 = try message.number(1)
        let length: Int64 = try message.number(3)
        guard let table = try message.table(2), length >= 0 else { throw FlatTable.Malformed() }
        guard length <= Self.batchLimit else {
          throw Failure(
            "a batch of rows has \(length >> 20) MiB, of which \(Self.batchLimit >> 20) are read",
            hint: "write it in smaller batches")
        }
        try body.fill(from: descriptor, Int(length))
        offset += length
        switch (type, columns) {
        case (Header.schema, nil): columns = try Self.columns(table, size: size)
        case (Header.batch, .some(let columns)):
          return try read(ArrowBatch(table, columns, body: body.first(Int(length))))
        default: throw FlatTable.Malformed()
        }
      } catch is FlatTable.Malformed {
        throw Failure("is no sound stream of Arrow at byte \(start)")
      }
    }
  }

  private static func columns(_ schema: FlatTable, size: Int) throws -> [ArrowColumn] {
    let order: Int16 = try schema.number(0)
    guard order == 0 else {
      throw Failure("has the bytes of numbers in the order of another kind of machine (big-endian)")
    }
    // Names in one place would take more memory than the schema.
    var rest = size
    return try schema.tables(1).map { field in
      let column = try ArrowColumn(field)
      rest -= column.name.utf8.count
      guard rest >= 0 else { throw FlatTable.Malformed() }
      return column
    }
  }

  /// Reads what is behind the end of the stream: nothing, or the directory of a file.
  ///
  /// Rows may be lost where there is anything else. Besides, a program that unpacks the file would
  /// fail if it was not read to its end.
  private mutating func readEnd() throws {
    var count = 0
    var last: [UInt8] = []
    while true {
      let read = try descriptor.read(into: body.bytes)
      if read == 0 { break }
      count += read
      last = (last + body.bytes[..<read].suffix(10)).suffix(10)
    }
    guard isFile else {
      guard count == 0 else {
        throw Failure(
          "goes on at byte \(offset), where the stream of Arrow ends",
          hint: "give each stream as a file of its own")
      }
      return
    }
    // Its length and the mark come last; less than a message may stand between it and the stream.
    let size = last.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard last.count == 10, last.suffix(6).elementsEqual("ARROW1".utf8),
      (0..<64).contains(count - 10 - size)
    else {
      throw Failure(
        "has no directory of Arrow at byte \(offset)", hint: "it may be cut off; write it anew")
    }
  }

  /// Reads the header of the next message and returns its length; `nil` at the end of the stream.
  private mutating func nextHeader() throws -> Int? {
    if !isMarked {
      var word = try nextWord()
      if offset == 4, word == 0x4F52_5241 {  // ARRO
        guard try nextWord() == 0x3157 else { throw notArrow() }
        isFile = true
        word = try nextWord()
        if let word, word != .max { return try bareHeader(word) }
      }
      guard let word else { return nil }
      guard word == .max else { throw notArrow() }
    }
    isMarked = false
    guard let word = try nextWord() else { throw Self.cutOff }
    if word == 0 { return nil }
    let size = Int(word)
    guard (8...Self.headerLimit).contains(size) else { throw FlatTable.Malformed() }
    try header.fill(from: descriptor, size)
    offset += Int64(size)
    return size
  }

  /// Reads a header whose length is not told, as Polars writes the schema of a file.
  ///
  /// It ends at the mark of the next message, which no word of a schema is like.
  private mutating func bareHeader(_ first: UInt32) throws -> Int {
    var size = 0
    var next: UInt32? = first
    while let word = next, word != .max {
      guard size < Self.bareHeaderLimit else { throw notArrow() }
      header.store(word, at: size)
      size += 4
      next = try nextWord()
    }
    guard next != nil else { throw Self.cutOff }
    isMarked = true
    return size
  }

  private static let cutOff = Failure("ends in the middle of a message of Arrow")

  private func notArrow() -> Failure {
    offset > 12
      ? Failure("is no sound stream of Arrow at byte \(offset - 4)")
      : Failure(
        "is no stream of Arrow",
        hint: "write it in Arrow's IPC format, as a stream or a file (Feather's second version)")
  }

  /// The next four bytes as a number; `nil` where the stream ends before them.
  private mutating func nextWord() throws -> UInt32? {
    guard try body.fill(from: descriptor, 4, mayEnd: true) else { return nil }
    offset += 4
    return UInt32(littleEndian: body.bytes.load(as: UInt32.self))
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
          throw ArrowReader.cutOff
        }
        filled += read
      }
      return true
    }

    /// Puts a number behind those before.
    mutating func store(_ word: UInt32, at place: Int) {
      if place == bytes.count { grow() }
      bytes.storeBytes(of: word.littleEndian, toByteOffset: place, as: UInt32.self)
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
