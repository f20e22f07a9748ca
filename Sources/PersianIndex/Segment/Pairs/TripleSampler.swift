// SPDX-License-Identifier: Apache-2.0

/// Finds out which three common words stand one after another in many documents, by looking at some.
///
///     let sampler = TripleSampler(lists, lengths: lengths)
///     for part in 0..<TripleSampler.partCount { sampler.sample(part) }     // on any threads
///     let best = sampler.choose(pairedCount: 24)
///
/// What it finds does not depend on how threads share the parts out. A word that shares its position
/// with another may be overlooked there: it is a choice, and the lists that follow from it are whole.
final class TripleSampler: @unchecked Sendable {
  // Sendable: all is read alone, but for each part's own table.

  /// The number of parts that the work is cut into.
  static let partCount = 8
  private static let chunkSize = 128

  private let lists: [PostingList]
  private let lengths: UnsafeBufferPointer<UInt8>
  // Documents are looked at by the chunk, so that most blocks need not be decoded.
  private let chunks: [Range<Int>]
  private let tables: UnsafeMutableBufferPointer<TripleTable?>

  /// - Parameters:
  ///   - lists: The lists of the candidates, paired ones first; at most 255.
  ///   - lengths: The code of the field's length in every document.
  init(_ lists: [PostingList], lengths: UnsafeBufferPointer<UInt8>) {
    self.lists = lists
    self.lengths = lengths
    let step = max(1, lengths.count / PairListsFormat.sampleSize) * Self.chunkSize
    chunks = stride(from: 0, to: lengths.count, by: step).map {
      $0..<min($0 + Self.chunkSize, lengths.count)
    }
    tables = .allocate(capacity: Self.partCount)
    tables.initialize(repeating: nil)
  }

  deinit {
    for table in tables { table?.deallocate() }
    tables.deallocate()
  }

  /// Looks at the documents of a part.
  ///
  /// Damage is left for others to report.
  ///
  /// - Parameter part: Its number; each once, on any thread.
  func sample(_ part: Int) {
    guard let codes = lengths.baseAddress else { return }
    var counts = TripleTable()
    let walks = MemberWalks(lists, lengths: codes)
    var places = WordPlaces()
    var buffer = PositionBuffer()
    defer {
      walks.deallocate()
      places.deallocate()
      buffer.deallocate()
    }
    let share = chunks.count * part / Self.partCount..<chunks.count * (part + 1) / Self.partCount
    for document in chunks[share].joined() {
      for word in 0..<walks.count where walks.each[word].advance(to: UInt32(document)) {
        walks.each[word].forEachPosition(&buffer) { places.set(word, at: $0) }
      }
      places.forEachRun { counts.count($0, in: UInt32(document)) }
    }
    tables[part] = counts
  }

  /// Chooses the threes that most documents have.
  ///
  /// - Parameter pairedCount: How many of the words are members in any case.
  /// - Returns: The words of each, by their numbers.
  func choose(pairedCount: Int) -> [[Int]] {
    let samples = chunks.reduce(0) { $0 + $1.count }
    var totals: [UInt32: Int] = [:]
    for table in tables {
      table?.forEachNumber { code, count in
        // What is rare in a part hardly counts.
        if count * 2 * PairListsFormat.leastShare * Self.partCount >= samples {
          totals[code, default: 0] += count
        }
      }
    }
    let best = totals.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    var chosen: [[Int]] = []
    var members = Set(0..<pairedCount)
    var documents = 0
    for (code, count) in best {
      if count * PairListsFormat.leastShare < samples || count == 0 { break }
      if chosen.count == PairListsFormat.mostTriples { break }
      if documents + count > PairListsFormat.tripleDocuments * samples { break }
      let words = [Int(code >> 16), Int(code >> 8 & 0xff), Int(code & 0xff)]
      let more = members.union(words)
      if more.count > PairListsFormat.mostMembers { continue }
      members = more
      documents += count
      chosen.append(words)
    }
    return chosen
  }
}

/// Which word stands where in one document; of several at a place, one.
///
/// It owns memory, which its one owner frees.
private struct WordPlaces {
  private static let most = 1 << 16
  // One more than the word, by position; 0 where there is none.
  private let words = UnsafeMutablePointer<UInt8>.allocate(capacity: most + 2)
  private var end = 0

  init() {
    words.initialize(repeating: 0, count: Self.most + 2)
  }

  func deallocate() {
    words.deallocate()
  }

  /// Notes a word; returns whether later places can be noted too.
  @inline(__always)
  mutating func set(_ word: Int, at place: Int) -> Bool {
    if place >= Self.most { return false }
    words[place] = UInt8(truncatingIfNeeded: word &+ 1)
    end = max(end, place &+ 1)
    return true
  }

  /// Calls a function with every three words one after another, as one number, and forgets them.
  @inline(__always)
  mutating func forEachRun(_ body: (UInt32) -> Void) {
    var (first, second) = (UInt32(words[0]), UInt32(words[1]))
    for place in 2..<max(2, end) {
      let third = UInt32(words[place])
      if first != 0 && second != 0 && third != 0 {
        body((first &- 1) << 16 | (second &- 1) << 8 | (third &- 1))
      }
      (first, second) = (second, third)
    }
    words.update(repeating: 0, count: end)
    end = 0
  }
}
