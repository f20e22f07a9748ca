// SPDX-License-Identifier: Apache-2.0

/// Measures how many letters each of a sorted run of terms is from a word: letters inserted, left
/// out, replaced, or swapped with their neighbour (the restricted Damerau-Levenshtein distance).
///
/// Terms come in dictionary order, so the rows of the distance table for a shared beginning are kept
/// from term to term, and a beginning that is already too far tells how much can be skipped. This
/// visits what an automaton intersected with the dictionary visits (Schulz and Mihov, "Fast string
/// correction with Levenshtein automata", IJDAR 2002), without building one.
package struct FuzzyMatcher {
  package enum Verdict: Equatable {
    /// The term is this many letters away.
    case match(Int)
    /// The term is too far, others with its beginning may not be.
    case far
    /// No term that begins with the first bytes of this one is near enough.
    case deadEnd(bytes: Int)
  }

  private let letters: [Unicode.Scalar]
  private let limit: UInt8
  /// Row *i* holds the distances of the first *i* letters of the term to all beginnings of the word.
  private var rows: [[UInt8]]
  private var term: [Unicode.Scalar] = []
  /// How many bytes of the term the first *i* letters take.
  private var ends: [Int] = [0]

  /// Creates a matcher.
  ///
  /// - Parameters:
  ///   - word: The word in UTF-8.
  ///   - limit: The greatest distance that matches, 0 to 16.
  package init(word: [UInt8], limit: Int) {
    letters = Array(String(decoding: word, as: UTF8.self).unicodeScalars)
    self.limit = UInt8(limit)
    let far = UInt8(limit + 1)
    rows = [(0...letters.count).map { $0 <= limit ? UInt8($0) : far }]
  }

  /// Measures a term; it must not come before the one measured last.
  package mutating func measure(_ bytes: ArraySlice<UInt8>) -> Verdict {
    let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    var depth = 0
    while depth < scalars.count, depth < term.count, depth < rows.count - 1,
      scalars[depth] == term[depth]
    {
      depth += 1
    }
    rows.removeSubrange((depth + 1)...)
    ends.removeSubrange((depth + 1)...)
    term = scalars
    while depth < scalars.count {
      let isAlive = appendRow(depth)
      ends.append(ends[depth] + UTF8.width(scalars[depth]))
      depth += 1
      if !isAlive { return .deadEnd(bytes: ends[depth]) }
    }
    let distance = rows[depth][letters.count]
    return distance <= limit ? .match(Int(distance)) : .far
  }

  /// Computes the row after letter `depth` of the term; returns whether any of it is near enough.
  private mutating func appendRow(_ depth: Int) -> Bool {
    let far = limit + 1
    let above = rows[depth]
    var row = [UInt8](repeating: far, count: letters.count + 1)
    row[0] = min(far, above[0] + 1)
    var least = row[0]
    let letter = term[depth]
    for place in letters.indices {
      var value = min(above[place] + (letters[place] == letter ? 0 : 1), above[place + 1] + 1)
      value = min(value, row[place] + 1)
      if depth > 0, place > 0, letters[place] == term[depth - 1], letters[place - 1] == letter {
        value = min(value, rows[depth - 1][place - 1] + 1)
      }
      row[place + 1] = min(value, far)
      least = min(least, row[place + 1])
    }
    rows.append(row)
    return least <= limit
  }
}
