// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a file line by line with one reused buffer.
///
/// Reading is part of the time that building takes, for every engine alike.
struct LineReader: ~Copyable {
  private let file: UnsafeMutablePointer<FILE>
  private var line: UnsafeMutablePointer<CChar>?
  private var capacity = 0

  init(path: String) throws(Failure) {
    guard let file = fopen(path, "rb") else { throw Failure("cannot read \(path)") }
    setvbuf(file, nil, _IOFBF, 1 << 20)
    self.file = file
  }

  deinit {
    free(line)
    fclose(file)
  }

  /// The bytes of the next line without its end; valid until the next call, `nil` at the end.
  mutating func next() -> UnsafeRawBufferPointer? {
    var length = getline(&line, &capacity, file)
    guard length > 0, let line else { return nil }
    if line[length - 1] == 10 { length -= 1 }
    return UnsafeRawBufferPointer(start: line, count: length)
  }
}

/// Splits a line at its first tab; `nil` where there is none.
func splitAtTab(_ line: UnsafeRawBufferPointer) -> (first: String, rest: String)? {
  guard let tab = line.firstIndex(of: 9) else { return nil }
  return (
    String(decoding: line[..<tab], as: UTF8.self),
    String(decoding: line[(tab + 1)...], as: UTF8.self)
  )
}
