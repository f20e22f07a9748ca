// SPDX-License-Identifier: Apache-2.0

/// The lists of all pairs and threes of a field's members while they grow.
///
/// It owns memory, which its one owner frees.
struct PairTable {
  let postings: UnsafeMutableBufferPointer<PairPostings>
  // Of the current document: how often each occurs, which do, and their number.
  private let counts: UnsafeMutablePointer<UInt32>
  private let seen: UnsafeMutablePointer<Int>
  private let seenCount: UnsafeMutablePointer<Int>

  init(listCount size: Int) {
    postings = .allocate(capacity: size)
    postings.initialize(repeating: PairPostings())
    counts = .allocate(capacity: size)
    counts.initialize(repeating: 0, count: size)
    // Each is noted before it is known to be new, so one more than all of them has room.
    seen = .allocate(capacity: size + 2)
    seen.initialize(repeating: 0, count: size + 2)
    seenCount = seen + size + 1
  }

  func deallocate() {
    for list in postings { list.deallocate() }
    postings.deallocate()
    counts.deallocate()
    seen.deallocate()
  }

  /// Counts an occurrence in the current document.
  @inline(__always)
  func count(_ rank: Int) {
    seen[seenCount.pointee] = rank
    if counts[rank] == 0 { seenCount.pointee &+= 1 }
    counts[rank] &+= 1
  }

  /// Adds the current document to the lists of what occurs in it.
  @inline(__always)
  func end(_ document: UInt32) {
    for index in 0..<seenCount.pointee {
      let rank = seen[index]
      postings[rank].append(document, count: counts[rank])
      counts[rank] = 0
    }
    seenCount.pointee = 0
  }
}
