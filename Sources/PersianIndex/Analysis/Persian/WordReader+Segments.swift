// SPDX-License-Identifier: Apache-2.0

/// Words run together: where to cut a stretch that is not one word.
extension WordReader {
  /// Appends the parts of the letters from `start` to `end`.
  mutating func analyze(_ start: Int, _ end: Int) {
    if let candidate = whole(start, end) {
      if case .inflected = candidate.reason, let cuts = numerals(start, end) {
        appendCuts(cuts, start, end)
        return
      }
      if isDoubtful(candidate, start), let better = alternative(to: candidate, start, end) {
        appendCuts(better, start, end)
      } else {
        append(candidate, start, end)
      }
      return
    }
    if letters[start] == PersianLetters.alef, end - start >= 3,
      end - start > 3 || !lexicon.suffixes.tokens.contains(stretch(start, end))
    {
      // آ is often typed ا; a known word with آ wins over an unknown one with ا.
      respell(start, PersianLetters.alefMadda)
      if let candidate = whole(start, end), end - start >= 4 || candidate.cost < 4 * 17 {
        append(candidate, start, end)
        return
      }
      respell(start, PersianLetters.alef)
    }
    if let cuts = numerals(start, end) {
      appendCuts(cuts, start, end)
      return
    }
    if let cuts = letterNames(start, end) {
      for (from, to) in zip([start] + cuts, cuts + [end]) { analyze(from, to) }
      return
    }
    let stripped = strip(start, end)
    let limit = min(unknownCost(end - start), stripped.map(\.cost) ?? .max)
    let isSplittable = end - start >= 4 || end - start == 3 && letters[start] == PersianLetters.vav
    if isSplittable, let cuts = split(start, end, below: limit) {
      appendCuts(cuts, start, end)
    } else if let cuts = patronymic(start, end) {
      for (from, to) in zip([start] + cuts, cuts + [end]) { analyze(from, to) }
    } else if let stripped {
      append(stripped, start, end)
    } else {
      appendLiteral(start, end)
    }
  }

  /// Where to cut a number of several words (سیوپنجم), or و and a number (وسه).
  func numerals(_ start: Int, _ end: Int) -> [Int]? {
    guard end - start >= 3, stretch(start, end).contains(PersianLetters.vav) else { return nil }
    var cuts: [Int] = []
    var from = start
    if letters[start] == PersianLetters.vav {
      cuts.append(start + 1)
      from += 1
    }
    while let stop = numeralEnd(from, end) {
      if stop == end { return cuts.isEmpty ? nil : cuts }
      cuts += [stop, stop + 1]
      from = stop + 1
    }
    return nil
  }

  /// Where a numeral that begins here ends: at و or at the end, there perhaps as an ordinal.
  private func numeralEnd(_ start: Int, _ end: Int) -> Int? {
    for length in stride(from: min(10, end - start), through: 2, by: -1) {
      let stop = start + length
      guard stop == end || letters[stop] == PersianLetters.vav && stop + 2 < end else { continue }
      let word = stretch(start, stop)
      if lexicon.numerals.contains(word) { return stop }
      guard stop == end else { continue }
      for ending in lexicon.ordinals where length > ending.count + 1 {
        let place = stop - ending.count
        if begins(place, ending), lexicon.numerals.contains(stretch(start, place)) { return stop }
      }
    }
    return nil
  }

  /// Where to cut an abbreviation of three or more names of Latin letters (بی‌بی‌سی).
  func letterNames(_ start: Int, _ end: Int) -> [Int]? {
    guard end - start >= 5, end - start <= 16 else { return nil }
    // Where a prefix of the stretch made of names ends, and where its last name began.
    var from = [Int](repeating: -1, count: end - start + 1)
    for left in 0..<end - start where left == 0 || from[left] >= 0 {
      for length in 2...5 where left + length <= end - start && from[left + length] < 0 {
        if lexicon.letterNames.contains(stretch(start + left, start + left + length)) {
          from[left + length] = left
        }
      }
    }
    guard from[end - start] >= 0 else { return nil }
    var cuts: [Int] = []
    var position = from[end - start]
    while position > 0 {
      cuts.append(start + position)
      position = from[position]
    }
    return cuts.count >= 2 ? cuts.reversed() : nil
  }

  /// Where to cut an Arabic name around its بن, if a name beside it is known (عبدالله‌بن‌عباس).
  mutating func patronymic(_ start: Int, _ end: Int) -> [Int]? {
    guard end - start >= 5 else { return nil }
    for place in start + 3..<end - 1 where begins(place, lexicon.son) {
      let after = place + 2
      let isKnown = entry(start, place) != nil || (after < end && entry(after, end) != nil)
      if isKnown, after == end || end - after >= 3 {
        return after == end ? [place] : [place, after]
      }
    }
    return nil
  }

  mutating func appendCuts(_ cuts: [Int], _ start: Int, _ end: Int) {
    var from = start
    for cut in cuts + [end] {
      if let candidate = whole(from, cut) {
        append(candidate, from, cut)
      } else {
        appendLiteral(from, cut)
      }
      from = cut
    }
  }

  /// Whether a reading is a rare word with an ending, so that another may be likelier.
  func isDoubtful(_ candidate: Candidate, _ start: Int) -> Bool {
    if count == 3, lexicon.suffixes.tokens.contains(word) { return false }
    guard case .inflected(let entry, _, _) = candidate.reason else { return false }
    return entries[entry].cost > 4 * 20 || letters[start] == PersianLetters.alef
      || letters[start] == PersianLetters.vav
  }

  /// A clearly likelier reading than a doubtful one: the word with آ for ا, or several words.
  ///
  /// - Returns: Where to cut the stretch; empty where it is one word.
  mutating func alternative(
    to candidate: Candidate, _ start: Int, _ end: Int
  ) -> [Int]? {
    if letters[start] == PersianLetters.alef, end - start >= 3,
      end - start > 3 || !lexicon.suffixes.tokens.contains(stretch(start, end))
    {
      respell(start, PersianLetters.alefMadda)
      if let better = whole(start, end), better.cost + 12 < candidate.cost { return [] }
      respell(start, PersianLetters.alef)
    }
    guard end - start >= 4, case .inflected(let entry, _, _) = candidate.reason,
      entries[entry].cost > 4 * 20 || letters[start] == PersianLetters.vav
    else { return nil }
    return split(start, end, below: candidate.cost - 20)
  }

  mutating func respell(_ place: Int, _ code: UInt8) {
    letters[place] = code
    filled = 0
    isPrepared = false
  }

  func unknownCost(_ length: Int) -> Int { 4 * 10 + length * 14 }

  /// The cheapest way to cut a stretch into known words; `nil` where none costs less than a limit.
  mutating func split(_ start: Int, _ end: Int, below limit: Int) -> [Int]? {
    let count = end - start
    let costs = pathCosts
    let from = pathCuts
    costs.update(repeating: .max, count: count + 1)
    costs[0] = 0
    for left in 0..<count where costs[left] < limit {
      for right in left + 1...count where !(left == 0 && right == count) {
        guard let cost = segmentCost(start + left, start + right, isLast: right == count) else {
          continue
        }
        var total = costs[left] + cost
        if left > 0 { total += 4 * 4 }
        if total < costs[right] {
          costs[right] = total
          from[right] = left
        }
      }
    }
    guard costs[count] < limit else { return nil }
    var cuts: [Int] = []
    var position = from[count]
    while position > 0 {
      cuts.append(start + position)
      position = from[position]
    }
    return cuts.reversed()
  }

  mutating func segmentCost(_ start: Int, _ end: Int, isLast: Bool) -> Int? {
    if end - start == 1 {
      guard letters[start] == PersianLetters.vav, !isLast else { return nil }
      return start == 0 ? 4 * 7 : 4 * 6
    }
    let length = end - start
    if length <= 3 {
      let word = stretch(start, end)
      if lexicon.suffixes.tokens.contains(word) || prefixSet.contains(word)
        || lexicon.neverJoined.contains(word)
      {
        return nil
      }
    }
    if length == 2, begins(start, definite) { return nil }
    if !isLast, length <= 4, count - end >= 3, lexicon.headWords.contains(stretch(start, end)) {
      // A number or به before three letters is more often the beginning of another word.
      let isFirm = entry(start, end).map { !entries[$0].flags.contains(.function) } ?? false
      if count - end >= 4 || isFirm && !isNumber(start, end) { return 4 * 4 }
    }
    let candidate = whole(start, end, insideRun: true)
    if !isLast, case .inflected(_, SuffixTable.vav, _) = candidate?.reason { return nil }
    var cost = candidate?.cost
    if start > 0, length >= 3, let reason = candidate?.reason, isTail(reason) {
      return min(cost ?? .max, 4 * 10)
    }
    if cost == nil, start > 0, length >= 4, begins(start, definite) {
      // The Arabic article inside a name (بین‌المللی, تحت‌الحنک).
      cost = entry(start + 2, end).map { Int(entries[$0].cost) + 24 }
    }
    if end - start == 2, let known = cost, known > 4 * 12 { cost = known + 4 * 6 }
    if end - start == 3, let known = cost, known > 4 * 13 { cost = known + 4 * 2 }
    return cost
  }

  mutating func isNumber(_ start: Int, _ end: Int) -> Bool {
    entry(start, end).map { entries[$0].flags.contains(.tail) } ?? false
  }

  func isTail(_ reason: Reason) -> Bool {
    switch reason {
    case .word(let index), .inflected(let index, _, _): entries[index].flags.contains(.tail)
    default: false
    }
  }
}
