// SPDX-License-Identifier: Apache-2.0

/// Standard output with a buffer, in bytes.
///
/// One command on one thread owns it; what it holds at the end is written by ``flush()``.
struct StandardOutput {
  private let descriptor = Descriptor.standardOutput
  private var buffer: [UInt8] = []
  private static let capacity = 1 << 16

  /// Whether each line is written at once because somebody watches.
  let isTerminal = Descriptor.standardOutput.isTerminal

  /// Appends a text.
  mutating func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Appends bytes.
  @inline(__always)
  mutating func write(_ bytes: ArraySlice<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.capacity { try flush() }
  }

  /// Appends one byte.
  @inline(__always)
  mutating func write(byte: UInt8) throws {
    buffer.append(byte)
  }

  /// Appends a text and the end of its line.
  mutating func writeLine(_ text: String = "") throws {
    try write(text)
    buffer.append(UInt8(ascii: "\n"))
    if isTerminal { try flush() }
  }

  /// Writes what is in the buffer.
  ///
  /// - Throws: ``ClosedPipe`` where nobody reads any more, ``Failure`` where the system refuses.
  mutating func flush() throws {
    guard !buffer.isEmpty else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    do {
      try buffer.withUnsafeBytes { try descriptor.write($0) }
    } catch let error as SystemError {
      if error.isBrokenPipe { throw ClosedPipe() }
      throw Failure("cannot write to standard output: \(error)")
    }
  }
}
