// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct CRC32CTests {
  // The vectors of RFC 3720, appendix B.4, and the customary check value.
  static let published: [([UInt8], UInt32)] = [
    (Array("123456789".utf8), 0xe306_9283),
    ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
    ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
    ((0..<32).map { UInt8($0) }, 0x46dd_794e),
    ([], 0),
  ]

  @Test(arguments: published)
  func `gives the published values`(bytes: [UInt8], expected: UInt32) {
    #expect(bytes.withRawBytes { CRC32C.checksum($0) } == expected)
  }

  @Test func `is the same in one piece and in many`() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<50 {
      let bytes = [UInt8].random(upTo: 300, using: &generator)
      let cut = Int.random(in: 0...bytes.count, using: &generator)
      var crc = CRC32C()
      Array(bytes[..<cut]).withRawBytes { crc.update($0) }
      Array(bytes[cut...]).withRawBytes { crc.update($0) }
      #expect(crc.value == bitByBit(bytes))
    }
  }

  private func bitByBit(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1 }
    }
    return ~crc
  }
}
