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
  /// Whether the entries are in the order of a heap.
  ///
  /// They are once a document comes to a full heap; where the score needed was known beforehand,
  /// there are hardly more than are kept, so that mostly none does.
  private var isOrdered = false
  /// The least score of a full heap.
  private var least: Int32 = 0
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
    if count == limit { needed = max(needed, least &+ (isStrict ? 1 : 0)) }
  }

  /// Whether one entry is worse than another.
  @inline(__always)
  private func isWorse(_ a: Entry, _ b: Entry) -> Bool {
    a.score != b.score ? a.score < b.score : a.sequence > b.sequence
  }

  /// Offers a document whose score is at least ``needed``.
  @inline(__always)
  mutating func insert(_ entry: Entry) {
    greatestSequence = max(greatestSequence, entry.sequence)
    if count < limit {
      entries[count] = entry
      count = count &+ 1
      if count == limit { close() }
    } else {
      replaceWorst(by: entry)
    }
  }

  /// Notes the least score of the heap, which has become full.
  @inline(never)
  private mutating func close() {
    isOrdered = false
    least = .max
    for place in 0..<limit { least = min(least, entries[place].score) }
    updateNeeded()
  }

  @inline(never)
  private mutating func replaceWorst(by entry: Entry) {
    if !isOrdered {
      isOrdered = true
      for place in (0..<limit / 2).reversed() { sink(entries[place], from: place) }
    }
    if !isWorse(entries[0], entry) { return }
    sink(entry, from: 0)
    least = entries[0].score
    updateNeeded()
  }

  /// Puts an entry in a place or, where worse ones are below that, further down.
  @inline(__always)
  private func sink(_ entry: Entry, from start: Int) {
    var place = start
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

  /// Takes the entries out, best first.
  ///
  /// - Parameter element: Makes of an entry what is returned.
  /// - Returns: What was made of the entries.
  @inline(__always)
  mutating func sorted<Element>(_ element: (Entry) -> Element) -> [Element] {
    let all = count
    count = 0
    // The standard library writes the count even of the empty array, which all threads share.
    if all == 0 { return [] }
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: all) { keys in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: all) { scratch in
        guard let keys = keys.baseAddress, let scratch = scratch.baseAddress else { return [] }
        guard let placeBits = fillKeys(keys, all) else {
          return UnsafeBufferPointer(start: entries, count: all).sorted { isWorse($1, $0) }
            .map(element)
        }
        let ordered = SortedKeys.sort(keys, count: all, scratch: scratch)
        let mask = (UInt64(1) << placeBits) - 1
        return (0..<all).map { element(entries[Int(truncatingIfNeeded: ordered[$0] & mask)]) }
      }
    }
  }

  /// Makes a number of each entry: what its score lacks of the best, its sequence number after the
  /// first and, in the lowest bits, its place.
  ///
  /// - Returns: The bits of a place; `nil` where all that takes more than 64 bits.
  private func fillKeys(_ keys: UnsafeMutablePointer<UInt64>, _ all: Int) -> UInt64? {
    var (best, worst) = (Int32.min, Int32.max)
    var (first, last) = (UInt64.max, UInt64.min)
    for place in 0..<all {
      best = max(best, entries[place].score)
      worst = min(worst, entries[place].score)
      first = min(first, entries[place].sequence)
      last = max(last, entries[place].sequence)
    }
    func bits(_ number: UInt64) -> UInt64 { UInt64(64 - number.leadingZeroBitCount) }
    let placeBits = bits(UInt64(all - 1))
    let sequenceBits = bits(last &- first)
    let scoreBits = bits(UInt64(Int64(best) - Int64(worst)))
    guard scoreBits + sequenceBits + placeBits <= 64 else { return nil }
    for place in 0..<all {
      let missing = UInt64(UInt32(bitPattern: best &- entries[place].score))
      let key = missing &<< sequenceBits | (entries[place].sequence &- first)
      (keys + place).initialize(to: key &<< placeBits | UInt64(truncatingIfNeeded: place))
    }
    return placeBits
  }
}
