// SPDX-License-Identifier: Apache-2.0

/// Reads a file line by line in memory that grows only with the longest line.
struct LineReader: ~Copyable {
  private let descriptor: Descriptor
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var atEnd = false
  /// The number of the line last returned, from 1.
  private(set) var lineNumber = 0
  /// Where the buffer's first byte stands in the stream.
  private var bufferOffset: Int64 = 0
  /// The longest line that is accepted, in bytes.
  private let limit: Int

  /// Creates a reader.
  ///
  /// - Parameters:
  ///   - descriptor: An open file, which stays the caller's.
  ///   - limit: The longest line that is accepted, in bytes.
  init(_ descriptor: Descriptor, limit: Int = 1 << 30) {
    self.descriptor = descriptor
    self.limit = limit
    buffer = .allocate(byteCount: 1 << 18, alignment: 16)
  }

  deinit {
    buffer.deallocate()
  }

  /// Whether the next line is at hand, so that asking for it will not wait for the file.
  var hasBufferedLine: Bool {
    indexOfNewline(from: start) != nil
  }

  /// Where the next line begins.
  var position: ReadingPosition {
    ReadingPosition(offset: bufferOffset + Int64(start), lineNumber: lineNumber)
  }

  /// Goes on at a line further on; a pipe is read up to there.
  ///
  /// - Parameter position: A ``position`` that a reader of the same bytes had, not behind this one.
  /// - Throws: What the system said, or ``Failure`` where the stream ends before.
  mutating func skip(to position: ReadingPosition) throws {
    if descriptor.move(to: position.offset) {
      (start, end, bufferOffset) = (0, 0, position.offset)
    }
    while bufferOffset + Int64(end) < position.offset {
      start = end
      _ = try fill()
      guard !atEnd else {
        throw Failure(
          "ends before the place where reading was to go on", hint: "read it anew with --rebuild")
      }
    }
    start = Int(position.offset - bufferOffset)
    lineNumber = position.lineNumber
  }

  /// Calls a closure with the next line, without its line feed and carriage return.
  ///
  /// - Returns: What the closure returned; `nil` at the end of the file.
  mutating func nextLine<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) throws -> Result? {
    var searched = start
    while true {
      if let newline = indexOfNewline(from: searched) {
        let line = line(from: start, to: newline)
        start = newline + 1
        lineNumber += 1
        return try body(line)
      }
      searched = end
      if atEnd {
        guard start < end else { return nil }
        let line = line(from: start, to: end)
        start = end
        lineNumber += 1
        return try body(line)
      }
      searched -= try fill()
    }
  }

  private func indexOfNewline(from: Int) -> Int? {
    UnsafeRawBufferPointer(rebasing: buffer[from..<end]).offset(of: UInt8(ascii: "\n"))
      .map { from + $0 }
  }

  private func line(from: Int, to: Int) -> UnsafeBufferPointer<UInt8> {
    var to = to
    if to > from, buffer[to - 1] == UInt8(ascii: "\r") { to -= 1 }
    return UnsafeRawBufferPointer(rebasing: buffer[from..<to]).bindMemory(to: UInt8.self)
  }

  /// Reads more bytes and returns how far the bytes already there moved towards the front.
  private mutating func fill() throws -> Int {
    let moved = start
    if start > 0 {
      let count = end - start
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      start = 0
      end = count
      bufferOffset += Int64(moved)
    }
    if end == buffer.count {
      guard buffer.count < limit else {
        throw Failure("line \(lineNumber + 1) is longer than \(limit) bytes")
      }
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: buffer.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
      buffer.deallocate()
      buffer = larger
    }
    let count = try descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    end += count
    if count == 0 { atEnd = true }
    return moved
  }
}
