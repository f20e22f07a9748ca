// SPDX-License-Identifier: Apache-2.0

/// Finds what a mistyped name was probably meant to be.
enum Suggestion {
  /// Returns the name with the fewest edits, where they are few for the length of the word.
  static func nearest(to word: String, among names: [String]) -> String? {
    let allowed = max(1, word.count / 3)
    let scored = names.map { (name: $0, edits: edits(from: Array(word), to: Array($0))) }
    let best = scored.min { ($0.edits, $0.name) < ($1.edits, $1.name) }
    if let best, best.edits <= allowed { return best.name }
    let completions = names.filter { word.count >= 3 && $0.hasPrefix(word) }
    return completions.count == 1 ? completions[0] : nil
  }

  /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
  private static func edits(from a: [Character], to b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
