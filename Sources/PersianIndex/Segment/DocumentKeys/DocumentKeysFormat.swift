// SPDX-License-Identifier: Apache-2.0

/// The layout of the documents' keys; docs/FORMAT.md has it byte by byte.
///
/// The section "document keys" holds the keys by document: as texts in groups that share their
/// beginning, or, where every key is the plain decimal form of a number, as numbers that are packed by
/// what they differ from a line. The section "document key index" finds a document by the hash of its
/// key. It is left out where keys ascend with the documents; then a binary search does.
enum DocumentKeysFormat {
  /// The documents of a group of texts.
  static let groupSize = 32
  static let documentsPerBucket = 4
  static let fingerprintBits = 8
  /// The longest key, in bytes.
  static let longestKey = 1 << 20

  /// The forms that keys are kept in, as the header has them.
  enum Form: UInt8 {
    case texts = 0
    case numbers = 1
  }

  /// The hash of a key; a part of the format.
  static func hash(_ key: UnsafeRawBufferPointer) -> UInt64 {
    var hash = UInt64(key.count) &* 0x9e37_79b9_7f4a_7c15
    var offset = 0
    while offset + 8 <= key.count {
      let word = UInt64(
        littleEndian: key.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      hash = mixed(hash ^ word)
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < key.count {
      tail = tail << 8 | UInt64(key[offset])
      offset += 1
    }
    return mixed(mixed(hash ^ tail))
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low
  }
}
