// SPDX-License-Identifier: Apache-2.0

/// What the lists of pairs of one segment know of an exact phrase.
struct PhrasePairs {
  /// What holds the lists; `nil` where none of the phrase's words are a pair with a list.
  private(set) var lists: PairLists?
  /// The lists of those neighbours in the phrase that have one.
  private(set) var infos: [TermInfo] = []
  /// Whether two words that follow each other in the phrase do so in no document.
  private(set) var isAbsent = false

  /// Looks the pairs of a phrase up.
  init(_ phrase: QueryPlan.Phrase, _ searcher: SegmentSearcher, segment: Int) {
    guard phrase.slop == 0, let field = phrase.lists.first?.field,
      let pairs = searcher.segments[segment].fields[field].pairs
    else { return }
    for index in 1..<phrase.lists.count {
      guard Self.offset(index, of: phrase) == Self.offset(index - 1, of: phrase) &+ 1,
        phrase.lists[index].field == field,
        let first = phrase.lists[index - 1].infos[segment],
        let second = phrase.lists[index].infos[segment]
      else { continue }
      switch pairs.find(first, second) {
      case .unknown: continue
      case .absent: isAbsent = true
      case .list(let info): infos.append(info)
      }
      lists = pairs
    }
  }

  private static func offset(_ index: Int, of phrase: QueryPlan.Phrase) -> UInt32 {
    index < phrase.offsets.count ? phrase.offsets[index] : UInt32(index)
  }

  /// The list that holds all documents of the phrase and how often it occurs in each, where the
  /// phrase is one pair.
  func whole(of phrase: QueryPlan.Phrase) -> TermInfo? {
    phrase.lists.count == 2 ? infos.first : nil
  }
}
