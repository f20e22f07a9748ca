// SPDX-License-Identifier: Apache-2.0

/// Which documents of a segment are not deleted: one bit each.
///
/// A value: a copy that a searcher holds does not see later deletions. Bits past the last document
/// are zero.
package struct LiveDocs: Sendable, Equatable {
  /// The documents of the segment, the deleted ones included.
  package let documentCount: Int
  /// How many of them are not deleted.
  package internal(set) var liveCount: Int
  /// 64 documents a word, the first in the lowest bit.
  package internal(set) var words: [UInt64]

  /// Starts with every document live.
  package init(documentCount: Int) {
    self.documentCount = documentCount
    liveCount = documentCount
    words = [UInt64](repeating: .max, count: (documentCount + 63) / 64)
    if documentCount % 64 != 0 { words[words.count - 1] = (1 << UInt64(documentCount % 64)) - 1 }
  }

  package var deletedCount: Int { documentCount - liveCount }

  /// Whether a document is live; it must be below the count.
  package func isLive(_ document: UInt32) -> Bool {
    words[Int(document / 64)] & (1 << UInt64(document % 64)) != 0
  }

  /// Deletes a document; `false` where it was deleted already.
  @discardableResult
  package mutating func delete(_ document: UInt32) -> Bool {
    let bit: UInt64 = 1 << UInt64(document % 64)
    guard words[Int(document / 64)] & bit != 0 else { return false }
    words[Int(document / 64)] &= ~bit
    liveCount -= 1
    return true
  }
}
