// SPDX-License-Identifier: Apache-2.0

extension SegmentFile {
  /// What stands in the header and the footer, checked against the size of the file.
  struct Footer {
    let directoryOffset: Int
    let sectionCount: Int
    let directoryChecksum: UInt32
    let segmentID: UInt64

    init(_ mapped: MappedBytes) throws(IndexError) {
      let (bytes, path) = (mapped.bytes, mapped.path)
      let frame = SegmentFileFormat.headerSize + SegmentFileFormat.footerSize
      guard bytes.count >= frame else {
        throw IndexError(
          .corrupt, "the segment is cut off: it has \(bytes.count) bytes", path: path,
          offset: UInt64(bytes.count))
      }
      let header = UnsafeRawBufferPointer(rebasing: bytes[..<SegmentFileFormat.headerSize])
      guard header.prefix(8).elementsEqual(SegmentFileFormat.headerMagic) else {
        throw IndexError(.corrupt, "this is not a segment", path: path, offset: 0)
      }
      try Self.checkVersion(header, path)

      let start = bytes.count - SegmentFileFormat.footerSize
      let footer = UnsafeRawBufferPointer(rebasing: bytes[start...])
      var reader = ByteReader(footer, path: path, base: UInt64(start))
      let directoryOffset = try reader.readUInt64()
      let sectionCount = Int(try reader.readUInt32())
      directoryChecksum = try reader.readUInt32()
      segmentID = try reader.readUInt64()
      let size = try reader.readUInt64()
      let version = try reader.readUInt32()
      let reserved = try reader.readBytes(16)
      guard try reader.readBytes(8).elementsEqual(SegmentFileFormat.footerMagic) else {
        throw IndexError(
          .corrupt, "the segment is cut off or its end is damaged", path: path,
          offset: UInt64(start))
      }
      let covered = UnsafeRawBufferPointer(rebasing: footer[..<60])
      guard try reader.readUInt32() == CRC32C.checksum(covered),
        reserved.allSatisfy({ $0 == 0 })
      else { throw reader.corrupt("the checksum of the segment's footer differs") }
      guard
        header.elementsEqual(SegmentFileFormat.header(segmentID: segmentID, version: version))
      else {
        throw IndexError(
          .corrupt, "the header and the footer of the segment contradict each other",
          path: path, offset: 0)
      }
      let directorySize = sectionCount * SegmentFileFormat.entrySize
      guard size == UInt64(bytes.count), sectionCount <= SegmentFileFormat.mostSections,
        directorySize <= start - SegmentFileFormat.headerSize,
        directoryOffset == UInt64(start - directorySize)
      else { throw reader.corrupt("the segment has another size than its footer says") }
      self.directoryOffset = start - directorySize
      self.sectionCount = sectionCount
    }

    // A newer format keeps the place of the version and of the header's checksum.
    private static func checkVersion(
      _ header: UnsafeRawBufferPointer, _ path: String
    ) throws(IndexError) {
      var reader = ByteReader(header, path: path)
      _ = try reader.readBytes(8)
      let version = try reader.readUInt32()
      _ = try reader.readBytes(48)
      let covered = UnsafeRawBufferPointer(rebasing: header[..<60])
      guard try reader.readUInt32() == CRC32C.checksum(covered) else {
        throw IndexError(
          .corrupt, "the checksum of the segment's header differs", path: path, offset: 0)
      }
      try Manifest.checkFormatVersion(version, path: path)
    }
  }
}
