// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

extension SegmentFile {
  /// Returns a copy of the file in which one section has other bytes, with valid checksums.
  ///
  /// What checksums would have caught thus reaches the readers of the sections.
  ///
  /// - Parameters:
  ///   - kind: The kind of the section.
  ///   - field: The field of the section.
  ///   - bytes: Its new bytes; `nil` to leave the section out.
  /// - Returns: The copy.
  /// - Throws: `.corrupt` where such a file cannot even be opened.
  package func resealed(
    replacing kind: SectionKind, field: UInt16 = 0, with bytes: [UInt8]?
  ) throws(IndexError) -> SegmentFile {
    let directory = MemoryDirectory(path: "resealed")
    let writer = try SegmentFileWriter(directory, segmentID: segmentID)
    for section in sections {
      let isReplaced = section.kind == kind && section.field == field
      guard let content = isReplaced ? bytes : Array(section.bytes) else { continue }
      try writer.writeSection(section.kind, field: section.field, content)
    }
    _ = try writer.finish()
    return try SegmentFile(directory.open(IndexFileName.segment(id: segmentID).description))
  }
}

/// Calls `body` with every truncation and every single-bit flip of some bytes.
package func forEachDamage<Failure: Error>(
  of bytes: [UInt8], _ body: (_ damaged: [UInt8], _ what: String) throws(Failure) -> Void
) throws(Failure) {
  for length in 0..<bytes.count {
    try body(Array(bytes[..<length]), "cut to \(length) bytes")
  }
  for bit in 0..<bytes.count * 8 {
    var damaged = bytes
    damaged[bit / 8] ^= 1 << UInt8(bit % 8)
    try body(damaged, "bit \(bit % 8) of byte \(bit / 8) flipped")
  }
}
