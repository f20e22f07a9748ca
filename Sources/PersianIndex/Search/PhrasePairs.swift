// SPDX-License-Identifier: Apache-2.0

/// What the lists of pairs and threes of one segment know of an exact phrase.
struct PhrasePairs {
  /// What holds the lists; `nil` where none of the phrase's words are a pair with a list.
  private(set) var lists: PairLists?
  /// The lists of those neighbours in the phrase that have one: three words where they do, or else two.
  private(set) var infos: [TermInfo] = []
  /// The list that holds all documents of the phrase and how often it occurs in each, where the
  /// phrase is one pair or one three with a list.
  private(set) var whole: TermInfo?
  /// Whether two words that follow each other in the phrase do so in no document.
  private(set) var isAbsent = false

  /// Looks the pairs of a phrase up.
  init(_ phrase: QueryPlan.Phrase, _ searcher: SegmentSearcher, segment: Int) {
    guard phrase.slop == 0, let field = phrase.lists.first?.field,
      let pairs = searcher.segments[segment].fields[field].pairs
    else { return }
    // The end of the last three words with a list; what pairs in it say, it says.
    var covered = 0
    for index in 1..<phrase.lists.count {
      guard let first = Self.info(index - 1, from: index, of: phrase, field, segment),
        let second = Self.info(index, from: index, of: phrase, field, segment)
      else { continue }
      if index + 1 < phrase.lists.count,
        let third = Self.info(index + 1, from: index, of: phrase, field, segment),
        let info = pairs.find(first, second, third)
      {
        infos.append(info)
        covered = index + 1
        lists = pairs
      }
      if index <= covered { continue }
      switch pairs.find(first, second) {
      case .unknown: continue
      case .absent: isAbsent = true
      case .list(let info): infos.append(info)
      }
      lists = pairs
    }
    if phrase.lists.count == 2 || phrase.lists.count == 3 && covered == 2 { whole = infos.first }
  }

  /// A word of the phrase that stands where it would if no place between it and another were left out.
  private static func info(
    _ index: Int, from other: Int, of phrase: QueryPlan.Phrase, _ field: Int, _ segment: Int
  ) -> TermInfo? {
    let list = phrase.lists[index]
    let distance = Int(offset(index, of: phrase)) - Int(offset(other, of: phrase))
    return list.field == field && distance == index - other ? list.infos[segment] : nil
  }

  private static func offset(_ index: Int, of phrase: QueryPlan.Phrase) -> UInt32 {
    index < phrase.offsets.count ? phrase.offsets[index] : UInt32(index)
  }
}
