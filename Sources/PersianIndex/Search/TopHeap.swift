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
  private let memory: UnsafeMutableRawPointer
  private static var few: Int { 1024 }
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
    // Few entries have the memory to sort them behind them, so that one piece will do.
    let size = limit * MemoryLayout<Entry>.stride
    let keySize = limit <= Self.few ? 2 * limit * MemoryLayout<SortKey>.stride : 0
    memory = .allocate(byteCount: size + keySize, alignment: 16)
    entries = memory.bindMemory(to: Entry.self, capacity: limit)
    needed = 1
  }

  func deallocate() {
    memory.deallocate()
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
    greatestSequence = max(greatestSequence, entry.sequence)
    if count < limit {
      entries[count] = entry
      count += 1
      if count < limit { return }
      // Up to now, entries were in no order.
      for place in (0..<limit / 2).reversed() { sink(entries[place], from: place) }
    } else {
      if !isWorse(entries[0], entry) { return }
      sink(entry, from: 0)
    }
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
  mutating func sorted() -> [Entry] {
    let all = count
    count = 0
    // The standard library writes the count even of the empty array, which all threads share.
    if all == 0 { return [] }
    if limit <= Self.few {
      let scratch = memory + limit * MemoryLayout<Entry>.stride
      return sorted(all, keys: scratch.bindMemory(to: SortKey.self, capacity: 2 * all))
    }
    return withUnsafeTemporaryAllocation(of: SortKey.self, capacity: 2 * all) { keys in
      keys.baseAddress.map { sorted(all, keys: $0) } ?? []
    }
  }

  /// Sorts the entries, given memory for two keys for each.
  private func sorted(_ all: Int, keys: UnsafeMutablePointer<SortKey>) -> [Entry] {
    let base = entries[0].sequence >> 32
    var isNear = true
    for place in 0..<all {
      let entry = entries[place]
      isNear = isNear && entry.sequence >> 32 == base
      let missing = UInt64(UInt32(bitPattern: Int32.max &- entry.score))
      (keys + place).initialize(
        to: SortKey(
          order: missing << 32 | (entry.sequence & 0xffff_ffff),
          place: UInt32(truncatingIfNeeded: place)))
    }
    if !isNear {
      return UnsafeBufferPointer(start: entries, count: all).sorted { isWorse($1, $0) }
    }
    let ordered = SortedKeys.sort(keys, count: all, scratch: keys + all)
    return [Entry](unsafeUninitializedCapacity: all) { buffer, initialized in
      for place in 0..<all {
        buffer.initializeElement(at: place, to: entries[Int(ordered[place].place)])
      }
      initialized = all
    }
  }
}
