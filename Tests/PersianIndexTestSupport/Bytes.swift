// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

extension [UInt8] {
  /// Lends the bytes to `body`.
  package func withRawBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeBufferPointer { (buffer) throws(Failure) in
      try body(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Makes bytes of seeded random values, of a length up to `longest`.
  package static func random(
    upTo longest: Int, alphabet: ClosedRange<UInt8> = 0...255,
    using generator: inout SeededGenerator
  ) -> [UInt8] {
    (0..<Int.random(in: 0...longest, using: &generator)).map { _ in
      UInt8.random(in: alphabet, using: &generator)
    }
  }
}

extension StorageDirectory {
  /// Returns a copy of a file's bytes.
  package func bytes(of name: String) throws(IndexError) -> [UInt8] {
    try open(name).withBytes { Array($0) }
  }

  /// Writes a whole file.
  package func write(_ name: String, _ bytes: [UInt8]) throws(IndexError) {
    let output = try create(name)
    try output.write(bytes)
    try output.close()
  }
}
