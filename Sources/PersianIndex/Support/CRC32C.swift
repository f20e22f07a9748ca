// SPDX-License-Identifier: Apache-2.0

/// The CRC-32C checksum (Castagnoli polynomial, reflected, as in RFC 3720, appendix B.4).
///
/// Sixteen bytes are taken at a time through sixteen tables, after Kounavis and Berry, "A systematic
/// approach to building high performance software-based CRC generators", ISCC 2005.
package struct CRC32C: Sendable {
  private var state: UInt32 = 0xffff_ffff

  package init() {}

  /// The checksum of the bytes given so far.
  package var value: UInt32 { ~state }

  /// Returns the checksum of `bytes`.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var crc = CRC32C()
    crc.update(bytes)
    return crc.value
  }

  /// Adds bytes to the checksum.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard var pointer = bytes.baseAddress else { return }
    let end = pointer + bytes.count
    let tables = UnsafePointer(Self.tables)
    var crc = state
    while end - pointer >= 16 {
      let low = UInt64(littleEndian: pointer.loadUnaligned(as: UInt64.self)) ^ UInt64(crc)
      let high = UInt64(littleEndian: pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      crc = Self.fold(low, tables + 8 * 256) ^ Self.fold(high, tables)
      pointer += 16
    }
    while pointer < end {
      let index = UInt8(truncatingIfNeeded: crc) ^ pointer.load(as: UInt8.self)
      crc = (crc &>> 8) ^ tables[Int(index)]
      pointer += 1
    }
    state = crc
  }

  @inline(__always)
  private static func fold(_ word: UInt64, _ tables: UnsafePointer<UInt32>) -> UInt32 {
    tables[7 * 256 + Int(UInt8(truncatingIfNeeded: word))]
      ^ tables[6 * 256 + Int(UInt8(truncatingIfNeeded: word &>> 8))]
      ^ tables[5 * 256 + Int(UInt8(truncatingIfNeeded: word &>> 16))]
      ^ tables[4 * 256 + Int(UInt8(truncatingIfNeeded: word &>> 24))]
      ^ tables[3 * 256 + Int(UInt8(truncatingIfNeeded: word &>> 32))]
      ^ tables[2 * 256 + Int(UInt8(truncatingIfNeeded: word &>> 40))]
      ^ tables[1 * 256 + Int(UInt8(truncatingIfNeeded: word &>> 48))]
      ^ tables[Int(word &>> 56)]
  }

  // Table t gives the effect of a byte that is followed by t more bytes. Written once, before the
  // first use, and never freed.
  private nonisolated(unsafe) static let tables: UnsafeMutablePointer<UInt32> = {
    let tables = UnsafeMutablePointer<UInt32>.allocate(capacity: 16 * 256)
    for index in 0..<256 {
      var crc = UInt32(index)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82f6_3b78 : crc >> 1 }
      tables[index] = crc
    }
    for index in 256..<16 * 256 {
      let shorter = tables[index - 256]
      tables[index] = (shorter >> 8) ^ tables[Int(shorter & 0xff)]
    }
    return tables
  }()
}
