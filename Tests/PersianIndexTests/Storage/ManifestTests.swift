// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct ManifestTests {
  static let sample = Manifest(
    generation: 5, schema: [1, 2, 3], analyzerIdentity: "persian-1", analyzerData: [9],
    nextSegmentID: 8, nextSequence: 1000,
    segments: [
      .init(id: 2, documentCount: 70, sizeInBytes: 4096, checksum: 0x1234_5678),
      .init(
        id: 7, documentCount: 5, deletedCount: 2, liveDocsGeneration: 5, sizeInBytes: 512,
        checksum: 1),
    ], userData: Array("یادداشت".utf8))

  @Test func `comes back from its bytes`() throws {
    let bytes = Self.sample.encoded()
    try bytes.withRawBytes { (bytes) throws in
      #expect(try Manifest(decoding: bytes, path: "m") == Self.sample)
      try Manifest.verify(bytes, path: "m")
    }
  }

  @Test func `has the bytes of format 1`() {
    let small = Manifest(generation: 1, schema: [7], analyzerIdentity: "a")
    let copy: [UInt8] = [
      0x50, 0x49, 0x44, 0x58, 0x4d, 0x41, 0x4e, 0, 1, 0, 0, 0, 31, 0, 0, 0,
    ]
    let body: [UInt8] = [
      1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      1, 7, 1, 0x61, 0, 0, 0,
    ]
    let bytes = small.encoded()
    #expect(Array(bytes[..<16]) == copy)
    #expect(Array(bytes[24..<55]) == body)
    #expect(bytes.count == 110)
    #expect(bytes[..<55] == bytes[55...])
  }

  @Test func `survives every single-bit flip thanks to its second copy`() throws {
    let bytes = Self.sample.encoded()
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      try damaged.withRawBytes { (bytes) throws in
        #expect(try Manifest(decoding: bytes, path: "m") == Self.sample)
        #expect(throws: IndexError.self) { try Manifest.verify(bytes, path: "m") }
      }
    }
  }

  @Test func `every truncation is read from the first copy or is corrupt`() {
    let bytes = Self.sample.encoded()
    for length in 0..<bytes.count {
      Array(bytes[..<length]).withRawBytes { bytes in
        do throws(IndexError) {
          #expect(try Manifest(decoding: bytes, path: "m") == Self.sample)
          #expect(length >= bytes.count / 2)
        } catch {
          #expect(error.code == .corrupt)
        }
      }
    }
  }

  @Test func `random bytes behind a valid checksum are corrupt or a manifest`() {
    var generator = SeededGenerator(seed: 11)
    let header = Manifest(generation: 1, schema: [], analyzerIdentity: "").encoded().prefix(12)
    for _ in 0..<5000 {
      let body = [UInt8].random(upTo: 80, using: &generator)
      var writer = ByteWriter()
      writer.append(header)
      writer.append(UInt32(body.count))
      writer.append(body.withRawBytes { CRC32C.checksum($0) })
      writer.append(writer.withBytes { CRC32C.checksum($0) })
      writer.append(body)
      writer.withBytes { bytes in
        do throws(IndexError) {
          _ = try Manifest(decoding: bytes, path: "m")
        } catch {
          #expect(error.code == .corrupt)
        }
      }
    }
  }

  @Test func `a newer format is refused by name`() {
    var newer = Self.sample
    newer.formatVersion = 9
    newer.encoded().withRawBytes { bytes in
      let error = #expect(throws: IndexError.self) { try Manifest(decoding: bytes, path: "m") }
      #expect(error?.code == .formatTooNew)
      #expect(error?.message.contains("format 9") == true)
    }
  }
}
