// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a file line by line through one buffer.
///
/// Reading is part of the time that building takes, for every engine alike.
struct LineReader: ~Copyable {
  private let file: Int32
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
  // What of the buffer has been read from the file and not been returned.
  private var start = 0
  private var end = 0

  init(path: String) throws(Failure) {
    file = open(path, O_RDONLY)
    guard file >= 0 else { throw Failure("cannot read \(path)") }
  }

  deinit {
    buffer.deallocate()
    close(file)
  }

  /// The bytes of the next line without its end; valid until the next call, `nil` at the end.
  mutating func next() throws(Failure) -> UnsafeRawBufferPointer? {
    var searched = start
    while true {
      if let base = buffer.baseAddress, let found = memchr(base + searched, 10, end - searched) {
        let length = UnsafeRawPointer(found) - UnsafeRawPointer(base + start)
        defer { start += length + 1 }
        return UnsafeRawBufferPointer(rebasing: buffer[start..<start + length])
      }
      searched = end - start
      guard try fill() else { break }
    }
    guard start < end else { return nil }
    defer { start = end }
    return UnsafeRawBufferPointer(rebasing: buffer[start..<end])
  }

  /// Moves what is left to the front and reads on; returns whether there was more.
  private mutating func fill() throws(Failure) -> Bool {
    let rest = end - start
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
    (start, end) = (0, rest)
    if rest == buffer.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * rest, alignment: 64)
      larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
      buffer.deallocate()
      buffer = larger
    }
    let count = read(file, buffer.baseAddress.map { $0 + rest }, buffer.count - rest)
    guard count >= 0 else { throw Failure("cannot read the documents") }
    end += count
    return count > 0
  }
}

/// Splits a line at its first tab; `nil` where there is none.
func splitAtTab(
  _ line: UnsafeRawBufferPointer
) -> (first: UnsafeBufferPointer<UInt8>, rest: UnsafeBufferPointer<UInt8>)? {
  guard let tab = line.firstIndex(of: 9) else { return nil }
  let bytes = line.assumingMemoryBound(to: UInt8.self)
  return (
    UnsafeBufferPointer(rebasing: bytes[..<tab]),
    UnsafeBufferPointer(rebasing: bytes[(tab + 1)...])
  )
}
