// SPDX-License-Identifier: Apache-2.0

/// Scores phrases whose terms may be moved.
enum LoosePhrase {
  /// Sums 1 / (1 + *w*) over the first term's positions.
  ///
  /// A completed phrase takes one position of every term; *w* is the difference between the
  /// greatest and the least of position less offset. One position never serves two terms.
  ///
  /// - Parameters:
  ///   - aligned: For each term, its positions less its offset, ascending.
  ///   - slop: The greatest *w* that counts.
  ///   - offsets: For each term, its offset.
  ///   - groups: For each term, what tells equal terms; empty where all differ.
  /// - Returns: The sum; 0 where the phrase does not occur.
  static func frequency(aligned: [[Int]], slop: Int, offsets: [Int], groups: [Int]) -> Float {
    guard let first = aligned.first else { return 0 }
    var sum: Float = 0
    for anchor in first {
      var best = slop + 1
      // The least aligned position of a completed phrase belongs to some term.
      for positions in aligned {
        for low in positions where low <= anchor && anchor - low < best {
          if let width = width(
            from: low, anchor: anchor, aligned, atMost: best - 1, offsets: offsets,
            groups: groups)
          {
            best = width
          }
        }
      }
      if best <= slop { sum += 1 / Float(1 + best) }
    }
    return sum
  }

  /// The least width of a phrase whose least aligned position is `low` and whose first term stands at
  /// `anchor`.
  private static func width(
    from low: Int, anchor: Int, _ aligned: [[Int]], atMost limit: Int, offsets: [Int],
    groups: [Int]
  ) -> Int? {
    var taken: [(group: Int, position: Int)] = []
    if !groups.isEmpty { taken.append((groups[0], anchor + offsets[0])) }
    var greatest = anchor
    // In the order of their offsets, equal terms take the first position that is free.
    for term in aligned.indices.dropFirst() {
      let place = aligned[term].first { position in
        position >= low
          && !taken.contains {
            $0.group == groups[term] && $0.position == position + offsets[term]
          }
      }
      guard let place, place - low <= limit else { return nil }
      if !groups.isEmpty { taken.append((groups[term], place + offsets[term])) }
      greatest = max(greatest, place)
    }
    return greatest - low <= limit ? greatest - low : nil
  }
}
