// SPDX-License-Identifier: Apache-2.0

/// A 64-bit checksum of a file's bytes, to see whether it changed; it resists no attack.
enum Checksum {
  static func of(_ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBytes { buffer in
      var sum = UInt64(buffer.count) &* 0x9e37_79b9_7f4a_7c15
      var offset = 0
      while offset + 8 <= buffer.count {
        sum = mixed(sum, buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian)
        offset += 8
      }
      var tail: UInt64 = 0
      for index in offset..<buffer.count { tail = tail << 8 | UInt64(buffer[index]) }
      return mixed(sum, tail)
    }
  }

  /// The finisher of SplitMix64 over the exclusive or of both (Steele, Lea and Flood 2014).
  private static func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    var z = sum ^ word
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
