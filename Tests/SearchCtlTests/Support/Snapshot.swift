// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Compares a text with a file whose path is relative to `Snapshots/`.
///
/// With `RECORD_FIXTURES=1` the file is written anew, and the test fails so that somebody looks.
func expectSnapshot(
  _ text: String, _ name: String, file: String = #filePath,
  location: SourceLocation = #_sourceLocation
) throws {
  let folder = file.split(separator: "/").dropLast().joined(separator: "/")
  let path = "/\(folder)/Snapshots/\(name)"
  if getenv("RECORD_FIXTURES") != nil {
    let handle = try #require(fopen(path, "w"), sourceLocation: location)
    fwrite(Array(text.utf8), 1, text.utf8.count, handle)
    fclose(handle)
    Issue.record("recorded \(name); look at it and run again", sourceLocation: location)
    return
  }
  let expected = String(decoding: try TemporaryFolder.bytes(path), as: UTF8.self)
  #expect(text == expected, sourceLocation: location)
}
