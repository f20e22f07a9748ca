// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Which hits of a part of a collection are worth showing whole.
///
/// A part prints more hits than were asked for, because which documents are told apart by evidence
/// is only known once all parts have answered. Most of them cannot be among the best of the
/// collection, and their snippets would be made in vain.
enum PartOfCollection {
  /// Whether each hit can be among the best `limit` of the collection.
  ///
  /// A hit cannot where that many of the same part come before it with the evidence and without.
  static func canLead(_ hits: [Hit], limit: Int) -> [Bool] {
    hits.indices.map { place in
      guard place >= limit else { return true }
      let hit = hits[place]
      var better = 0
      for other in hits[..<place]
      where precedes(other, hit, by: \.baseScore) && precedes(other, hit, by: \.score) {
        better += 1
        if better == limit { return false }
      }
      return true
    }
  }

  private static func precedes(_ left: Hit, _ right: Hit, by score: KeyPath<Hit, Double>) -> Bool {
    let (first, second) = (left[keyPath: score], right[keyPath: score])
    return first != second
      ? first > second : left.key.text.utf8.lexicographicallyPrecedes(right.key.text.utf8)
  }
}
