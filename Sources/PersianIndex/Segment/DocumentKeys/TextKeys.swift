// SPDX-License-Identifier: Apache-2.0

/// Reads keys that are texts, in groups of 32 that share their beginning.
struct TextKeys {
  private let file: SegmentFile
  private let count: Int
  private let offsets: PackedIntegers
  private let groups: UnsafeRawBufferPointer
  private let groupsOffset: Int

  /// Checks the lengths of the parts.
  ///
  /// - Complexity: O(1).
  init(
    _ reader: inout ByteReader, of file: SegmentFile, count: Int, offsetWidth: Int
  ) throws(IndexError) {
    self.file = file
    self.count = count
    guard offsetWidth <= PackedIntegers.mostBits else {
      throw reader.corrupt("document keys: the width of an offset is impossible")
    }
    let groupCount = (count + DocumentKeysFormat.groupSize - 1) / DocumentKeysFormat.groupSize
    offsets = try reader.readPacked(groupCount, width: offsetWidth)
    groupsOffset = reader.position
    groups = try reader.readBytes(reader.remaining)
    // Every key has a length of a byte at least, so a small file cannot claim many documents.
    guard groups.count >= count + groupCount else {
      throw reader.corrupt("document keys: there are too few bytes for \(count) keys")
    }
  }

  /// A key in two parts.
  struct Parts {
    var prefix: UnsafeRawBufferPointer
    var rest: UnsafeRawBufferPointer

    var count: Int { prefix.count + rest.count }

    var bytes: [UInt8] {
      [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
        let target = UnsafeMutableRawBufferPointer(buffer)
        target.copyMemory(from: prefix)
        UnsafeMutableRawBufferPointer(rebasing: target[prefix.count...]).copyMemory(from: rest)
        used = count
      }
    }

    /// Compares with a key, byte by byte: below 0 where this one comes first.
    func compared(to key: UnsafeRawBufferPointer) -> Int {
      let common = min(prefix.count, key.count)
      for index in 0..<common where prefix[index] != key[index] {
        return Int(prefix[index]) - Int(key[index])
      }
      if common < prefix.count { return 1 }
      let left = min(rest.count, key.count - common)
      for index in 0..<left where rest[index] != key[common + index] {
        return Int(rest[index]) - Int(key[common + index])
      }
      return count - key.count
    }
  }

  /// Finds the parts of a document's key.
  ///
  /// - Throws: `corrupt` where their place is impossible.
  func parts(of document: UInt32) throws(IndexError) -> Parts {
    let group = Int(document) / DocumentKeysFormat.groupSize
    let place = Int(document) % DocumentKeysFormat.groupSize
    let size = min(DocumentKeysFormat.groupSize, count - Int(document) + place)
    let start = Int(offsets[group])
    guard start <= groups.count else {
      throw file.corrupt("group \(group) is impossible", .documentKeys)
    }
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: groups[start...]), path: file.path,
      base: UInt64(groupsOffset + start))
    let limit = DocumentKeysFormat.longestKey
    let common = try reader.readCount(upTo: limit)
    var (before, length) = (0, 0)
    for index in 0..<size {
      let rest = try reader.readCount(upTo: limit)
      if index < place { before += rest }
      if index == place { length = rest }
    }
    let prefix = try reader.readBytes(common)
    _ = try reader.readBytes(before)
    return Parts(prefix: prefix, rest: try reader.readBytes(length))
  }

  /// Finds the document of a key among keys that ascend.
  func document(of key: UnsafeRawBufferPointer) throws(IndexError) -> UInt32? {
    guard count > 0, try parts(of: UInt32(count - 1)).compared(to: key) >= 0,
      try parts(of: 0).compared(to: key) <= 0
    else { return nil }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let order = try parts(of: UInt32(middle)).compared(to: key)
      if order == 0 { return UInt32(middle) }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}

/// Collects texts in groups that share their beginning.
struct TextKeysBuilder {
  private(set) var groups = ByteWriter()
  private(set) var groupOffsets: [UInt64] = []
  // The keys of the group that is being filled, and where each ends.
  private var keys: [UInt8] = []
  private var ends: [Int] = []

  /// The bytes of memory that keys appended so far take.
  var memoryInBytes: Int { groups.count + keys.count + groupOffsets.count * 8 }

  mutating func append(_ key: UnsafeRawBufferPointer) {
    keys.append(contentsOf: key)
    ends.append(keys.count)
    if ends.count == DocumentKeysFormat.groupSize { closeGroup() }
  }

  mutating func closeGroup() {
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
}
