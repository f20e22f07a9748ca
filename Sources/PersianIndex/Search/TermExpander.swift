// SPDX-License-Identifier: Apache-2.0

/// Finds the terms of the dictionaries that a pattern stands for.
struct TermExpander {
  /// The most terms that one pattern may stand for; of more, the first in byte order are taken.
  static let maximumExpansion = 1_024

  let dictionaries: [TermDictionaryReader]
  let analyzer: any Analyzer

  func prefix(
    _ text: String, field: UInt8
  ) throws(IndexError) -> [[UInt8]] {
    let prefix = [field] + folded(text)
    return try keys(from: prefix) { key in key.starts(with: prefix) ? .take : .stop }
  }

  func wildcard(
    _ pattern: String, field: UInt8
  ) throws(IndexError) -> [[UInt8]] {
    let pieces = WildcardPattern(pattern) { folded($0) }
    let prefix = [field] + pieces.prefix
    return try keys(from: prefix) { key in
      guard key.starts(with: prefix) else { return .stop }
      return pieces.matches(key.dropFirst()) ? .take : .skip
    }
  }

  /// The terms at most `distance` letters from a word, with their distance, nearest first.
  func fuzzy(
    _ text: String, distance: Int, field: UInt8
  ) throws(IndexError) -> [(key: [UInt8], distance: Int)] {
    try near(folded(text), distance: distance, field: field, beginning: [])
  }

  /// The terms at most `distance` letters from a word that begin with some bytes, with their
  /// distance, nearest first.
  func near(
    _ word: [UInt8], distance: Int, field: UInt8, beginning: [UInt8]
  ) throws(IndexError) -> [(key: [UInt8], distance: Int)] {
    let prefix = [field] + beginning
    var found: [[UInt8]: Int] = [:]
    for dictionary in dictionaries {
      var matcher = FuzzyMatcher(word: word, limit: distance)
      var cursor = try Self.cursor(
        dictionary, from: prefix.count > 1 ? prefix : IndexedFields.firstKey(of: field))
      var hasTerm = try cursor.next()
      while hasTerm, cursor.key.starts(with: prefix) {
        switch matcher.measure(cursor.key.dropFirst()) {
        case .match(let distance):
          found[cursor.key] = distance
          hasTerm = try cursor.next()
        case .far:
          hasTerm = try cursor.next()
        case .deadEnd(let count):
          let dead = Array(cursor.key.prefix(count + 1))
          hasTerm = try Self.skip(dead, &cursor)
        }
      }
    }
    return found.map { (key: $0.key, distance: $0.value) }.sorted {
      $0.distance != $1.distance
        ? $0.distance < $1.distance : $0.key.lexicographicallyPrecedes($1.key)
    }.prefix(Self.maximumExpansion).map(\.self)
  }

  /// Moves past all terms that begin with some bytes: by a few steps where that does, by a search
  /// where they are many.
  private static func skip(
    _ dead: [UInt8], _ cursor: inout TermDictionaryCursor
  ) throws(IndexError) -> Bool {
    for _ in 0..<8 {
      guard try cursor.next() else { return false }
      guard cursor.key.starts(with: dead) else { return true }
    }
    var next = dead
    while let last = next.popLast() {
      guard last < 0xFF else { continue }
      next.append(last + 1)
      // Only ever forward, or a damaged order could lead round and round.
      let result = next.withUnsafeBufferPointer { bytes -> Result<Void, IndexError> in
        Result { () throws(IndexError) in try cursor.seek(bytes) }
      }
      try result.get()
      return try cursor.next()
    }
    return false
  }

  private enum Verdict {
    case take
    case skip
    case stop
  }

  private func keys(
    from start: [UInt8], _ verdict: ([UInt8]) -> Verdict
  ) throws(IndexError) -> [[UInt8]] {
    var found: Set<[UInt8]> = []
    for dictionary in dictionaries {
      var cursor = try Self.cursor(dictionary, from: start)
      var taken = 0
      scan: while try cursor.next() {
        if WrittenFormKeys.isOtherwise(cursor.key) { continue }
        switch verdict(cursor.key) {
        case .take:
          found.insert(cursor.key)
          taken += 1
          if taken == Self.maximumExpansion { break scan }
        case .skip: continue
        case .stop: break scan
        }
      }
    }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
      .prefix(Self.maximumExpansion).map(\.self)
  }

  static func cursor(
    _ dictionary: TermDictionaryReader, from key: [UInt8]
  ) throws(IndexError) -> TermDictionaryCursor {
    let result = key.withUnsafeBufferPointer { bytes -> Result<TermDictionaryCursor, IndexError> in
      do throws(IndexError) {
        return .success(try dictionary.cursor(from: bytes))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// The text in the letters of the dictionary, its affixes kept: the written forms of its words
  /// where the analyzer gives them, their terms where not.
  private func folded(_ text: String) -> [UInt8] {
    var buffer = TokenBuffer()
    return QueryUnit.units(of: text, analyzer: analyzer, buffer: &buffer).flatMap(\.folded)
  }
}
