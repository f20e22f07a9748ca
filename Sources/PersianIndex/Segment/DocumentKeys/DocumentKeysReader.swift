// SPDX-License-Identifier: Apache-2.0

/// Gives the key of a document and the document of a key.
///
/// A value without state: many threads can read at once.
package struct DocumentKeysReader: @unchecked Sendable {
  // Sendable: the bytes are constant and their owner is held.
  private let file: SegmentFile
  private let offsets: PackedIntegers
  private let groups: UnsafeRawBufferPointer
  private let groupsOffset: Int
  private let bucketBits: Int
  private let starts: PackedIntegers
  private let documentWidth: Int
  private let entries: PackedIntegers
  /// The number of documents.
  package let documentCount: Int

  /// Checks the lengths of both sections.
  ///
  /// - Complexity: O(1).
  package init(_ file: SegmentFile) throws(IndexError) {
    self.file = file
    var keys = try file.reader(.documentKeys)
    let count = Int(try keys.readUInt32())
    documentCount = count
    let offsetWidth = Int(try keys.readUInt32())
    guard offsetWidth <= PackedIntegers.mostBits else {
      throw keys.corrupt("document keys: the width of an offset is impossible")
    }
    let groupCount = (count + DocumentKeysFormat.groupSize - 1) / DocumentKeysFormat.groupSize
    offsets = try Self.packed(groupCount, width: offsetWidth, &keys)
    groupsOffset = keys.position
    groups = try keys.readBytes(keys.remaining)
    // Every key has a length of a byte at least, so a small file cannot claim many documents.
    guard groups.count >= count + groupCount else {
      throw keys.corrupt("document keys: there are too few bytes for \(count) keys")
    }

    var index = try file.reader(.documentKeyIndex)
    bucketBits = Int(try index.readUInt8())
    let startWidth = Int(try index.readUInt8())
    documentWidth = Int(try index.readUInt8())
    _ = try index.readBytes(5)
    let entryWidth = documentWidth + DocumentKeysFormat.fingerprintBits
    guard bucketBits <= 32, startWidth <= 32, documentWidth <= 32 else {
      throw index.corrupt("document key index: a width is impossible")
    }
    starts = try Self.packed(1 << bucketBits + 1, width: startWidth, &index)
    entries = try Self.packed(count, width: entryWidth, &index)
    guard index.remaining == 0 else {
      throw index.corrupt("document key index: it has another length")
    }
  }

  private static func packed(
    _ count: Int, width: Int, _ reader: inout ByteReader
  ) throws(IndexError) -> PackedIntegers {
    let bytes = try reader.readBytes(PackedIntegers.byteCount(of: count, width: width) + 8)
    guard let start = bytes.baseAddress else { throw reader.corrupt("a table is missing") }
    return PackedIntegers(start, width: width)
  }

  /// Returns the key of a document.
  ///
  /// - Throws: `corrupt` where the key's place is impossible.
  package func key(of document: UInt32) throws(IndexError) -> [UInt8] {
    // The parts are pointers, which do not keep the file.
    defer { withExtendedLifetime(file) {} }
    let parts = try parts(of: document)
    return [UInt8](unsafeUninitializedCapacity: parts.prefix.count + parts.rest.count) {
      buffer, count in
      let target = UnsafeMutableRawBufferPointer(buffer)
      target.copyMemory(from: parts.prefix)
      UnsafeMutableRawBufferPointer(rebasing: target[parts.prefix.count...])
        .copyMemory(from: parts.rest)
      count = parts.prefix.count + parts.rest.count
    }
  }

  /// Returns the last document that has a key; `nil` where none has.
  ///
  /// - Throws: `corrupt` where the table leads to an impossible place.
  /// - Complexity: O(1) expected.
  package func document(forKey key: UnsafeRawBufferPointer) throws(IndexError) -> UInt32? {
    defer { withExtendedLifetime(file) {} }
    let hash = DocumentKeysFormat.hash(key)
    let bucket = bucketBits == 0 ? 0 : Int(hash >> UInt64(64 - bucketBits))
    let (start, end) = (Int(starts[bucket]), Int(starts[bucket + 1]))
    guard start <= end, end <= documentCount else {
      throw file.corrupt("bucket \(bucket) is impossible", .documentKeyIndex)
    }
    for place in stride(from: end - 1, through: start, by: -1) {
      let entry = entries[place]
      guard entry >> UInt64(documentWidth) == hash & 0xff else { continue }
      let document = UInt32(entry & (1 << UInt64(documentWidth) - 1))
      guard document < documentCount else {
        throw file.corrupt("entry \(place) is impossible", .documentKeyIndex)
      }
      let parts = try parts(of: document)
      guard parts.prefix.count + parts.rest.count == key.count,
        key.prefix(parts.prefix.count).elementsEqual(parts.prefix),
        key.dropFirst(parts.prefix.count).elementsEqual(parts.rest)
      else { continue }
      return document
    }
    return nil
  }

  /// Checks that every key can be read and found.
  package func verify() throws(IndexError) {
    for document in 0..<UInt32(documentCount) {
      let key = try self.key(of: document)
      let found = try key.withUnsafeBufferPointer { (bytes) throws(IndexError) in
        try self.document(forKey: UnsafeRawBufferPointer(bytes))
      }
      guard let found, found >= document else {
        throw file.corrupt("document \(document) is not found by its key", .documentKeyIndex)
      }
    }
  }

  private func parts(
    of document: UInt32
  ) throws(IndexError) -> (prefix: UnsafeRawBufferPointer, rest: UnsafeRawBufferPointer) {
    precondition(document < documentCount, "a document beyond the segment's last")
    let group = Int(document) / DocumentKeysFormat.groupSize
    let place = Int(document) % DocumentKeysFormat.groupSize
    let size = min(DocumentKeysFormat.groupSize, documentCount - Int(document) + place)
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
    return (prefix, try reader.readBytes(length))
  }
}
