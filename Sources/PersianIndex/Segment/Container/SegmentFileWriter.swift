// SPDX-License-Identifier: Apache-2.0

/// Writes the frame of a segment file and, one after another, its sections.
///
///     let writer = try SegmentFileWriter(directory, segmentID: 7)
///     try writer.beginSection(.postings)
///     try writer.write(bytes)
///     try writer.endSection()
///     let summary = try writer.finish()
///
/// Used by one thread at a time. After an error the file is worthless: call ``discard()``.
package final class SegmentFileWriter {
  /// What a manifest says about the file.
  package struct Summary: Sendable, Equatable {
    package let segmentID: UInt64
    package let sizeInBytes: UInt64
    package let checksum: UInt32
  }

  private let directory: any StorageDirectory
  private let output: any StorageOutput
  /// The number of the segment.
  package let segmentID: UInt64
  private var entries = ByteWriter()
  private var entryCount: UInt32 = 0
  /// The file after ``finish(synchronizing:)`` without waiting; `nil` where it is on the medium.
  package private(set) var unsynchronized: UnsynchronizedFile?
  private var open: (kind: SectionKind, field: UInt16, start: UInt64, crc: CRC32C)?

  /// Creates the file of a segment, which must not exist.
  package init(_ directory: any StorageDirectory, segmentID: UInt64) throws(IndexError) {
    self.directory = directory
    self.segmentID = segmentID
    output = try directory.create(IndexFileName.segment(id: segmentID).description)
    try output.write(
      SegmentFileFormat.header(
        segmentID: segmentID, version: Manifest.currentFormatVersion))
  }

  /// The bytes written to the open section so far.
  package var sectionPosition: UInt64 {
    open.map { output.position - $0.start } ?? 0
  }

  /// The bytes written to the file so far.
  package var position: UInt64 { output.position }

  /// Starts a section; no other may be open, and each kind and field comes once.
  package func beginSection(_ kind: SectionKind, field: UInt16 = 0) throws(IndexError) {
    precondition(open == nil, "a section is open already")
    open = (kind, field, output.position, CRC32C())
  }

  /// Appends bytes to the open section.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(IndexError) {
    precondition(open != nil, "no section is open")
    open?.crc.update(bytes)
    try output.write(bytes)
  }

  /// Appends an array of bytes to the open section.
  package func write(_ bytes: [UInt8]) throws(IndexError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(IndexError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Ends the open section.
  package func endSection() throws(IndexError) {
    guard let section = open else { preconditionFailure("no section is open") }
    entries.append(section.kind.rawValue)
    entries.append(section.field)
    entries.append(section.crc.value)
    entries.append(section.start)
    entries.append(output.position - section.start)
    entries.append(UInt64(0))
    entryCount += 1
    open = nil
    let padding = SegmentFileFormat.paddingSize(after: output.position)
    try output.write([UInt8](repeating: 0, count: padding))
  }

  /// Writes a whole section.
  package func writeSection(
    _ kind: SectionKind, field: UInt16 = 0, _ bytes: [UInt8]
  ) throws(IndexError) {
    try beginSection(kind, field: field)
    try write(bytes)
    try endSection()
  }

  /// Waits until what has been written so far is on the medium.
  package func synchronize() throws(IndexError) {
    try output.synchronize()
  }

  /// Writes the directory of sections, waits until the file is on the medium, and closes it.
  ///
  /// - Parameter synchronizing: `false` to leave the waiting to ``unsynchronized``.
  /// - Returns: What a manifest says about the file.
  /// - Throws: What the directory throws; the file is worthless then.
  package func finish(synchronizing: Bool = true) throws(IndexError) -> Summary {
    precondition(open == nil, "a section is still open")
    let checksum = entries.withBytes { CRC32C.checksum($0) }
    var footer = ByteWriter()
    footer.append(output.position)
    footer.append(entryCount)
    footer.append(checksum)
    footer.append(segmentID)
    let size =
      output.position + UInt64(entries.count) + UInt64(SegmentFileFormat.footerSize)
    footer.append(size)
    footer.append(Manifest.currentFormatVersion)
    footer.append(repeatElement(UInt8(0), count: 16))
    footer.append(SegmentFileFormat.footerMagic)
    footer.append(footer.withBytes { CRC32C.checksum($0) })
    try output.write(entries.bytes)
    try output.write(footer.bytes)
    if synchronizing {
      try output.synchronize()
      try output.close()
    } else {
      try output.endWriting()
      unsynchronized = UnsynchronizedFile(output)
    }
    return Summary(segmentID: segmentID, sizeInBytes: size, checksum: checksum)
  }

  /// Closes and removes the file of a segment that is given up.
  package func discard() {
    try? output.close()
    try? directory.remove(IndexFileName.segment(id: segmentID).description)
  }
}
