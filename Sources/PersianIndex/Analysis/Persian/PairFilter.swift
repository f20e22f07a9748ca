// SPDX-License-Identifier: Apache-2.0

/// Bloom filters of the pairs of words that the lexicon writes joined: the first part, and the
/// beginning of the second.
struct PairFilter {
  private let pairs: UnsafeMutablePointer<UInt64>
  private let firsts: UnsafeMutablePointer<UInt64>
  private let seconds: UnsafeMutablePointer<UInt64>
  private static let pairBits = 20
  private static let wordBits = 18

  init() {
    func filter(_ bits: Int) -> UnsafeMutablePointer<UInt64> {
      let filter = UnsafeMutablePointer<UInt64>.allocate(capacity: 1 << (bits - 6))
      filter.initialize(repeating: 0, count: 1 << (bits - 6))
      return filter
    }
    pairs = filter(Self.pairBits)
    firsts = filter(Self.wordBits)
    seconds = filter(Self.wordBits)
  }

  func deallocate() {
    pairs.deallocate()
    firsts.deallocate()
    seconds.deallocate()
  }

  @inline(__always)
  private static func bit(_ hash: UInt32, _ bits: Int) -> (word: Int, mask: UInt64) {
    let bit = (hash &* 0x9E37_79B1) >> UInt32(32 - bits)
    return (Int(truncatingIfNeeded: bit >> 6), 1 &<< UInt64(bit & 63))
  }

  /// The hash of a word of at most sixteen letters as the first of a pair.
  static func first(_ word: WordKey) -> UInt32 { UInt32(truncatingIfNeeded: word.hash >> 32) }

  /// The hash of the first three letters of a word as the second of a pair.
  static func second(_ word: WordKey) -> UInt32 { word.beginning &* 0x85EB_CA6B }

  func add(_ first: UInt32, _ second: UInt32) {
    func set(_ filter: UnsafeMutablePointer<UInt64>, _ place: (word: Int, mask: UInt64)) {
      filter[place.word] |= place.mask
    }
    set(pairs, Self.bit(first ^ second, Self.pairBits))
    set(firsts, Self.bit(first, Self.wordBits))
    set(seconds, Self.bit(second, Self.wordBits))
  }

  func mayBegin(_ first: UInt32) -> Bool {
    let place = Self.bit(first, Self.wordBits)
    return firsts[place.word] & place.mask != 0
  }

  func mayEnd(_ second: UInt32) -> Bool {
    let place = Self.bit(second, Self.wordBits)
    return seconds[place.word] & place.mask != 0
  }

  /// Whether two neighbouring words may be the parts of one that the lexicon writes joined.
  ///
  /// - Parameters:
  ///   - first: The first word, by ``first(_:)``.
  ///   - second: The second, by ``second(_:)``.
  /// - Returns: `false` where they surely are not.
  @inline(__always)
  func mayRejoin(_ first: UInt32, _ second: UInt32) -> Bool {
    let place = Self.bit(first ^ second, Self.pairBits)
    return pairs[place.word] & place.mask != 0
  }
}
