// SPDX-License-Identifier: Apache-2.0

// The file, all numbers little-endian:
//
//   0   8 bytes  magic "PIDXLIV" and a zero byte
//   8   4        format version
//   12  4        documents of the segment
//   16  8        segment id
//   24  8        generation
//   32  4        live documents
//   36  4        CRC-32C of the bytes 0..<36 and of the words
//   40           the words, 8 bytes each

extension LiveDocs {
  private static let magic: [UInt8] = Array("PIDXLIV\0".utf8)
  private static let headerSize = 40

  /// Writes the file of a generation durably; its name must be free.
  package func write(
    to directory: any StorageDirectory, segment: UInt64, generation: UInt64
  ) throws(IndexError) {
    let name = IndexFileName.liveDocs(segment: segment, generation: generation).description
    let output = try directory.create(name)
    do {
      try output.write(encoded(segment: segment, generation: generation))
      try output.synchronize()
      try output.close()
    } catch {
      try? directory.remove(name)
      throw error
    }
  }

  /// Reads the file that a manifest's entry names; every document is live where it names none.
  package init(
    _ entry: Manifest.SegmentEntry, in directory: any StorageDirectory
  ) throws(IndexError) {
    guard entry.liveDocsGeneration != 0 else {
      self.init(documentCount: Int(entry.documentCount))
      return
    }
    let name = IndexFileName.liveDocs(segment: entry.id, generation: entry.liveDocsGeneration)
    let mapped = try directory.open(name.description)
    self = try mapped.withBytes { (bytes) throws(IndexError) in
      try LiveDocs(
        decoding: bytes, segment: entry.id, generation: entry.liveDocsGeneration,
        path: mapped.path)
    }
    guard documentCount == Int(entry.documentCount), deletedCount == Int(entry.deletedCount) else {
      throw IndexError(
        .corrupt, "it has other counts of documents than the manifest lists", path: mapped.path)
    }
  }

  package func encoded(segment: UInt64, generation: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.reserve(Self.headerSize + words.count * 8)
    writer.append(Self.magic)
    writer.append(Manifest.currentFormatVersion)
    writer.append(UInt32(documentCount))
    writer.append(segment)
    writer.append(generation)
    writer.append(UInt32(liveCount))
    var crc = CRC32C()
    writer.withBytes { crc.update($0) }
    var body = ByteWriter()
    body.reserve(words.count * 8)
    for word in words { body.append(word) }
    body.withBytes { crc.update($0) }
    writer.append(crc.value)
    writer.append(body.bytes)
    return writer.bytes
  }

  package init(
    decoding bytes: UnsafeRawBufferPointer, segment: UInt64, generation: UInt64, path: String
  ) throws(IndexError) {
    var reader = ByteReader(bytes, path: path)
    guard try reader.readBytes(8).elementsEqual(Self.magic) else {
      throw IndexError(.corrupt, "this is not a live-documents file", path: path, offset: 0)
    }
    let version = try reader.readUInt32()
    let count = Int(try reader.readUInt32())
    let storedSegment = try reader.readUInt64()
    let storedGeneration = try reader.readUInt64()
    let live = Int(try reader.readUInt32())
    let checksum = try reader.readUInt32()
    var crc = CRC32C()
    crc.update(UnsafeRawBufferPointer(rebasing: bytes[..<36]))
    crc.update(UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize...]))
    guard crc.value == checksum else {
      throw IndexError(
        .corrupt, "the checksum of the live documents differs", path: path, offset: 36)
    }
    try Manifest.checkFormatVersion(version, path: path)
    guard storedSegment == segment, storedGeneration == generation else {
      throw IndexError(
        .corrupt,
        "it says it belongs to segment \(storedSegment), generation "
          + "\(storedGeneration)", path: path, offset: 16)
    }
    guard reader.remaining == (count + 63) / 64 * 8 else {
      throw reader.corrupt("it has too few or too many bytes for \(count) documents")
    }
    var words: [UInt64] = []
    words.reserveCapacity((count + 63) / 64)
    for _ in 0..<(count + 63) / 64 { words.append(try reader.readUInt64()) }
    documentCount = count
    liveCount = words.reduce(0) { $0 + $1.nonzeroBitCount }
    self.words = words
    let tail = count % 64 == 0 ? 0 : (words.last ?? 0) >> UInt64(count % 64)
    guard liveCount == live, tail == 0 else {
      throw IndexError(
        .corrupt, "the count of live documents differs from the bits", path: path, offset: 32)
    }
  }
}
