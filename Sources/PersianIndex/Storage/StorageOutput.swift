// SPDX-License-Identifier: Apache-2.0

/// A new file that is written from front to back.
///
/// Used by one thread at a time. After an error the file is worthless: remove it, and write its
/// content to a new one.
package protocol StorageOutput: AnyObject {
  /// The path of the file, for messages.
  var path: String { get }

  /// The number of bytes written so far.
  var position: UInt64 { get }

  /// Appends bytes; they may wait in a buffer until ``synchronize()`` or ``close()``.
  func write(_ bytes: UnsafeRawBufferPointer) throws(IndexError)

  /// Waits until everything written is on the medium.
  func synchronize() throws(IndexError)

  /// Hands what is buffered to the system, so that the file can be opened by its name.
  ///
  /// No more bytes may follow, only ``synchronize()`` and ``close()``.
  func endWriting() throws(IndexError)

  /// Hands what is buffered to the system and closes the file, without waiting for the medium.
  func close() throws(IndexError)
}

extension StorageOutput {
  /// Appends an array of bytes.
  package func write(_ bytes: [UInt8]) throws(IndexError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(IndexError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }
}
