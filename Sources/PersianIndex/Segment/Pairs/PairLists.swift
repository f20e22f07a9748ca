// SPDX-License-Identifier: Apache-2.0

/// The documents where two of the commonest words of a field stand next to each other.
///
/// It only views mapped bytes; whoever holds it keeps them alive.
package struct PairLists: @unchecked Sendable {
  /// What is known of two words.
  package enum Finding {
    /// Nothing: they are not both members.
    case unknown
    /// No document has them next to each other.
    case absent
    /// The list of the documents that have, in ``PairLists/lists``, without positions.
    case list(TermInfo)
  }

  /// The records of the lists, as ``PostingList`` reads them.
  package let lists: UnsafeRawBufferPointer
  /// The offsets of the members' records in the postings section, ascending.
  package let members: [UInt64]
  private let entries: UnsafeRawPointer
  private let pairCount: Int

  /// Opens a section; there is no value where it contradicts itself.
  ///
  /// - Parameters:
  ///   - bytes: The section.
  ///   - limit: The number of documents of the segment.
  package init?(bytes: UnsafeRawBufferPointer, limit: UInt32) {
    guard let base = bytes.baseAddress, bytes.count >= PairListsFormat.headerSize else {
      return nil
    }
    let memberCount = Int(UInt32(littleEndian: base.loadUnaligned(as: UInt32.self)))
    let pairCount = Int(
      UInt32(littleEndian: base.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    guard memberCount <= PairListsFormat.mostMembers, pairCount <= memberCount * memberCount
    else { return nil }
    let entriesStart = PairListsFormat.headerSize + memberCount * PairListsFormat.memberSize
    let listsStart = entriesStart + pairCount * PairListsFormat.entrySize
    guard listsStart + PostingsFormat.padding <= bytes.count else { return nil }
    members = (0..<memberCount).map { member in
      UInt64(
        littleEndian: base.loadUnaligned(
          fromByteOffset: PairListsFormat.headerSize + member * PairListsFormat.memberSize,
          as: UInt64.self))
    }
    entries = base + entriesStart
    self.pairCount = pairCount
    lists = UnsafeRawBufferPointer(rebasing: bytes[listsStart...])
    guard zip(members, members.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    var last = -1
    for pair in 0..<pairCount {
      let (first, second) = self.members(ofPair: pair)
      let rank = first << 8 | second
      guard max(first, second) < memberCount, rank > last,
        (1...max(limit, 1)).contains(info(ofPair: pair).documentFrequency)
      else { return nil }
      last = rank
    }
  }

  /// Returns what is known of two words.
  ///
  /// - Parameters:
  ///   - first: The word before, from the dictionary of the segment.
  ///   - second: The word right after it.
  /// - Returns: What is known of them.
  /// - Complexity: O(1): there are at most 24 members.
  package func find(_ first: TermInfo, _ second: TermInfo) -> Finding {
    // Short records can be empty, and so begin where the next one does.
    guard
      min(first.documentFrequency, second.documentFrequency) >= UInt32(PostingsFormat.blockSize),
      let one = members.firstIndex(of: first.offset),
      let other = members.firstIndex(of: second.offset)
    else { return .unknown }
    let wanted = one << 8 | other
    var low = 0
    var high = pairCount
    while low < high {
      let middle = (low + high) / 2
      let pair = members(ofPair: middle)
      if pair.first << 8 | pair.second < wanted { low = middle + 1 } else { high = middle }
    }
    guard low < pairCount, members(ofPair: low) == (one, other) else { return .absent }
    return .list(info(ofPair: low))
  }

  private func members(ofPair pair: Int) -> (first: Int, second: Int) {
    let entry = entries + pair * PairListsFormat.entrySize
    return (Int(entry.load(as: UInt8.self)), Int(entry.load(fromByteOffset: 1, as: UInt8.self)))
  }

  private func info(ofPair pair: Int) -> TermInfo {
    let entry = entries + pair * PairListsFormat.entrySize
    let frequency = UInt32(
      littleEndian: entry.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    let place = UInt64(littleEndian: entry.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    return TermInfo(
      documentFrequency: frequency,
      totalTermFrequency: UInt64(
        littleEndian: entry.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      offset: frequency == 1 ? 0 : place,
      singleDocument: frequency == 1 ? UInt32(truncatingIfNeeded: place) : 0)
  }
}
