// SPDX-License-Identifier: Apache-2.0

/// The bytes of a whole file, held in memory or mapped; released with the last reference.
///
/// The pointer is valid as long as this object lives, whatever happens to the file's name.
package final class MappedBytes: @unchecked Sendable {
  // Sendable: all properties are constant, and nobody writes to the bytes.

  /// The bytes, at an address divisible by 64.
  package let bytes: UnsafeRawBufferPointer
  /// The path of the file, for messages.
  package let path: String
  private let file: MappedFile?

  /// Maps a file.
  package init(mapping path: String) throws(IndexError) {
    let file = try MappedFile(path)
    self.file = file
    self.path = path
    bytes = file.bytes
  }

  /// Copies bytes into memory of its own.
  package init(copying source: some Collection<UInt8>, path: String) {
    file = nil
    self.path = path
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit {
    if file == nil { bytes.deallocate() }
  }

  /// Lends the bytes to `body`, and keeps them there until it returns.
  ///
  /// Whoever uses ``bytes`` itself must hold this object for as long: the compiler may otherwise
  /// release it right after the property has been read.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  /// Tells the system how a part of the bytes will be read; without effect on bytes in memory.
  package func advise(_ advice: MappedFile.Advice, _ part: UnsafeRawBufferPointer) {
    file?.advise(advice, part)
  }
}
