// SPDX-License-Identifier: Apache-2.0

/// Writes the keys of a segment's documents and the table that finds a document by its key.
package struct DocumentKeysWriter {
  private var groups = ByteWriter()
  private var groupOffsets: [UInt64] = []
  private var hashes: [UInt64] = []
  // The keys of the group that is being filled, and where each ends.
  private var keys: [UInt8] = []
  private var ends: [Int] = []

  package init() {}

  /// The bytes of memory that keys appended so far take.
  package var memoryInBytes: Int {
    groups.count + keys.count + (groupOffsets.count + hashes.count) * 8
  }

  /// Appends the key of the next document.
  package mutating func append(_ key: UnsafeRawBufferPointer) {
    precondition(key.count <= DocumentKeysFormat.longestKey, "a key longer than 1 MiB")
    hashes.append(DocumentKeysFormat.hash(key))
    keys.append(contentsOf: key)
    ends.append(keys.count)
    if ends.count == DocumentKeysFormat.groupSize { closeGroup() }
  }

  /// Writes both sections.
  package mutating func finish(to file: SegmentFileWriter) throws(IndexError) {
    closeGroup()
    let width = PackedIntegers.width(for: UInt64(groups.count))
    var header = ByteWriter()
    header.append(UInt32(hashes.count))
    header.append(UInt32(width))
    PackedIntegers.append(groupOffsets, width: width, to: &header)
    header.append(UInt64(0))
    try file.beginSection(.documentKeys)
    try file.write(header.bytes)
    try file.write(groups.bytes)
    try file.endSection()
    try file.writeSection(.documentKeyIndex, index())
  }

  private mutating func closeGroup() {
    guard let first = ends.first else { return }
    groupOffsets.append(UInt64(groups.count))
    var common = first
    var start = 0
    for end in ends {
      common = min(common, end - start)
      var equal = 0
      while equal < common, keys[start + equal] == keys[equal] { equal += 1 }
      common = equal
      start = end
    }
    groups.appendVarint(UInt64(common))
    start = 0
    for end in ends {
      groups.appendVarint(UInt64(end - start - common))
      start = end
    }
    groups.append(keys[..<common])
    start = 0
    for end in ends {
      groups.append(keys[(start + common)..<end])
      start = end
    }
    keys.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  private func index() -> [UInt8] {
    let count = hashes.count
    let bucketBits = PackedIntegers.width(
      for: UInt64(count / DocumentKeysFormat.documentsPerBucket))
    let bucketCount = 1 << bucketBits
    // A counting sort by bucket keeps the order of documents within each.
    var starts = [UInt64](repeating: 0, count: bucketCount + 1)
    for hash in hashes { starts[Self.bucket(of: hash, bits: bucketBits) + 1] += 1 }
    for bucket in 0..<bucketCount { starts[bucket + 1] += starts[bucket] }
    var next = starts
    var entries = [UInt64](repeating: 0, count: count)
    let documentWidth = PackedIntegers.width(for: UInt64(count))
    for (document, hash) in hashes.enumerated() {
      let bucket = Self.bucket(of: hash, bits: bucketBits)
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

  private static func bucket(of hash: UInt64, bits: Int) -> Int {
    bits == 0 ? 0 : Int(hash >> UInt64(64 - bits))
  }
}
