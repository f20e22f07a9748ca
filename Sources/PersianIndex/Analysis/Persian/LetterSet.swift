// SPDX-License-Identifier: Apache-2.0

/// A fixed set of words of letter codes, told apart by 64 bits of hash; a look-up allocates nothing.
struct LetterSet: Sendable {
  private var slots: [UInt64]
  private let mask: Int

  init(_ words: [[UInt8]]) {
    var places = 16
    while places < words.count * 4 { places *= 2 }
    slots = [UInt64](repeating: 0, count: places)
    mask = places - 1
    for word in words {
      let hash = word.withUnsafeBufferPointer(Self.hash)
      var place = Int(truncatingIfNeeded: hash >> 32) & mask
      while slots[place] != 0, slots[place] != hash { place = (place + 1) & mask }
      slots[place] = hash
    }
  }

  init(_ words: [String]) { self.init(words.map { PersianLetters.codes($0) }) }

  private static func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = LetterHash.seed
    for code in word { hash = LetterHash.extend(hash, code) }
    return LetterHash.finish(hash) | 1
  }

  func contains(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    let hash = Self.hash(word)
    var place = Int(truncatingIfNeeded: hash >> 32) & mask
    while slots[place] != 0 {
      if slots[place] == hash { return true }
      place = (place &+ 1) & mask
    }
    return false
  }

  func contains(_ word: [UInt8]) -> Bool { word.withUnsafeBufferPointer(contains) }
}
