// SPDX-License-Identifier: Apache-2.0

/// The section that finds the documents of keys which do not ascend, by the keys' hashes.
struct KeyHashIndex {
  private let file: SegmentFile
  private let count: Int
  private let bucketBits: Int
  private let starts: PackedIntegers
  private let documentWidth: Int
  private let entries: PackedIntegers

  /// Checks the length of the section.
  ///
  /// - Complexity: O(1).
  init(_ file: SegmentFile, count: Int) throws(IndexError) {
    self.file = file
    self.count = count
    var reader = try file.reader(.documentKeyIndex)
    bucketBits = Int(try reader.readUInt8())
    let startWidth = Int(try reader.readUInt8())
    documentWidth = Int(try reader.readUInt8())
    _ = try reader.readBytes(5)
    let entryWidth = documentWidth + DocumentKeysFormat.fingerprintBits
    guard bucketBits <= 32, startWidth <= 32, documentWidth <= 32 else {
      throw reader.corrupt("document key index: a width is impossible")
    }
    starts = try reader.readPacked(1 << bucketBits + 1, width: startWidth)
    entries = try reader.readPacked(count, width: entryWidth)
    guard reader.remaining == 0 else {
      throw reader.corrupt("document key index: it has another length")
    }
  }

  /// Finds the last document of a key's hash that really has the key.
  func document(
    ofHash hash: UInt64, where isMatch: (UInt32) throws(IndexError) -> Bool
  ) throws(IndexError) -> UInt32? {
    let bucket = Self.bucket(of: hash, bits: bucketBits)
    let (start, end) = (Int(starts[bucket]), Int(starts[bucket + 1]))
    guard start <= end, end <= count else {
      throw file.corrupt("bucket \(bucket) is impossible", .documentKeyIndex)
    }
    for place in stride(from: end - 1, through: start, by: -1) {
      let entry = entries[place]
      guard entry >> UInt64(documentWidth) == hash & 0xff else { continue }
      let document = UInt32(entry & (1 << UInt64(documentWidth) - 1))
      guard document < count else {
        throw file.corrupt("entry \(place) is impossible", .documentKeyIndex)
      }
      if try isMatch(document) { return document }
    }
    return nil
  }

  private static func bucket(of hash: UInt64, bits: Int) -> Int {
    bits == 0 ? 0 : Int(hash >> UInt64(64 - bits))
  }

  /// Makes the section.
  ///
  /// - Parameter hashes: The hash of each document's key.
  /// - Returns: Its bytes.
  static func encode(_ hashes: [UInt64]) -> [UInt8] {
    let count = hashes.count
    let bucketBits = PackedIntegers.width(
      for: UInt64(count / DocumentKeysFormat.documentsPerBucket))
    let bucketCount = 1 << bucketBits
    // A counting sort by bucket keeps the order of documents within each.
    var starts = [UInt64](repeating: 0, count: bucketCount + 1)
    for hash in hashes { starts[bucket(of: hash, bits: bucketBits) + 1] += 1 }
    for bucket in 0..<bucketCount { starts[bucket + 1] += starts[bucket] }
    var next = starts
    var entries = [UInt64](repeating: 0, count: count)
    let documentWidth = PackedIntegers.width(for: UInt64(count))
    for (document, hash) in hashes.enumerated() {
      let bucket = bucket(of: hash, bits: bucketBits)
      entries[Int(next[bucket])] = UInt64(document) | (hash & 0xff) << UInt64(documentWidth)
      next[bucket] += 1
    }
    let startWidth = PackedIntegers.width(for: UInt64(count))
    var index = ByteWriter()
    index.append(UInt8(bucketBits))
    index.append(UInt8(startWidth))
    index.append(UInt8(documentWidth))
    index.append(repeatElement(UInt8(0), count: 5))
    PackedIntegers.append(starts, width: startWidth, to: &index)
    index.append(UInt64(0))
    PackedIntegers.append(
      entries, width: documentWidth + DocumentKeysFormat.fingerprintBits, to: &index)
    index.append(UInt64(0))
    return index.bytes
  }
}

extension ByteReader {
  /// Reads packed numbers and the eight bytes after them.
  mutating func readPacked(_ count: Int, width: Int) throws(IndexError) -> PackedIntegers {
    let bytes = try readBytes(PackedIntegers.byteCount(of: count, width: width) + 8)
    guard let start = bytes.baseAddress else { throw corrupt("a table is missing") }
    return PackedIntegers(start, width: width)
  }
}
