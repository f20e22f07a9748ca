// SPDX-License-Identifier: Apache-2.0

// The file, all numbers little-endian:
//
//   0   8 bytes  magic "PIDXMAN" and a zero byte
//   8   4        format version
//   12  4        length of the body in bytes
//   16  4        CRC-32C of the body
//   20  4        CRC-32C of the bytes 0..<20
//   24           the body, then the same 24 + body bytes once more
//
// The second copy is read where the first is damaged, so that one bad sector does not cost the
// commit. docs/FORMAT.md describes the body.

extension Manifest {
  static let magic: [UInt8] = Array("PIDXMAN\0".utf8)
  static let headerSize = 24

  /// Returns the bytes of the manifest's file.
  package func encoded() -> [UInt8] {
    var body = ByteWriter()
    body.append(generation)
    body.append(nextSegmentID)
    body.append(nextSequence)
    body.appendLengthPrefixed(schema)
    body.appendLengthPrefixed(Array(analyzerIdentity.utf8))
    body.appendLengthPrefixed(analyzerData)
    body.appendLengthPrefixed(userData)
    body.appendVarint(UInt64(segments.count))
    for entry in segments {
      body.append(entry.id)
      body.append(entry.documentCount)
      body.append(entry.deletedCount)
      body.append(entry.liveDocsGeneration)
      body.append(entry.sizeInBytes)
      body.append(entry.checksum)
    }
    var copy = ByteWriter()
    copy.append(Self.magic)
    copy.append(formatVersion)
    copy.append(UInt32(body.count))
    copy.append(body.withBytes { CRC32C.checksum($0) })
    copy.append(copy.withBytes { CRC32C.checksum($0) })
    copy.append(body.bytes)
    return copy.bytes + copy.bytes
  }

  /// Reads the bytes of a manifest's file.
  ///
  /// - Throws: `corrupt` where both copies are damaged; `formatTooNew` or `formatTooOld`.
  package init(decoding bytes: UnsafeRawBufferPointer, path: String) throws(IndexError) {
    do {
      (self, _) = try Self.decodeCopy(bytes, at: 0, path: path)
    } catch {
      guard error.code == .corrupt else { throw error }
      // Both copies have the same length, so the second starts in the middle.
      guard bytes.count % 2 == 0,
        let (copy, _) = try? Self.decodeCopy(bytes, at: bytes.count / 2, path: path)
      else { throw error }
      self = copy
    }
  }

  /// Checks that both copies are whole and equal.
  package static func verify(_ bytes: UnsafeRawBufferPointer, path: String) throws(IndexError) {
    let (first, length) = try decodeCopy(bytes, at: 0, path: path)
    let (second, _) = try decodeCopy(bytes, at: length, path: path)
    guard first == second, bytes.count == 2 * length else {
      throw IndexError(
        .corrupt, "the two copies of the manifest differ", path: path, offset: UInt64(length))
    }
  }

  /// Throws `formatTooNew` or `formatTooOld` for a format that this build does not read.
  package static func checkFormatVersion(
    _ version: UInt32, path: String
  ) throws(IndexError) {
    guard version <= currentFormatVersion else {
      throw IndexError(
        .formatTooNew,
        "written in format \(version), and this build reads up to \(currentFormatVersion); "
          + "upgrade it or rebuild the index", path: path, offset: 8)
    }
    guard version >= oldestFormatVersion else {
      throw IndexError(
        .formatTooOld,
        "written in format \(version), and this build reads from \(oldestFormatVersion); "
          + "rebuild the index", path: path, offset: 8)
    }
  }

  private static func decodeCopy(
    _ bytes: UnsafeRawBufferPointer, at start: Int, path: String
  ) throws(IndexError) -> (Manifest, length: Int) {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
    var header = ByteReader(rest, path: path, base: UInt64(start))
    guard try header.readBytes(8).elementsEqual(magic) else {
      throw IndexError(.corrupt, "this is not a manifest", path: path, offset: UInt64(start))
    }
    let version = try header.readUInt32()
    let length = Int(try header.readUInt32())
    let checksum = try header.readUInt32()
    let headerBytes = UnsafeRawBufferPointer(rebasing: rest[..<20])
    guard try header.readUInt32() == CRC32C.checksum(headerBytes) else {
      throw header.corrupt("the checksum of the manifest's header differs")
    }
    try checkFormatVersion(version, path: path)
    let body = try header.readBytes(length)
    guard CRC32C.checksum(body) == checksum else {
      throw IndexError(
        .corrupt, "the checksum of the manifest differs", path: path,
        offset: UInt64(start + headerSize))
    }
    var reader = ByteReader(body, path: path, base: UInt64(start + headerSize))
    let manifest = try Manifest(reading: &reader, formatVersion: version)
    guard reader.remaining == 0 else {
      throw reader.corrupt("the manifest has bytes that it should not have")
    }
    return (manifest, headerSize + length)
  }

  private init(reading reader: inout ByteReader, formatVersion: UInt32) throws(IndexError) {
    self.formatVersion = formatVersion
    generation = try reader.readUInt64()
    nextSegmentID = try reader.readUInt64()
    nextSequence = try reader.readUInt64()
    schema = Array(try reader.readLengthPrefixed())
    analyzerIdentity = String(decoding: try reader.readLengthPrefixed(), as: UTF8.self)
    analyzerData = Array(try reader.readLengthPrefixed())
    userData = Array(try reader.readLengthPrefixed())
    guard max(generation, nextSegmentID, nextSequence) < Self.numberLimit else {
      throw reader.corrupt("a number of the manifest is greater than any can be")
    }
    let count = try reader.readCount(upTo: reader.remaining / 36)
    segments = []
    for _ in 0..<count {
      let entry = SegmentEntry(
        id: try reader.readUInt64(), documentCount: try reader.readUInt32(),
        deletedCount: try reader.readUInt32(), liveDocsGeneration: try reader.readUInt64(),
        sizeInBytes: try reader.readUInt64(), checksum: try reader.readUInt32())
      guard entry.deletedCount <= entry.documentCount, entry.id < nextSegmentID,
        (entry.deletedCount == 0) == (entry.liveDocsGeneration == 0)
      else { throw reader.corrupt("the entry of segment \(entry.id) contradicts itself") }
      segments.append(entry)
    }
    guard Set(segments.map(\.id)).count == count else {
      throw reader.corrupt("a segment is listed twice")
    }
  }
}
