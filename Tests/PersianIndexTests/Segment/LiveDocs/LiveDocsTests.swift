// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct LiveDocsTests {
  @Test(arguments: [0, 1, 63, 64, 65, 1000])
  func `deletes documents once and counts them`(count: Int) {
    var live = LiveDocs(documentCount: count)
    #expect(live.liveCount == count)
    var generator = SeededGenerator(seed: UInt64(count))
    var expected = Set(0..<UInt32(count))
    for _ in 0..<count {
      let document = UInt32.random(in: 0..<UInt32(count), using: &generator)
      #expect(live.delete(document) == (expected.remove(document) != nil))
    }
    #expect(live.liveCount == expected.count)
    #expect(live.deletedCount == count - expected.count)
    for document in 0..<UInt32(count) {
      #expect(live.isLive(document) == expected.contains(document))
    }
  }

  @Test func `a copy does not see later deletions`() {
    var live = LiveDocs(documentCount: 10)
    let copy = live
    live.delete(3)
    #expect(copy.isLive(3))
    #expect(!live.isLive(3))
  }

  @Test func `comes back from its file`() throws {
    let directory = MemoryDirectory()
    var live = LiveDocs(documentCount: 100)
    live.delete(99)
    live.delete(5)
    try live.write(to: directory, segment: 4, generation: 2)
    var entry = Manifest.SegmentEntry(
      id: 4, documentCount: 100, deletedCount: 2, liveDocsGeneration: 2, sizeInBytes: 0,
      checksum: 0)
    #expect(try LiveDocs(entry, in: directory) == live)
    entry.deletedCount = 3
    #expect(throws: IndexError.self) { try LiveDocs(entry, in: directory) }
    entry.deletedCount = 0
    entry.liveDocsGeneration = 0
    #expect(try LiveDocs(entry, in: directory).liveCount == 100)
  }

  @Test func `has the bytes of format 1`() {
    var live = LiveDocs(documentCount: 9)
    live.delete(0)
    let bytes = live.encoded(segment: 2, generation: 3)
    #expect(
      Array(bytes[..<36])
        == Array("PIDXLIV\0".utf8) + [
          1, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0,
        ])
    #expect(Array(bytes[40...]) == [0xfe, 1, 0, 0, 0, 0, 0, 0])
  }

  @Test func `every truncation and bit flip is corrupt`() {
    var live = LiveDocs(documentCount: 130)
    live.delete(7)
    forEachDamage(of: live.encoded(segment: 1, generation: 1)) { damaged, what in
      let error = #expect(throws: IndexError.self, "\(what)") {
        try damaged.withRawBytes { (bytes) throws(IndexError) in
          try LiveDocs(decoding: bytes, segment: 1, generation: 1, path: "live")
        }
      }
      #expect(error?.code == .corrupt, "\(what)")
    }
  }
}
