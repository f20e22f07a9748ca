// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// What a segment says of its fields.
struct SegmentInfoTests {
  private static func file(totalLength: UInt64) throws -> SegmentFile {
    let directory = MemoryDirectory(path: "info")
    let writer = try SegmentFileWriter(directory, segmentID: 1)
    let info = SegmentInfo(
      documentCount: 3, fields: IndexedFields(kinds: [.text]),
      statistics: [.init(totalLength: totalLength, documentCount: 2)])
    try info.write(to: writer)
    _ = try writer.finish()
    return try SegmentFile(directory.open(IndexFileName.segment(id: 1).description))
  }

  @Test
  func `lengths that documents cannot have are refused`() throws {
    let most = 3 * UInt64(FieldLengthCode.maximumLength)
    #expect(try SegmentInfo(Self.file(totalLength: most)).statistics[0].totalLength == most)
    for hostile in [most + 1, .max] {
      let error = #expect(throws: IndexError.self) {
        try SegmentInfo(Self.file(totalLength: hostile))
      }
      #expect(error?.code == .corrupt)
    }
  }
}
