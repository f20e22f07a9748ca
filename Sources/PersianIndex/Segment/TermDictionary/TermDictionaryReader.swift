// SPDX-License-Identifier: Apache-2.0

/// Reads the term dictionary of a segment.
///
/// It is a view of mapped bytes: whoever holds it keeps the mapping alive. The first key of every
/// block of 32 terms stands in the top index, which is small enough to stay in the processor's
/// caches.
package struct TermDictionaryReader: @unchecked Sendable {
  /// The number of terms.
  package let count: Int
  let blockCount: Int
  private let base: UnsafeRawPointer
  private let keysStart: Int
  private let blocksStart: Int

  /// Opens a dictionary and checks its top index.
  ///
  /// - Parameter bytes: The section.
  /// - Throws: `.corrupt` when lengths or offsets of the section do not agree.
  /// - Complexity: O(*n*) in the number of blocks.
  package init(bytes: UnsafeRawBufferPointer) throws(IndexError) {
    guard let base = bytes.baseAddress, bytes.count >= TermDictionaryFormat.headerSize else {
      throw Self.corrupt(0)
    }
    func number(_ offset: Int) -> Int {
      Int(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    let count = number(0)
    let blockCount = number(4)
    let keysSize = number(8)
    let blocksSize = number(12)
    let offsets = TermDictionaryFormat.headerSize
    let keysStart = offsets + 8 * (blockCount + 1)
    let blocksStart = keysStart + keysSize
    guard
      blockCount == (count + TermDictionaryFormat.blockSize - 1) / TermDictionaryFormat.blockSize,
      blocksStart + blocksSize <= bytes.count
    else { throw Self.corrupt(0) }
    let keyOffsets = offsets + 4 * (blockCount + 1)
    for (start, size) in [(offsets, blocksSize), (keyOffsets, keysSize)] {
      guard number(start) == 0, number(start + 4 * blockCount) == size else {
        throw Self.corrupt(start)
      }
      for block in 0..<blockCount
      where number(start + 4 * block) > number(start + 4 * block + 4) {
        throw Self.corrupt(start + 4 * block)
      }
    }
    self.base = base
    self.count = count
    self.blockCount = blockCount
    self.keysStart = keysStart
    self.blocksStart = blocksStart
  }

  static func corrupt(_ offset: Int) -> IndexError {
    IndexError(
      .corrupt, "the term dictionary is damaged; run verify", offset: UInt64(offset))
  }

  @inline(__always)
  private func number(_ offset: Int) -> Int {
    Int(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  /// The first key of a block.
  @inline(__always)
  func firstKey(_ block: Int) -> UnsafeBufferPointer<UInt8> {
    let offsets = TermDictionaryFormat.headerSize &+ 4 &* (blockCount &+ 1 &+ block)
    return bytes(keysStart, number(offsets), number(offsets &+ 4))
  }

  /// The bytes of a block: the other keys, then what is known of all terms.
  @inline(__always)
  func block(_ block: Int) -> UnsafeBufferPointer<UInt8> {
    let offsets = TermDictionaryFormat.headerSize &+ 4 &* block
    return bytes(blocksStart, number(offsets), number(offsets &+ 4))
  }

  @inline(__always)
  private func bytes(_ part: Int, _ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: (base + (part &+ start)).assumingMemoryBound(to: UInt8.self), count: end &- start)
  }

  /// The number of terms in a block.
  @inline(__always)
  func termCount(_ block: Int) -> Int {
    min(TermDictionaryFormat.blockSize, count - block * TermDictionaryFormat.blockSize)
  }

  /// Finds the last block whose first key is not greater than a key.
  ///
  /// - Returns: The block; −1 where the key is less than all.
  func lastBlock(notAfter key: UnsafeBufferPointer<UInt8>) -> Int {
    var low = -1
    var high = blockCount &- 1
    while low < high {
      let middle = (low &+ high &+ 1) >> 1
      if Self.isLess(key, firstKey(middle)) { high = middle &- 1 } else { low = middle }
    }
    return low
  }

  @inline(__always)
  static func isLess(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    let shorter = min(a.count, b.count)
    var index = 0
    while index &+ 8 <= shorter {
      let first = UnsafeRawBufferPointer(a).loadUnaligned(
        fromByteOffset: index, as: UInt64.self)
      let second = UnsafeRawBufferPointer(b).loadUnaligned(
        fromByteOffset: index, as: UInt64.self)
      if first != second { return UInt64(bigEndian: first) < UInt64(bigEndian: second) }
      index &+= 8
    }
    while index < shorter {
      if a[index] != b[index] { return a[index] < b[index] }
      index &+= 1
    }
    return a.count < b.count
  }

  /// Finds a key.
  ///
  /// - Parameter key: The indexed field's number, then the term in UTF-8.
  /// - Returns: What is known of the term; `nil` when the segment does not hold it.
  /// - Throws: `.corrupt` when the block that should hold it is damaged.
  /// - Complexity: O(log *n*) in the number of terms.
  package func find(_ key: UnsafeBufferPointer<UInt8>) throws(IndexError) -> TermInfo? {
    let block = lastBlock(notAfter: key)
    if block < 0 { return nil }
    var keys = KeyScanner(bytes: self.block(block))
    let first = firstKey(block)
    var matched = 0
    while matched < min(first.count, key.count) && first[matched] == key[matched] {
      matched += 1
    }
    let letters = KeyCode.letters
    var ordinal = 0
    var found = matched == key.count && first.count == key.count
    let terms = termCount(block)
    // `matched` is the length of the common prefix of the key and the entry before, which is less than
    // the key. An entry that shares more with that one is less too; any other is compared from where
    // what it shares ends, in whole characters.
    while !found && ordinal + 1 < terms {
      ordinal += 1
      guard let entry = keys.next() else { throw Self.corrupt(blocksStart) }
      if entry.shared > matched { continue }
      matched = entry.shared
      switch KeyCode.compare(entry.rest, with: key, from: &matched, letters) {
      case .prefix: found = matched == key.count
      case .less: continue
      case .greater: return nil
      case .damaged: throw Self.corrupt(blocksStart)
      }
    }
    if !found { return nil }
    for _ in (ordinal + 1)..<max(terms, ordinal + 1) where keys.next() == nil {
      throw Self.corrupt(blocksStart)
    }
    var infos = InfoScanner(bytes: keys.remaining)
    guard infos.next(ordinal + 1) else { throw Self.corrupt(blocksStart) }
    return infos.info
  }

  /// Returns a cursor that stands before the first key not less than the given one.
  ///
  /// - Parameter key: Where to start; empty for all terms.
  /// - Returns: The cursor.
  /// - Throws: `.corrupt` when the block where it starts is damaged.
  package func cursor(from key: UnsafeBufferPointer<UInt8>) throws(IndexError)
    -> TermDictionaryCursor
  {
    var cursor = TermDictionaryCursor(reader: self, block: max(0, lastBlock(notAfter: key)))
    try cursor.skip(lessThan: key)
    return cursor
  }
}
