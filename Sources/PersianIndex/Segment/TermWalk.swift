// SPDX-License-Identifier: Apache-2.0

/// Walks over the terms of several segments in ascending order, each term once.
struct TermWalk {
  /// What one segment has of the current term.
  struct Member {
    /// The number of the segment.
    var source: Int
    /// The term in that segment.
    var info: TermInfo
  }

  /// The current key.
  private(set) var key: [UInt8] = []
  /// The segments that hold the current term, in the order of their documents.
  private(set) var members: [Member] = []
  private var cursors: [TermDictionaryCursor] = []
  private var active: [Int] = []

  /// Creates a walk that stands before the first term.
  ///
  /// - Parameters:
  ///   - sources: The segments.
  ///   - order: The segments' numbers, in the order in which ``members`` is to have them.
  /// - Throws: `.corrupt` when a dictionary is damaged.
  init(_ sources: [SegmentMerger.Source], order: [Int]? = nil) throws(IndexError) {
    for source in sources {
      cursors.append(
        try source.reader.dictionary.cursor(from: UnsafeBufferPointer(start: nil, count: 0)))
    }
    for index in order ?? Array(sources.indices) where try cursors[index].next() {
      active.append(index)
    }
  }

  /// Moves to the next term.
  ///
  /// - Returns: Whether there was one.
  mutating func next() throws(IndexError) -> Bool {
    for member in members where try !cursors[member.source].next() {
      active.removeAll { $0 == member.source }
    }
    members.removeAll(keepingCapacity: true)
    guard var least = active.first else { return false }
    for index in active.dropFirst()
    where cursors[index].key.lexicographicallyPrecedes(cursors[least].key) {
      least = index
    }
    key = cursors[least].key
    for index in active where cursors[index].key == key {
      members.append(Member(source: index, info: cursors[index].info))
    }
    return !key.isEmpty
  }
}
