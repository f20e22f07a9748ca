// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct SequenceTests {
  private func file(_ section: [UInt8]) throws -> SegmentFile {
    let directory = MemoryDirectory()
    let writer = try SegmentFileWriter(directory, segmentID: 1)
    try writer.writeSection(.sequence, section)
    _ = try writer.finish()
    return try SegmentFile(directory.open(IndexFileName.segment(id: 1).description))
  }

  @Test(
    arguments: [
      [], [0], [.max], [7, 8, 9], [7, 8, 10, 11, 500], [3, 1, 2], [0, .max], [.max, 0, 5],
      [1 << 55, 0, 1 << 56 - 1], Array(1000..<1500),
    ] as [[UInt64]])
  func `Every number comes back`(numbers: [UInt64]) throws {
    // A reader views the bytes of its file, which must outlive it.
    let file = try file(SequenceWriter.encode(numbers))
    let reader = try SequenceReader(file, documentCount: numbers.count)
    withExtendedLifetime(file) {
      #expect((0..<UInt32(numbers.count)).map { reader[$0] } == numbers)
      #expect(reader.isAscending == zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func `Numbers without gaps need no room`() {
    #expect(SequenceWriter.encode(Array(5..<5000)).count == SequenceWriter.headerSize)
  }

  @Test func `A section of another length is refused`() throws {
    let bytes = SequenceWriter.encode([3, 1, 2])
    for damaged in [[], Array(bytes.dropLast()), bytes + [0]] {
      #expect(throws: IndexError.self) {
        _ = try SequenceReader(file(damaged), documentCount: 3)
      }
    }
  }
}
