// SPDX-License-Identifier: Apache-2.0

/// Verbs: preverb, prefix, stem and ending.
extension WordReader {
  mutating func verbReading(
    _ start: Int, _ end: Int, _ marks: UInt64, _ insideRun: Bool
  ) -> Candidate? {
    var best: Candidate?
    for preverb in -1..<preverbs.count {
      var from = start
      if preverb >= 0 {
        let length = preverbs[preverb].count
        guard end - start > length + 1, begins(start, preverbs[preverb]) else { continue }
        from += length
      }
      for prefix in 0..<prefixes.count {
        let length = prefixes[prefix].count
        guard end - from > length, begins(from, prefixes[prefix]) else { continue }
        readStem(
          from: from + length, end, prefix, preverb < 0 ? 0 : from - start, marks, insideRun,
          &best)
      }
    }
    return best
  }

  func readStem(
    from: Int, _ end: Int, _ prefix: Int, _ preverbLength: Int, _ marks: UInt64,
    _ insideRun: Bool, _ best: inout Candidate?
  ) {
    let isImperfective = VerbTables.isImperfective(prefix)
    let afterPreverb = from - prefixes[prefix].count
    var possible = marksOfStems[from]
    while possible != 0 {
      let stemEnd = possible.trailingZeroBitCount
      possible &= possible &- 1
      guard stemEnd <= end, marksOfEndings[stemEnd] >> UInt64(end) & 1 == 1 else { continue }
      // A boundary may stand after the preverb, after the prefix, and after the stem.
      let allowed = UInt64.max << UInt64(stemEnd) | 1 << UInt64(from) | 1 << UInt64(afterPreverb)
      guard marks & ~allowed == 0 else { continue }
      var stemNode = stems.first(hash(from, stemEnd), stemEnd - from)
      while stemNode >= 0 {
        let stem = stems.nodes[stemNode].value
        stemNode = stems.next(stemNode)
        if stem.needsPrefix, prefix == 0 { continue }
        if stem.needsImperfective, !isImperfective { continue }
        // ب, ن and م have a ی before ا (بیفتند), but for ای (بایستد).
        if prefix >= 4, letters[from] == PersianLetters.alef, from + 1 < end,
          letters[from + 1] != PersianLetters.ye
        {
          continue
        }
        if stem.kind == .past, prefix == 6 || prefix == 5 && stem.isSpoken { continue }
        if prefix == 6, stem.isShort || stem.isSpoken { continue }
        var endingNode = endings.first(hash(stemEnd, end), end - stemEnd)
        while endingNode >= 0 {
          let ending = endings.nodes[endingNode].value
          endingNode = endings.next(endingNode)
          guard ending.kind == stem.kind, combines(stem, ending, prefix, isImperfective) else {
            continue
          }
          var cost = verbCosts[Int(stem.lemma)] + Int(ending.cost)
          cost += prefix == 0 ? 0 : isImperfective ? 8 : prefix == 6 ? 40 : ending.isEmpty ? 18 : 10
          if stem.isShort, !isImperfective { cost += 16 }
          // ب before a past form is found in older prose and verse alone (برفت).
          if stem.kind == .past, prefix == 5 { cost += 40 }
          if stem.isSpoken { cost += 8 }
          if preverbLength > 0 {
            if !isPrefixed(afterPreverb, preverbLength, Int(stem.lemma)) {
              // A preverb that is not known with the verb is a word of its own, if it stands apart.
              if insideRun || marks >> UInt64(afterPreverb) & 1 == 1 { continue }
              if !isImperfective { cost += 24 }
            }
            cost += 12
          }
          if insideRun, prefix == 0, stem.kind == .present { cost += 16 }
          if isImperfective { cost -= 24 }
          if cost < best?.cost ?? .max {
            best = Candidate(
              cost: cost,
              reason: .verb(
                lemma: Int(stem.lemma), prefix: prefix, stemStart: from, stemEnd: stemEnd),
              preverbLength: preverbLength,
              isPerfect: ending.isParticiple && end - stemEnd > 1 && !ending.isWeakCopula,
              isWeakPerfect: ending.isParticiple && ending.isWeakCopula)
          }
        }
      }
    }
  }

  /// Whether a stem, an ending and a prefix make a form.
  func combines(
    _ stem: VerbStems.Stem, _ ending: VerbStems.Ending, _ prefix: Int, _ isImperfective: Bool
  ) -> Bool {
    guard stem.kind == .present else { return !ending.needsPrefix || isImperfective }
    if prefix == 0, ending.needsPrefix || ending.isEmpty { return false }
    if prefix == 0, stem.endsInAlef, !ending.beginsWithYe { return false }
    if isImperfective, ending.isEmpty,
      !impersonal.contains(lexicon.verbs.lemmas[Int(stem.lemma)])
    {
      return false
    }
    if stem.isShort, ending.isEmpty { return false }
    if stem.isSpoken, ending.isFormal { return false }
    return prefix != 6 || ending.isEmpty || ending.cost == 24
  }

  func isPrefixed(_ end: Int, _ length: Int, _ lemma: Int) -> Bool {
    let preverb = UnsafeBufferPointer(start: letters + end - length, count: length)
    return lexicon.verbs.prefixed.contains(Array(preverb) + lexicon.verbs.lemmas[lemma])
  }

  func begins(_ start: Int, _ word: [UInt8]) -> Bool {
    for offset in 0..<word.count where letters[start + offset] != word[offset] { return false }
    return true
  }
}
