// SPDX-License-Identifier: Apache-2.0

/// Walks over the terms of a dictionary in ascending order.
///
/// It is a view of mapped bytes, as its reader is.
package struct TermDictionaryCursor {
  /// The current key; empty before the first call of ``next()``.
  package private(set) var key: [UInt8] = []
  /// What is known of the current term.
  package var info: TermInfo { infos.info }
  /// The number of the current term among all, from 0; −1 before the first.
  package var ordinal: Int { block * TermDictionaryFormat.blockSize + place }

  private let reader: TermDictionaryReader
  private var block: Int
  private var place = -1
  private var keys: KeyScanner
  private var infos: InfoScanner
  /// The term that ``next()`` must not step over, because ``skip(lessThan:)`` stopped at it.
  private var isHeld = false
  private var isAtEnd = false

  init(reader: TermDictionaryReader, block: Int) {
    self.reader = reader
    self.block = block
    keys = KeyScanner(bytes: UnsafeBufferPointer(start: nil, count: 0))
    infos = InfoScanner(bytes: UnsafeBufferPointer(start: nil, count: 0))
  }

  /// Moves to the next term.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: `.corrupt` when a block is damaged.
  package mutating func next() throws(IndexError) -> Bool {
    if isHeld {
      isHeld = false
      return true
    }
    return try step()
  }

  private mutating func step() throws(IndexError) -> Bool {
    if isAtEnd { return false }
    if place >= 0 && place + 1 == reader.termCount(block) {
      block += 1
      place = -1
    }
    if place < 0 {
      guard block < reader.blockCount else {
        isAtEnd = true
        return false
      }
      try beginBlock()
      return true
    }
    place += 1
    guard let entry = keys.next(), entry.shared <= key.count, infos.next() else {
      throw TermDictionaryReader.corrupt(block)
    }
    key.removeSubrange(entry.shared...)
    guard KeyCode.decode(entry.rest, to: &key) else { throw TermDictionaryReader.corrupt(block) }
    return true
  }

  private mutating func beginBlock() throws(IndexError) {
    let bytes = reader.block(block)
    keys = KeyScanner(bytes: bytes)
    var all = keys
    for _ in 1..<max(reader.termCount(block), 1) where all.next() == nil {
      throw TermDictionaryReader.corrupt(block)
    }
    infos = InfoScanner(bytes: all.remaining)
    guard infos.next() else { throw TermDictionaryReader.corrupt(block) }
    key.removeAll(keepingCapacity: true)
    key.append(contentsOf: reader.firstKey(block))
    place = 0
  }

  /// Moves to the first term from here on that is not less than a key, so that ``next()`` gives it.
  mutating func skip(lessThan other: UnsafeBufferPointer<UInt8>) throws(IndexError) {
    if isHeld && !isLess(than: other) { return }
    isHeld = false
    while try step() {
      if !isLess(than: other) {
        isHeld = true
        return
      }
    }
  }

  private func isLess(than other: UnsafeBufferPointer<UInt8>) -> Bool {
    key.withUnsafeBufferPointer { TermDictionaryReader.isLess($0, other) }
  }

  /// Moves forward to before the first key not less than the given one.
  ///
  /// - Parameter other: A key; where it is not greater than the current one, nothing happens.
  /// - Throws: `.corrupt` when a block is damaged.
  /// - Complexity: O(log *n*) in the number of terms.
  package mutating func seek(_ other: UnsafeBufferPointer<UInt8>) throws(IndexError) {
    if isAtEnd { return }
    let target = reader.lastBlock(notAfter: other)
    if target > block {
      block = target
      place = -1
      isHeld = false
    } else if isHeld && !isLess(than: other) {
      return
    }
    try skip(lessThan: other)
  }
}
