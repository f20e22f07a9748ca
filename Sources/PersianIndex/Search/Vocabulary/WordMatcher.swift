// SPDX-License-Identifier: Apache-2.0

/// Finds the words of a table that a writer may have meant.
///
/// Words come in sorted order, so the rows of the table of costs for a shared beginning are kept
/// from word to word, and all words with a beginning that already costs too much are passed over.
struct WordMatcher {
  struct Match {
    var place: Int
    var cost: Int
  }

  private let model: ErrorModel
  private let width: Int
  private let limit: UInt8
  private var rows: [UInt8]

  /// Words longer than this many letters are not compared.
  private static let maximumLength = 48

  /// Creates a matcher.
  ///
  /// - Parameters:
  ///   - model: What was written, and what slips cost.
  ///   - limit: The most that a match may cost, at most 100.
  init(_ model: ErrorModel, limit: Int) {
    self.model = model
    self.limit = UInt8(limit)
    width = model.symbols.count + 1
    rows = [UInt8](repeating: .max, count: width * (Self.maximumLength + 1))
    rows[0] = 0
    for place in 1..<max(width, 1) {
      let deletion = cost(ofDeleting: place - 1)
      rows[place] = UInt8(min(255, Int(rows[place - 1]) + Int(deletion)))
    }
  }

  /// The cost of a symbol too much; less where it repeats the one before.
  private func cost(ofDeleting place: Int) -> UInt8 {
    let symbols = model.symbols
    if place > 0, symbols[place].letter != LetterCode.other,
      symbols[place].letter == symbols[place - 1].letter
    {
      return min(model.doubling, symbols[place].deletion)
    }
    return symbols[place].deletion
  }

  /// The words within the limit, in table order.
  ///
  /// - Complexity: O(*n*) in the number of words, but most are passed over at a glance.
  mutating func matches(in table: WordTable) -> [Match] {
    guard width > 1 else { return [] }
    var result: [Match] = []
    let deletions = model.symbols.indices.map { cost(ofDeleting: $0) }
    var depth = 0
    // Words that share more letters than this with the one before are passed over.
    var dead = Int.max
    for place in 0..<table.count {
      let shared = Int(table.sharedLetters[place])
      if shared >= dead { continue }
      dead = .max
      depth = min(depth, shared)
      let start = Int(table.letterStarts[place])
      let length = Int(table.letterStarts[place + 1]) - start
      guard length <= Self.maximumLength else { continue }
      var isAlive = true
      while depth < length {
        isAlive = table.letters.withUnsafeBufferPointer {
          appendRow(depth, letters: $0, start: start, deletions: deletions)
        }
        depth += 1
        if !isAlive { break }
      }
      if !isAlive {
        dead = depth
      } else if rows[depth * width + width - 1] <= limit {
        result.append(Match(place: place, cost: Int(rows[depth * width + width - 1])))
      }
    }
    return result
  }

  /// Computes the costs with letter `depth` of a word; whether any is within the limit.
  private mutating func appendRow(
    _ depth: Int, letters: UnsafeBufferPointer<UInt8>, start: Int, deletions: [UInt8]
  ) -> Bool {
    let (width, limit) = (width, limit)
    let letter = letters[start + depth]
    let before = depth > 0 ? letters[start + depth - 1] : LetterCode.other
    var insertion = model.insertions[Int(letter)]
    if letter == before, letter != LetterCode.other { insertion = min(insertion, model.undoubling) }
    let (symbols, transposition) = (model.symbols, model.transposition)
    let above = depth * width
    let row = above + width
    var least = Self.add(rows[above], insertion)
    rows[row] = least
    for place in symbols.indices {
      var value = Self.add(rows[above + place], symbols[place].substitutions[Int(letter)])
      value = min(value, Self.add(rows[above + place + 1], insertion))
      value = min(value, Self.add(rows[row + place], deletions[place]))
      if depth > 0, place > 0, symbols[place].letter == before,
        symbols[place - 1].letter == letter, letter != before
      {
        value = min(value, Self.add(rows[above - width + place - 1], transposition))
      }
      rows[row + place + 1] = value
      least = min(least, value)
      // The letter may be the first of two that were swapped.
      if place > 0, symbols[place].letter == letter {
        least = min(least, Self.add(rows[above + place - 1], transposition))
      }
    }
    return least <= limit
  }

  @inline(__always)
  private static func add(_ a: UInt8, _ b: UInt8) -> UInt8 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }
}
