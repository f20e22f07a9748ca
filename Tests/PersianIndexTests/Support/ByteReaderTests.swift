// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct ByteReaderTests {
  @Test func `reads back what a writer wrote`() throws {
    var writer = ByteWriter()
    writer.append(UInt8(7))
    writer.append(UInt16(0x1234))
    writer.append(UInt32(0xdead_beef))
    writer.append(UInt64(0x0102_0304_0506_0708))
    writer.appendLengthPrefixed(Array("کتاب".utf8))
    writer.align(to: 4)
    #expect(writer.count % 4 == 0)
    #expect(writer.bytes.prefix(3) == [7, 0x34, 0x12])
    try writer.withBytes { (bytes) throws in
      var reader = ByteReader(bytes, path: "file")
      #expect(try reader.readUInt8() == 7)
      #expect(try reader.readUInt16() == 0x1234)
      #expect(try reader.readUInt32() == 0xdead_beef)
      #expect(try reader.readUInt64() == 0x0102_0304_0506_0708)
      #expect(try reader.readLengthPrefixed().elementsEqual("کتاب".utf8))
    }
  }

  @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, 1 << 32, 1 << 63, UInt64.max])
  func `a variable-length number comes back and each prefix of it is corrupt`(
    number: UInt64
  ) throws {
    var writer = ByteWriter()
    writer.appendVarint(number)
    try writer.withBytes { (bytes) throws in
      var reader = ByteReader(bytes, path: "file")
      #expect(try reader.readVarint() == number)
      #expect(reader.remaining == 0)
    }
    for length in 0..<writer.count {
      Array(writer.bytes[..<length]).withRawBytes { bytes in
        var reader = ByteReader(bytes, path: "file", base: 100)
        let error = #expect(throws: IndexError.self) { try reader.readVarint() }
        #expect(error?.code == .corrupt)
        #expect((error?.offset ?? 0) >= 100)
      }
    }
  }

  @Test func `a number of more than 64 bits is corrupt`() {
    let tooLong: [UInt8] = Array(repeating: 0xff, count: 9) + [2]
    tooLong.withRawBytes { bytes in
      var reader = ByteReader(bytes, path: "file")
      #expect(throws: IndexError.self) { try reader.readVarint() }
    }
  }

  @Test func `a length beyond the end is corrupt and moves nothing`() {
    ([200, 1] as [UInt8]).withRawBytes { bytes in
      var reader = ByteReader(bytes, path: "file")
      let error = #expect(throws: IndexError.self) { try reader.readLengthPrefixed() }
      #expect(error?.offset == 0)
      #expect(reader.position == 0)
    }
  }

  @Test func `no bytes at all can be read as nothing`() throws {
    var reader = ByteReader(UnsafeRawBufferPointer(start: nil, count: 0), path: "file")
    #expect(try reader.readBytes(0).isEmpty)
    #expect(throws: IndexError.self) { try reader.readUInt8() }
  }
}
