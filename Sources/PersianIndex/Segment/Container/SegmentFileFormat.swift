// SPDX-License-Identifier: Apache-2.0

/// The frame of a segment file.
///
/// All numbers are little-endian:
///
///     header     64 bytes  magic "PIDXSEG" and a zero byte, format version (4), zero (4),
///                          segment id (8), zeros (36), CRC-32C of the 60 bytes before (4)
///     sections             each at a multiple of 64 bytes; after each, 16 to 79 zero bytes
///     directory            32 bytes a section: kind (2), field (2), CRC-32C (4), offset (8),
///                          length (8), zeros (8); in the order of the file
///     footer     64 bytes  directory offset (8), number of sections (4), CRC-32C of the
///                          directory (4), segment id (8), file size (8), format version (4),
///                          zeros (16), magic "PIDXEND" and a zero byte (8),
///                          CRC-32C of the 60 bytes before (4)
///
/// A section can be read by loads that reach up to 16 bytes past its end.
enum SegmentFileFormat {
  static let headerMagic: [UInt8] = Array("PIDXSEG\0".utf8)
  static let footerMagic: [UInt8] = Array("PIDXEND\0".utf8)
  static let headerSize = 64
  static let footerSize = 64
  static let entrySize = 32
  static let alignment = 64
  static let padding = 16
  /// Sections up to this size are checked when the file is opened, the others by `verify`.
  static let eagerlyVerifiedSize = 16 << 10
  static let mostSections = 1 << 16

  /// Returns the number of zero bytes that follow a section's end at `position`.
  static func paddingSize(after position: UInt64) -> Int {
    let end = position + UInt64(padding)
    let aligned = (end + UInt64(alignment) - 1) / UInt64(alignment) * UInt64(alignment)
    return Int(aligned - position)
  }

  static func header(segmentID: UInt64, version: UInt32) -> [UInt8] {
    var header = ByteWriter()
    header.append(headerMagic)
    header.append(version)
    header.append(UInt32(0))
    header.append(segmentID)
    header.append(repeatElement(UInt8(0), count: 36))
    header.append(header.withBytes { CRC32C.checksum($0) })
    return header.bytes
  }
}
