// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct StorageDirectoryTests {
  @Test(arguments: [false, true])
  func `files are created, renamed, listed and removed`(inMemory: Bool) throws {
    let temporary = try TemporaryDirectory()
    let directory: any StorageDirectory =
      inMemory ? MemoryDirectory() : temporary.directory
    let output = try directory.create("a")
    var generator = SeededGenerator(seed: 3)
    var expected: [UInt8] = []
    for size in [0, 1, 100, 300_000, 5, 262_144, 262_143, 2, 1_000_000] {
      let part = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
      try output.write(part)
      expected += part
      #expect(output.position == UInt64(expected.count))
    }
    try output.synchronize()
    try output.close()
    try directory.synchronize()
    #expect(try directory.bytes(of: "a") == expected)
    try directory.write("b", [1])
    try directory.rename("a", to: "b")
    #expect(try directory.list() == ["b"])
    #expect(try directory.bytes(of: "b") == expected)
    #expect(throws: IndexError.self) { try directory.create("b") }
    try directory.remove("b")
    #expect(try directory.list().isEmpty)
    #expect(#expect(throws: IndexError.self) { try directory.open("b") }?.code == .notFound)
    do {
      let lock = try directory.lock(waitingUpTo: 0)
      #expect(throws: IndexError.self) { try directory.lock(waitingUpTo: 0) }
      withExtendedLifetime(lock) {}
    }
    _ = try directory.lock(waitingUpTo: 0)
  }

  @Test func `a closed file takes no more bytes`() throws {
    let temporary = try TemporaryDirectory()
    let output = try temporary.directory.create("a")
    try output.close()
    #expect(throws: IndexError.self) { try output.synchronize() }
  }

  @Test(arguments: [
    IndexFileName.manifest(generation: 26), .temporaryManifest(generation: 1 << 62 - 1),
    .segment(id: 0), .liveDocs(segment: 3, generation: 0x1234_5678_9abc_def0),
  ])
  func `names of an index's files come back`(name: IndexFileName) {
    #expect(IndexFileName(name.description) == name)
    #expect(IndexFileName(name.description.uppercased()) == nil)
  }

  @Test(arguments: [
    "", "LOCK", "manifest-", "manifest-1", "manifest-00000000000000zz", "segment-",
    "segment-0000000000000001", "segment-0000000000000001.live", "segment-0000000000000001.1.live",
    "manifest-ffffffffffffffff", "manifest-0000000000000001.tmpx", "manifest-00000000000000010",
    "notes.txt", "کتاب",
  ])
  func `other names are nobody's`(name: String) {
    #expect(IndexFileName(name) == nil)
  }
}
