// SPDX-License-Identifier: Apache-2.0

/// The documents where two or three of the commonest words of a field stand one after another.
///
/// It only views mapped bytes; whoever holds it keeps them alive.
package struct PairLists: @unchecked Sendable {
  /// What is known of two words.
  package enum Finding {
    /// Nothing.
    case unknown
    /// No document has them next to each other.
    case absent
    /// The list of the documents that have, in ``PairLists/lists``, without positions.
    case list(TermInfo)
  }

  /// The records of the lists, as ``PostingList`` reads them.
  package let lists: UnsafeRawBufferPointer
  /// The offsets of the members' records in the postings section: those of paired ones, ascending,
  /// then those of the others, ascending.
  package let members: [UInt64]
  /// How many members are paired: only of them may something be known of two.
  package let pairedCount: Int
  private let entries: UnsafeRawPointer
  private let pairCount: Int
  private let tripleCount: Int

  /// Opens a section; there is no value where it contradicts itself.
  ///
  /// - Parameters:
  ///   - bytes: The section.
  ///   - limit: The number of documents of the segment.
  package init?(bytes: UnsafeRawBufferPointer, limit: UInt32) {
    guard let base = bytes.baseAddress, bytes.count >= PairListsFormat.headerSize else {
      return nil
    }
    func number(_ place: Int) -> Int {
      Int(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: 4 * place, as: UInt32.self)))
    }
    let (pairedCount, memberCount) = (number(0), number(1))
    let (pairCount, tripleCount) = (number(2), number(3))
    guard memberCount <= PairListsFormat.mostMembers,
      pairedCount <= min(memberCount, PairListsFormat.mostPaired),
      pairCount <= pairedCount * pairedCount, tripleCount <= PairListsFormat.mostTriples
    else { return nil }
    let entriesStart = PairListsFormat.headerSize + memberCount * PairListsFormat.memberSize
    let listsStart = entriesStart + (pairCount + tripleCount) * PairListsFormat.entrySize
    guard listsStart + PostingsFormat.padding <= bytes.count else { return nil }
    members = (0..<memberCount).map { member in
      UInt64(
        littleEndian: base.loadUnaligned(
          fromByteOffset: PairListsFormat.headerSize + member * PairListsFormat.memberSize,
          as: UInt64.self))
    }
    entries = base + entriesStart
    self.pairedCount = pairedCount
    self.pairCount = pairCount
    self.tripleCount = tripleCount
    lists = UnsafeRawBufferPointer(rebasing: bytes[listsStart...])
    let (paired, others) = (members[..<pairedCount], members[pairedCount...])
    guard zip(paired, paired.dropFirst()).allSatisfy({ $0 < $1 }),
      zip(others, others.dropFirst()).allSatisfy({ $0 < $1 }),
      areInOrder(0..<pairCount, below: pairedCount, counts: 0...limit),
      areInOrder(
        pairCount..<pairCount + tripleCount, below: memberCount, counts: 1...max(limit, 1))
    else { return nil }
  }

  /// The numbers of the two members of each pair of which something is known.
  package var pairs: [[Int]] {
    (0..<pairCount).map { entry in
      let code = code(ofEntry: entry)
      return [Int(code >> 24), Int(code >> 16 & 0xff)]
    }
  }

  /// The numbers of the three members of each list of three words.
  package var triples: [[Int]] {
    (pairCount..<pairCount + tripleCount).map { entry in
      let code = code(ofEntry: entry)
      return [Int(code >> 24), Int(code >> 16 & 0xff), Int(code >> 8 & 0xff)]
    }
  }

  /// Whether entries ascend, are of members below a number, and have possible counts.
  private func areInOrder(
    _ range: Range<Int>, below memberCount: Int, counts: ClosedRange<UInt32>
  ) -> Bool {
    var last: UInt32?
    for entry in range {
      let code = code(ofEntry: entry)
      let greatest = max(code >> 24, code >> 16 & 0xff, code >> 8 & 0xff)
      guard greatest < memberCount, last.map({ $0 < code }) ?? true,
        counts.contains(info(ofEntry: entry).documentFrequency)
      else { return false }
      last = code
    }
    return true
  }

  /// Returns what is known of two words.
  ///
  /// - Parameters:
  ///   - first: The word before, from the dictionary of the segment.
  ///   - second: The word right after it.
  /// - Returns: What is known of them.
  /// - Complexity: O(1): there are at most 64 members.
  package func find(_ first: TermInfo, _ second: TermInfo) -> Finding {
    guard let one = member(first), let other = member(second),
      max(one, other) < pairedCount
    else { return .unknown }
    guard let info = find(one << 24 | other << 16, in: 0..<pairCount) else { return .unknown }
    return info.documentFrequency == 0 ? .absent : .list(info)
  }

  /// Returns the list of the documents where three words stand one after another, in ``lists`` and
  /// without positions.
  ///
  /// - Parameters:
  ///   - first: The first word, from the dictionary of the segment.
  ///   - second: The word right after it.
  ///   - third: The word after that.
  /// - Returns: The list; `nil` where these three have none, which says nothing of the documents.
  /// - Complexity: O(1): there are at most 64 members.
  package func find(_ first: TermInfo, _ second: TermInfo, _ third: TermInfo) -> TermInfo? {
    guard tripleCount > 0, let first = member(first), let second = member(second),
      let third = member(third)
    else { return nil }
    return find(
      first << 24 | second << 16 | third << 8, in: pairCount..<pairCount + tripleCount)
  }

  private func member(_ info: TermInfo) -> Int? {
    // Short records can be empty, and so begin where the next one does.
    info.documentFrequency < UInt32(PostingsFormat.blockSize)
      ? nil : members.firstIndex(of: info.offset)
  }

  private func find(_ code: Int, in range: Range<Int>) -> TermInfo? {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if self.code(ofEntry: middle) < code { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && self.code(ofEntry: low) == code ? info(ofEntry: low) : nil
  }

  /// The members of an entry as a number that has the first in its highest byte.
  private func code(ofEntry entry: Int) -> UInt32 {
    UInt32(
      bigEndian: (entries + entry * PairListsFormat.entrySize).loadUnaligned(as: UInt32.self))
  }

  private func info(ofEntry entry: Int) -> TermInfo {
    let entry = entries + entry * PairListsFormat.entrySize
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
