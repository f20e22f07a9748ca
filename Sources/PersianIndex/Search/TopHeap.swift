// SPDX-License-Identifier: Apache-2.0

/// Keeps the best documents seen so far.
///
/// Scores are integers, so that their sum does not depend on the order of its terms, and equal
/// scores are equal on every path. It owns memory, which its one owner frees.
struct TopHeap {
  struct Entry {
    var score: Int32
    var segment: Int32
    var document: UInt32
    var sequence: UInt64
  }

  /// The number of documents kept at most, at least 1.
  let limit: Int
  private(set) var count = 0
  private let entries: UnsafeMutablePointer<Entry>
  /// The least score that can still enter: documents below it need not be looked at.
  private(set) var needed: Int32
  /// Whether a document that comes later, of equal score, loses the tie.
  var isStrict = false {
    didSet { updateNeeded() }
  }
  /// A score that `limit` documents are known to reach.
  private var primed: Int32 = 1
  /// The greatest sequence number that entered.
  private(set) var greatestSequence: UInt64 = 0

  init(limit: Int) {
    self.limit = limit
    entries = .allocate(capacity: limit)
    needed = 1
  }

  func deallocate() {
    entries.deallocate()
  }

  /// Tells the heap that `limit` documents are known to reach a score.
  mutating func prime(_ score: Int32) {
    primed = max(primed, score)
    updateNeeded()
  }

  private mutating func updateNeeded() {
    needed = primed
    if count == limit { needed = max(needed, entries[0].score &+ (isStrict ? 1 : 0)) }
  }

  /// Whether one entry is worse than another.
  @inline(__always)
  private func isWorse(_ a: Entry, _ b: Entry) -> Bool {
    a.score != b.score ? a.score < b.score : a.sequence > b.sequence
  }

  /// Offers a document whose score is at least ``needed``.
  mutating func insert(_ entry: Entry) {
    if count < limit {
      var place = count
      count += 1
      while place > 0 {
        let parent = (place - 1) / 2
        if !isWorse(entry, entries[parent]) { break }
        entries[place] = entries[parent]
        place = parent
      }
      entries[place] = entry
    } else {
      if !isWorse(entries[0], entry) { return }
      var place = 0
      while true {
        var child = 2 * place + 1
        if child >= limit { break }
        if child + 1 < limit && isWorse(entries[child + 1], entries[child]) { child += 1 }
        if !isWorse(entries[child], entry) { break }
        entries[place] = entries[child]
        place = child
      }
      entries[place] = entry
    }
    greatestSequence = max(greatestSequence, entry.sequence)
    if count == limit { updateNeeded() }
  }

  /// Takes the entries out, best first.
  mutating func sorted() -> [Entry] {
    let all = count
    // The standard library writes the count even of the empty array, which all threads share.
    if all == 0 { return [] }
    return Array(unsafeUninitializedCapacity: all) { buffer, initialized in
      while count > 0 {
        // The worst of the rest goes to its end.
        let worst = entries[0]
        count -= 1
        let moved = entries[count]
        var place = 0
        while true {
          var child = 2 * place + 1
          if child >= count { break }
          if child + 1 < count && isWorse(entries[child + 1], entries[child]) { child += 1 }
          if !isWorse(entries[child], moved) { break }
          entries[place] = entries[child]
          place = child
        }
        entries[place] = moved
        buffer.initializeElement(at: count, to: worst)
      }
      initialized = all
    }
  }
}
