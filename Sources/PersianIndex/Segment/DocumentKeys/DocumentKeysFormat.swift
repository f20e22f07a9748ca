// SPDX-License-Identifier: Apache-2.0

/// The layout of the documents' keys.
///
///     section "document keys"
///       4 bytes   number of documents n
///       1         bits of an offset
///       3         zeros
///       ...       offset of each group of 32 documents from the first group's start, packed
///       8         zeros
///       ...       the groups:
///         varint    length of what all keys of the group begin with
///         varints   length of the rest of each key
///         ...       the common beginning, then the rests, one after another
///
///     section "document key index"
///       1 byte    number of buckets, as the power of two
///       1         bits of a start
///       1         bits of a document's number
///       5         zeros
///       ...       first entry of each bucket and the number of entries n, packed
///       8         zeros
///       ...       the entries, by bucket and then by document: the document, and above it the
///                 lowest 8 bits of the key's hash, packed
///       8         zeros
///
/// The bucket is given by the highest bits of the hash. Of documents with equal keys the last is
/// the valid one.
enum DocumentKeysFormat {
  static let groupSize = 32
  static let documentsPerBucket = 4
  static let fingerprintBits = 8
  /// The longest key, in bytes.
  static let longestKey = 1 << 20

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
