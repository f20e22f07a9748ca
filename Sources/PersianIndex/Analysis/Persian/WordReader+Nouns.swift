// SPDX-License-Identifier: Apache-2.0

/// Nouns and adjectives: a stem of the lexicon and endings.
extension WordReader {
  mutating func nounReading(_ start: Int, _ end: Int, _ marks: UInt64) -> Candidate? {
    var best: Candidate?
    var cut = end - 1
    while cut >= start + 2, end - cut <= SuffixTable.longest {
      defer { cut -= 1 }
      guard marksOfSuffixes[cut] >> UInt64(end) & 1 == 1 else { continue }
      var node = suffixes.first(hash(cut, end), end - cut)
      while node >= 0 {
        let suffix = suffixes.nodes[node].value
        node = suffixes.next(node)
        guard fits(suffix.conditions, letters[cut - 1]),
          let stem = stem(start, cut, suffix.conditions)
        else { continue }
        if stem.entry >= 0 {
          let entry = entries[stem.entry]
          if entry.flags.contains(.function), !takesSuffix(entry, suffix.conditions) { continue }
          // There is no spoken plural ا where the word with the ا is one of its own and not rare
          // (شورای), nor after ی but in frequent words (لیبیایی is of no لیبی).
          if suffix.name == SuffixTable.spokenPlural,
            isWord(start, cut + 1, besides: entry)
              || letters[cut - 1] == PersianLetters.ye
                && (entry.cost > 4 * 17 || end - cut > 2 && letters[cut + 2] == PersianLetters.ye)
          {
            continue
          }
          if entry.flags.contains(.verbFirst), letters[cut - 1] != PersianLetters.he,
            !suffix.conditions.contains(.restoresHe)
          {
            continue
          }
          if entry.flags.contains(.phrase) || entry.flags.contains(.protected) { continue }
          let before = marks & ((UInt64(1) << UInt64(cut)) &- 1)
          if before & ~(UInt64(entry.boundaries) << UInt64(start)) != 0 { continue }
        } else if marks & ((UInt64(1) << UInt64(cut)) &- 1) != 0 {
          continue
        }
        var cost = stem.cost + Int(suffix.cost)
        if cut - start == 2 { cost += 8 }
        // After ه without a half-space these are rather the letters of ها.
        let looksPlural =
          suffix.conditions.contains(.afterHe) && letters[cut] == PersianLetters.alef
        if suffix.name == SuffixTable.copula, stem.entry >= 0, !looksPlural,
          entries[stem.entry].flags.contains(.adjective)
        {
          cost -= 28
        }
        if stem.entry >= 0, suffix.conditions.contains(.afterHe), suffix.name == 6,
          entries[stem.entry].flags.contains(.verbFirst)
        {
          cost += 6
        }
        if suffix.conditions.contains(.adjective),
          stem.entry < 0
            || !entries[stem.entry].flags.contains(.adjective)
        {
          cost += 12
        }
        if suffix.name == SuffixTable.object, letters[cut] == PersianLetters.re,
          self.entry(start, cut + 1) != nil
        {
          // The ر is rather the noun's own, and the ا the spoken plural (خواهرا).
          cost += 24
        }
        if suffix.name == SuffixTable.copula, letters[cut] == PersianLetters.alef,
          stem.entry >= 0, isWord(start, cut + 1, besides: entries[stem.entry])
        {
          // The ا is rather the noun's own (گذراست).
          cost += 24
        }
        if end - cut == 1, letters[cut] == PersianLetters.nun,
          letters[cut - 1] == PersianLetters.ye, marks >> UInt64(cut) & 1 == 0
        {
          // ین after a past stem is rather a verb's (برگشتین).
          cost += 24
        }
        if suffix.conditions.contains(.afterYe), letters[cut] == PersianLetters.alef,
          marks >> UInt64(cut) & 1 == 0
        {
          // These are written with a half-space; without one the ا is rather the noun's (رویایم).
          cost += 20
        }
        if marks >> UInt64(cut) & 1 == 1 { cost -= 32 }
        if cost < best?.cost ?? .max {
          best = Candidate(
            cost: cost,
            reason: stem.entry >= 0
              ? .inflected(entry: stem.entry, suffix: Int(suffix.name), from: cut)
              : .infinitive(suffix: Int(suffix.name), from: cut))
        }
      }
    }
    if best == nil, marks == 0, let cost = infinitive(start, end) {
      best = Candidate(cost: cost, reason: .infinitive(suffix: -1, from: end))
    }
    return best
  }

  /// Whether a stretch is a word that is not much rarer than another one.
  private mutating func isWord(_ start: Int, _ end: Int, besides other: Lexicon.Entry) -> Bool {
    entry(start, end).map { Int(entries[$0].cost) <= Int(other.cost) + 23 } ?? false
  }

  /// Whether a function word takes an ending: ها and تر always, others if it is no short one.
  func takesSuffix(_ entry: Lexicon.Entry, _ conditions: SuffixTable.Conditions) -> Bool {
    conditions.contains(.anyStem) || conditions.contains(.adjective) || entry.length >= 4
  }

  func fits(_ conditions: SuffixTable.Conditions, _ last: UInt8) -> Bool {
    let isAlef = last == PersianLetters.alef || last == PersianLetters.alefMadda
    if conditions.contains(.afterHe), last != PersianLetters.he { return false }
    if conditions.contains(.afterVowel), !isAlef, last != PersianLetters.vav { return false }
    if conditions.contains(.afterConsonant), isAlef { return false }
    if conditions.contains(.afterYe), last != PersianLetters.ye { return false }
    return true
  }

  mutating func stem(
    _ start: Int, _ cut: Int, _ conditions: SuffixTable.Conditions
  ) -> (entry: Int, cost: Int)? {
    if conditions.contains(.restoresHe) || conditions.contains(.restoresTe) {
      // The lost letter takes the place of the ending's first for the time of the look-up.
      let lost = letters[cut]
      letters[cut] = conditions.contains(.restoresHe) ? PersianLetters.he : PersianLetters.te
      defer { letters[cut] = lost }
      return lexicon.find(
        UnsafePointer(letters + start), cut + 1 - start, hash: hash(start, cut + 1)
      ).map { ($0, Int(entries[$0].cost)) }
    }
    if let index = entry(start, cut) { return (index, Int(entries[index].cost)) }
    return infinitive(start, cut).map { (-1, $0) }
  }

  /// The cost of a stretch as the infinitive of a verb.
  func infinitive(_ start: Int, _ end: Int) -> Int? {
    guard end - start >= 4, letters[end - 1] == PersianLetters.nun else { return nil }
    var cost: Int?
    var from = start
    if letters[start] == PersianLetters.nun, end - start >= 5 { from += 1 }
    for begin in start...from where marksOfStems[begin] >> UInt64(end - 1) & 1 == 1 {
      var node = stems.first(hash(begin, end - 1), end - 1 - begin)
      while node >= 0 {
        let stem = stems.nodes[node].value
        if stem.kind == .past, !stem.needsPrefix, cost == nil {
          cost = verbCosts[Int(stem.lemma)] + 4 * 6
        }
        node = stems.next(node)
      }
    }
    return cost
  }

  /// An unknown word less an ending that is hardly anything else.
  mutating func strip(_ start: Int, _ end: Int) -> Candidate? {
    let marks = localBoundaries(start, end)
    var cut = end - 1
    while cut >= start + 2, end - cut <= SuffixTable.longest {
      defer { cut -= 1 }
      let isMarked = marks >> UInt64(cut) & 1 == 1
      guard isMarked || cut - start >= 3 else { continue }
      guard marks & ((UInt64(1) << UInt64(cut)) &- 1) == 0 else { continue }
      let last = letters[cut - 1]
      var name: Int?
      var node =
        marksOfSuffixes[cut] >> UInt64(end) & 1 == 1
        ? suffixes.first(hash(cut, end), end - cut) : -1
      while node >= 0 {
        let suffix = suffixes.nodes[node].value
        node = suffixes.next(node)
        let isSafe = suffix.conditions.contains(.safe)
        let isMarkedHe = isMarked && suffix.conditions.contains(.afterHe)
        if isSafe || isMarkedHe, fits(suffix.conditions, last) { name = Int(suffix.name) }
      }
      if let name {
        return Candidate(
          cost: unknownCost(cut - start) + 12, reason: .stripped(suffix: name, from: cut))
      }
    }
    return nil
  }
}
