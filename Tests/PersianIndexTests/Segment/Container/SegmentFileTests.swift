// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct SegmentFileTests {
  private let directory = MemoryDirectory()
  private let name = IndexFileName.segment(id: 3).description

  private func writeSample() throws(IndexError) -> SegmentFileWriter.Summary {
    let writer = try SegmentFileWriter(directory, segmentID: 3)
    try writer.writeSection(.segmentInfo, [1, 2, 3])
    try writer.writeSection(.docValues, field: 1, [])
    try writer.beginSection(.docValues, field: 2)
    try writer.write([9])
    #expect(writer.sectionPosition == 1)
    try writer.write([UInt8](repeating: 7, count: 100))
    try writer.endSection()
    return try writer.finish()
  }

  private func open(_ bytes: [UInt8]) throws(IndexError) -> SegmentFile {
    try SegmentFile(MappedBytes(copying: bytes, path: "segment"))
  }

  @Test func `gives back each section, aligned and padded`() throws {
    let summary = try writeSample()
    let file = try SegmentFile(directory.open(name))
    #expect(summary.checksum == file.checksum)
    #expect(summary.sizeInBytes == UInt64(file.bytes.bytes.count))
    #expect(file.segmentID == 3)
    #expect(file.section(.segmentInfo).map { Array($0) } == [1, 2, 3])
    #expect(file.section(.docValues, field: 1).map { Array($0) } == [])
    #expect(file.section(.docValues, field: 2)?.count == 101)
    #expect(file.section(.docValues) == nil)
    #expect(throws: IndexError.self) { try file.requiredSection(.postings) }
    for section in file.sections {
      #expect(section.offset % 64 == 0)
      let end = Int(section.offset) + section.bytes.count
      #expect(file.bytes.bytes[end..<end + 16].allSatisfy { $0 == 0 })
    }
    try file.verify()
  }

  @Test func `has the frame of format 1`() throws {
    _ = try writeSample()
    let bytes = try directory.bytes(of: name)
    #expect(bytes[..<8].elementsEqual("PIDXSEG\0".utf8))
    #expect(Array(bytes[8..<24]) == [1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(bytes[64..<67]) == [1, 2, 3])
    // Header 64, sections 64 + 64 + 128, three entries of 32 and the footer.
    #expect(bytes.count == 64 + 256 + 96 + 64)
    let footer = Array(bytes[(bytes.count - 64)...])
    #expect(Array(footer[..<12]) == [0x40, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0])
    #expect(footer[52..<60].elementsEqual("PIDXEND\0".utf8))
  }

  @Test func `every truncation and bit flip is corrupt, on opening or on verifying`() throws {
    _ = try writeSample()
    let bytes = try directory.bytes(of: name)
    forEachDamage(of: bytes) { damaged, what in
      let error = #expect(throws: IndexError.self, "\(what)") { try open(damaged).verify() }
      #expect(error?.code == .corrupt, "\(what)")
      #expect(error?.path == "segment")
    }
  }

  @Test func `damage in a large section is found by verifying and named`() throws {
    let writer = try SegmentFileWriter(directory, segmentID: 3)
    try writer.writeSection(.postings, [UInt8](repeating: 1, count: 1 << 20))
    _ = try writer.finish()
    var bytes = try directory.bytes(of: name)
    bytes[700_000] ^= 4
    let file = try open(bytes)
    let error = #expect(throws: IndexError.self) { try file.verify() }
    #expect(error?.message.contains("postings") == true)
    #expect(error?.offset == 64)
  }

  @Test func `another segment under the same name is corrupt`() throws {
    let summary = try writeSample()
    let entry = Manifest.SegmentEntry(
      id: 3, documentCount: 1, sizeInBytes: summary.sizeInBytes, checksum: summary.checksum)
    _ = try SegmentFile(entry, in: directory)
    var other = entry
    other.checksum ^= 1
    #expect(throws: IndexError.self) { try SegmentFile(other, in: directory) }
    other = entry
    other.sizeInBytes += 1
    #expect(throws: IndexError.self) { try SegmentFile(other, in: directory) }
  }

  @Test func `a newer format is refused by name`() throws {
    _ = try writeSample()
    var bytes = try directory.bytes(of: name)
    bytes[8] = 9
    let checksum = Array(bytes[..<60]).withRawBytes { CRC32C.checksum($0) }
    for byte in 0..<4 { bytes[60 + byte] = UInt8(truncatingIfNeeded: checksum >> (8 * byte)) }
    #expect(#expect(throws: IndexError.self) { try open(bytes) }?.code == .formatTooNew)
  }

  @Test func `a discarded segment leaves no file`() throws {
    let writer = try SegmentFileWriter(directory, segmentID: 3)
    writer.discard()
    #expect(try directory.list().isEmpty)
  }
}
