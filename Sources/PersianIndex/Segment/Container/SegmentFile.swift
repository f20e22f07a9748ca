// SPDX-License-Identifier: Apache-2.0

/// The bytes of a segment file, whose frame has been checked, by section.
///
/// Opening checks the lengths, the header, the footer, the directory and the checksums of the small
/// sections; ``verify()`` checks everything. The sections stay valid as long as this object.
package final class SegmentFile: @unchecked Sendable {
  // Sendable: all properties are constant, and nobody writes to the bytes.

  /// A part of the file.
  package struct Section: @unchecked Sendable {
    // Sendable: the bytes are constant; the file that owns them is.
    package let kind: SectionKind
    package let field: UInt16
    package let offset: UInt64
    package let checksum: UInt32
    package let bytes: UnsafeRawBufferPointer
  }

  /// The whole file.
  package let bytes: MappedBytes
  /// The number of the segment.
  package let segmentID: UInt64
  /// The checksum of the directory of sections, which a manifest repeats.
  package let checksum: UInt32
  /// The sections, in the order of the file.
  package let sections: [Section]

  package var path: String { bytes.path }

  /// Checks the frame of a segment file.
  ///
  /// - Throws: `corrupt`, `formatTooNew` or `formatTooOld`.
  package init(_ mapped: MappedBytes) throws(IndexError) {
    let footer = try Footer(mapped)
    let (start, path) = (footer.directoryOffset, mapped.path)
    let directory = UnsafeRawBufferPointer(
      rebasing: mapped.bytes[start..<mapped.bytes.count - SegmentFileFormat.footerSize])
    guard CRC32C.checksum(directory) == footer.directoryChecksum else {
      throw IndexError(
        .corrupt, "the checksum of the directory of sections differs", path: path,
        offset: UInt64(start))
    }
    var reader = ByteReader(directory, path: path, base: UInt64(start))
    var sections: [Section] = []
    sections.reserveCapacity(footer.sectionCount)
    var end = SegmentFileFormat.headerSize
    for _ in 0..<footer.sectionCount {
      let section = try Self.readSection(&reader, of: mapped, expectedOffset: end, limit: start)
      let length = section.bytes.count
      end += length + SegmentFileFormat.paddingSize(after: section.offset + UInt64(length))
      guard !sections.contains(where: { $0.kind == section.kind && $0.field == section.field })
      else { throw reader.corrupt("the \(section.kind) of field \(section.field) come twice") }
      if length <= SegmentFileFormat.eagerlyVerifiedSize {
        try Self.verify(section, path: path)
      }
      sections.append(section)
    }
    guard end == start else {
      throw reader.corrupt("the sections do not reach up to their directory")
    }
    bytes = mapped
    segmentID = footer.segmentID
    checksum = footer.directoryChecksum
    self.sections = sections
  }

  /// Opens the segment of a manifest's entry and checks that it is that segment.
  package convenience init(
    _ entry: Manifest.SegmentEntry, in directory: any StorageDirectory
  ) throws(IndexError) {
    try self.init(directory.open(IndexFileName.segment(id: entry.id).description))
    guard segmentID == entry.id, checksum == entry.checksum,
      UInt64(bytes.bytes.count) == entry.sizeInBytes
    else {
      throw IndexError(
        .corrupt, "this is not the segment that the manifest lists", path: bytes.path)
    }
  }

  /// Returns the bytes of a section, at an address divisible by 64; `nil` where there is none.
  package func section(_ kind: SectionKind, field: UInt16 = 0) -> UnsafeRawBufferPointer? {
    sections.first { $0.kind == kind && $0.field == field }?.bytes
  }

  /// Returns the bytes of a section that every segment must have.
  package func requiredSection(
    _ kind: SectionKind, field: UInt16 = 0
  ) throws(IndexError) -> UnsafeRawBufferPointer {
    guard let bytes = section(kind, field: field) else {
      throw IndexError(.corrupt, "the \(kind) of field \(field) are missing", path: path)
    }
    return bytes
  }

  /// Returns a checked cursor over a section, whose errors name the place in the file.
  package func reader(
    _ kind: SectionKind, field: UInt16 = 0
  ) throws(IndexError) -> ByteReader {
    let bytes = try requiredSection(kind, field: field)
    return ByteReader(bytes, path: path, base: offset(of: bytes))
  }

  /// Makes the error for damage at `offset` of a section.
  package func corrupt(
    _ message: String, _ kind: SectionKind, field: UInt16 = 0, at offset: Int = 0
  ) -> IndexError {
    let start = section(kind, field: field).map { self.offset(of: $0) } ?? 0
    return IndexError(
      .corrupt, "\(kind): \(message)", path: path, offset: start + UInt64(offset))
  }

  /// Checks every checksum and that the padding is zero.
  ///
  /// - Complexity: O(size of the file), all of which is read.
  package func verify() throws(IndexError) {
    for section in sections {
      try Self.verify(section, path: path)
      let end = Int(section.offset) + section.bytes.count
      let padding = SegmentFileFormat.paddingSize(after: UInt64(end))
      if let index = bytes.bytes[end..<end + padding].firstIndex(where: { $0 != 0 }) {
        throw IndexError(
          .corrupt, "the padding after the \(section.kind) is not zero", path: path,
          offset: UInt64(index))
      }
    }
  }

  private func offset(of part: UnsafeRawBufferPointer) -> UInt64 {
    guard let start = part.baseAddress, let base = bytes.bytes.baseAddress else { return 0 }
    return UInt64(start - base)
  }

  private static func verify(_ section: Section, path: String) throws(IndexError) {
    guard CRC32C.checksum(section.bytes) == section.checksum else {
      throw IndexError(
        .corrupt, "the checksum of the \(section.kind) of field \(section.field) differs",
        path: path, offset: section.offset)
    }
  }

  private static func readSection(
    _ reader: inout ByteReader, of mapped: MappedBytes, expectedOffset: Int, limit: Int
  ) throws(IndexError) -> Section {
    let kind = SectionKind(rawValue: try reader.readUInt16())
    let field = try reader.readUInt16()
    let checksum = try reader.readUInt32()
    let offset = try reader.readUInt64()
    let length = try reader.readUInt64()
    guard try reader.readUInt64() == 0, offset == UInt64(expectedOffset),
      length <= UInt64(limit - expectedOffset),
      expectedOffset + Int(length) + SegmentFileFormat.paddingSize(after: offset + length) <= limit
    else { throw reader.corrupt("the place of the \(kind) is impossible") }
    let bytes = UnsafeRawBufferPointer(
      rebasing: mapped.bytes[expectedOffset..<expectedOffset + Int(length)])
    return Section(kind: kind, field: field, offset: offset, checksum: checksum, bytes: bytes)
  }
}
