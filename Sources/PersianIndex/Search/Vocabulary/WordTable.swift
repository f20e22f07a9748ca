// SPDX-License-Identifier: Apache-2.0

/// Sorted words in flat arrays, with a tree over their counts for the best of any run of them.
struct WordTable: Sendable {
  /// The words in UTF-8, one after another in byte order.
  private(set) var bytes: [UInt8] = []
  /// Where each word begins in ``bytes``, and where the last ends.
  private(set) var starts: [UInt32] = [0]
  /// In how many documents each word is.
  private(set) var documentCounts: [UInt32] = []
  /// The letters of the words as ``LetterCode``s, and where each word's begin; set by
  /// ``prepared(minimumDocumentCount:)`` as all below.
  private(set) var letters: [UInt8] = []
  private(set) var letterStarts: [UInt32] = [0]
  /// How many letters each word shares with the one before it.
  private(set) var sharedLetters: [UInt8] = []
  /// The place of the greatest count below each node of a complete binary tree.
  private var best: [Int32] = []
  private var leafCount = 1

  var count: Int { documentCounts.count }

  @inline(__always)
  func word(_ place: Int) -> ArraySlice<UInt8> {
    bytes[Int(starts[place])..<Int(starts[place + 1])]
  }

  func text(_ place: Int) -> String {
    String(decoding: word(place), as: UTF8.self)
  }

  mutating func append(_ word: some Collection<UInt8>, count: UInt32) {
    bytes.append(contentsOf: word)
    starts.append(UInt32(truncatingIfNeeded: bytes.count))
    documentCounts.append(count)
  }

  /// The words of both tables, the counts of those that both have combined.
  func merged(
    with other: WordTable, combining combine: (UInt32, UInt32) -> UInt32
  ) -> WordTable {
    if count == 0 { return other }
    if other.count == 0 { return self }
    var result = WordTable()
    result.bytes.reserveCapacity(max(bytes.count, other.bytes.count))
    var (left, right) = (0, 0)
    while left < count || right < other.count {
      let isLeft =
        right == other.count
        || (left < count && !other.word(right).lexicographicallyPrecedes(word(left)))
      let isRight =
        left == count
        || (right < other.count && !word(left).lexicographicallyPrecedes(other.word(right)))
      let counts = (
        isLeft ? documentCounts[left] : 0, isRight ? other.documentCounts[right] : 0
      )
      result.append(
        isLeft ? word(left) : other.word(right),
        count: isLeft && isRight ? combine(counts.0, counts.1) : max(counts.0, counts.1))
      left += isLeft ? 1 : 0
      right += isRight ? 1 : 0
    }
    return result
  }

  /// The table without rare words, ready to be asked.
  func prepared(minimumDocumentCount minimum: Int) -> WordTable {
    var result = WordTable()
    for place in 0..<count where documentCounts[place] >= minimum && !word(place).isEmpty {
      result.append(word(place), count: documentCounts[place])
    }
    result.encodeLetters()
    result.buildTree()
    return result
  }

  private mutating func encodeLetters() {
    letters.reserveCapacity(bytes.count / 2)
    var previous = 0..<0
    for place in 0..<count {
      let start = letters.count
      LetterCode.append(word(place), to: &letters)
      letterStarts.append(UInt32(letters.count))
      var shared = 0
      while shared < previous.count, start + shared < letters.count, shared < 255,
        letters[previous.lowerBound + shared] == letters[start + shared]
      {
        shared += 1
      }
      sharedLetters.append(UInt8(shared))
      previous = start..<letters.count
    }
  }

  private mutating func buildTree() {
    while leafCount < max(count, 1) { leafCount *= 2 }
    best = [Int32](repeating: -1, count: 2 * leafCount)
    for place in 0..<count { best[leafCount + place] = Int32(place) }
    for node in stride(from: leafCount - 1, to: 0, by: -1) {
      best[node] = better(best[2 * node], best[2 * node + 1])
    }
  }

  /// The more frequent of two words, the first in byte order of equals.
  @inline(__always)
  private func better(_ left: Int32, _ right: Int32) -> Int32 {
    if right < 0 { return left }
    if left < 0 { return right }
    return documentCounts[Int(right)] > documentCounts[Int(left)] ? right : left
  }

  /// The place of the most frequent word of a run; the first of equals.
  ///
  /// - Complexity: O(log *n*).
  func mostFrequent(in range: Range<Int>) -> Int? {
    var (low, high) = (range.lowerBound + leafCount, range.upperBound + leafCount)
    var (left, right): (Int32, Int32) = (-1, -1)
    while low < high {
      if low & 1 == 1 {
        left = better(left, best[low])
        low += 1
      }
      if high & 1 == 1 {
        high -= 1
        right = better(best[high], right)
      }
      low /= 2
      high /= 2
    }
    let found = better(left, right)
    return found < 0 ? nil : Int(found)
  }

  /// The place of a word.
  func place(of word: [UInt8]) -> Int? {
    let place = firstPlace(notBefore: word)
    return place < count && self.word(place).elementsEqual(word) ? place : nil
  }

  /// The words that begin with some bytes.
  func range(of prefix: [UInt8]) -> Range<Int> {
    let low = firstPlace(notBefore: prefix)
    var next = prefix
    while let last = next.popLast() {
      guard last < 0xFF else { continue }
      next.append(last + 1)
      return low..<max(low, firstPlace(notBefore: next))
    }
    return low..<count
  }

  private func firstPlace(notBefore key: [UInt8]) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if word(middle).lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
