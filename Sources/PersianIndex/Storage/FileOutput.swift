// SPDX-License-Identifier: Apache-2.0

/// A new file of the file system, written through a buffer.
final class FileOutput: StorageOutput {
  private static let capacity = 256 << 10

  private var buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: FileOutput.capacity, alignment: 64)
  private var buffered = 0
  private var flushed: UInt64 = 0
  private var file: File?
  let path: String

  init(_ file: File) {
    self.file = file
    path = file.path
  }

  deinit {
    buffer.deallocate()
  }

  var position: UInt64 { flushed + UInt64(buffered) }

  func write(_ bytes: UnsafeRawBufferPointer) throws(IndexError) {
    precondition(buffer.baseAddress != nil, "writing has ended")
    if bytes.count > Self.capacity - buffered { try flush() }
    if bytes.count >= Self.capacity {
      try opened().write(bytes, at: flushed)
      flushed += UInt64(bytes.count)
    } else {
      UnsafeMutableRawBufferPointer(rebasing: buffer[buffered...]).copyMemory(from: bytes)
      buffered += bytes.count
    }
  }

  func synchronize() throws(IndexError) {
    try flush()
    try opened().synchronize()
  }

  func endWriting() throws(IndexError) {
    try flush()
    // The file may stay open for long, until the next commit.
    buffer.deallocate()
    buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  func close() throws(IndexError) {
    guard file != nil else { return }
    defer { file = nil }
    try flush()
  }

  private func flush() throws(IndexError) {
    guard buffered > 0 else { return }
    try opened().write(UnsafeRawBufferPointer(rebasing: buffer[..<buffered]), at: flushed)
    flushed += UInt64(buffered)
    buffered = 0
  }

  private func opened() throws(IndexError) -> File {
    guard let file else { throw IndexError(.closed, "the file is closed already", path: path) }
    return file
  }
}
