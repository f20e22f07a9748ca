// SPDX-License-Identifier: Apache-2.0

/// One word: which of its readings is the best.
extension WordReader {
  func localBoundaries(_ start: Int, _ end: Int) -> UInt64 {
    guard boundaries != 0 else { return 0 }
    let inside = (UInt64(1) << UInt64(end)) &- 1
    return boundaries & inside & ~((UInt64(1) << UInt64(start + 1)) &- 1)
  }

  /// The best reading of a stretch as one word, or `nil` where it is none.
  mutating func whole(_ start: Int, _ end: Int, insideRun: Bool = false) -> Candidate? {
    let length = end - start
    guard length >= 2 else {
      if length == 1, letters[start] == PersianLetters.vav, let entry = entry(start, end) {
        return Candidate(cost: 36, reason: .word(entry: entry))
      }
      return nil
    }
    let marks = localBoundaries(start, end)
    var bare: Candidate?
    if let index = entry(start, end) {
      let entry = entries[index]
      let candidate = Candidate(cost: Int(entry.cost), reason: .word(entry: index))
      let fits = marks & ~(UInt64(entry.boundaries) << UInt64(start)) == 0
      if fits, !entry.flags.contains(.verbFirst) { return candidate }
      bare = fits ? candidate : nil
    }
    if !isPrepared { prepare() }
    let verb = length >= (insideRun ? 3 : 2) ? verbReading(start, end, marks, insideRun) : nil
    if bare != nil { return verb ?? bare }
    let noun = nounReading(start, end, marks)
    guard let verb else { return noun }
    guard let noun else { return verb }
    if verb.isPerfect {
      // A participle that is an adjective of its own, of a verb that is hardly used (خسته).
      if verb.preverbLength == 0, case .inflected(let entry, _, _) = noun.reason,
        case .verb(let lemma, _, _, _) = verb.reason,
        verbCosts[lemma] > 4 * 20, entries[entry].flags.contains(.adjective),
        !entries[entry].flags.contains(.verbFirst)
      {
        return noun
      }
      return verb
    }
    if case .inflected(let entry, _, _) = noun.reason, verb.isWeakPerfect,
      entries[entry].flags.contains(.verbFirst)
    {
      return verb
    }
    // می before a verb is no wine.
    if case .verb(_, let prefix, _, _) = verb.reason, VerbTables.isImperfective(prefix),
      case .inflected(_, _, let from) = noun.reason, from - start == 2
    {
      return verb
    }
    // A copula that is joined is rather the ending of a verb (بداند, گردند).
    var nounCost = noun.cost
    if case .inflected(_, SuffixTable.copula, let from) = noun.reason,
      marks >> UInt64(from) & 1 == 0
    {
      if case .verb(_, let prefix, _, _) = verb.reason, prefix > 0 { return verb }
      nounCost += 28
    }
    return nounCost < verb.cost ? noun : verb
  }

  @inline(__always)
  mutating func entry(_ start: Int, _ end: Int) -> Int? {
    if filled >> UInt64(start) & 1 == 0 { fill(start) }
    let index = found[start * Self.side + end]
    return index < 0 ? nil : Int(index)
  }

  /// Looks up every stretch from a place on in one walk, since hashes grow letter by letter.
  mutating func fill(_ start: Int) {
    filled |= 1 << UInt64(start)
    var hash = LetterHash.seed
    for end in start..<count {
      hash = LetterHash.extend(hash, letters[end])
      let index = lexicon.find(
        UnsafePointer(letters + start), end + 1 - start, hash: LetterHash.finish(hash))
      found[start * Self.side + end + 1] = index.map { Int32(truncatingIfNeeded: $0) } ?? -1
    }
  }

  /// Finds where endings and stems are, so that most stretches need not be tried at all.
  mutating func prepare() {
    isPrepared = true
    for start in 0...count {
      var suffixMarks: UInt64 = 0
      var endingMarks: UInt64 = 0
      var stemMarks: UInt64 = 0
      var hash = LetterHash.seed
      if endings.first(LetterHash.finish(hash), 0) >= 0 { endingMarks |= 1 << UInt64(start) }
      for end in start..<min(count, start + SuffixTable.longest) {
        hash = LetterHash.extend(hash, letters[end])
        let finished = LetterHash.finish(hash)
        let length = end + 1 - start
        if suffixes.first(finished, length) >= 0 { suffixMarks |= 1 << UInt64(end + 1) }
        if endings.first(finished, length) >= 0 { endingMarks |= 1 << UInt64(end + 1) }
        if stems.first(finished, length) >= 0 { stemMarks |= 1 << UInt64(end + 1) }
      }
      marksOfSuffixes[start] = suffixMarks
      marksOfEndings[start] = endingMarks
      marksOfStems[start] = stemMarks
    }
  }

  func hash(_ start: Int, _ end: Int) -> UInt64 {
    var hash = LetterHash.seed
    for index in start..<end { hash = LetterHash.extend(hash, letters[index]) }
    return LetterHash.finish(hash)
  }
}
