// SPDX-License-Identifier: Apache-2.0

/// Finds the reading of one word: its lemma, or the words it was run together from.
///
/// A word is given as letter codes with a 0 where the text has a half-space or a space; a reading
/// may use such a boundary but is not bound to it. Words are read once and remembered by
/// ``WordCache``, so this code is not the hot path.
struct WordReader {
  /// A term that a word gives, with the letters of the word that it covers.
  struct Part {
    var start: Int
    var end: Int
    /// Where the term begins in ``terms``.
    var termStart: Int
    var termLength: Int
    /// Where the written form begins in ``terms``.
    var formStart: Int
    var formLength: Int
    var flags: TokenFlags
    var reason: Reason
  }

  /// Why a word was read as it was.
  enum Reason: Sendable, Equatable {
    case unknown
    case word(entry: Int)
    case inflected(entry: Int, suffix: Int, from: Int)
    case infinitive(suffix: Int, from: Int)
    case verb(lemma: Int, prefix: Int, stemStart: Int, stemEnd: Int)
    case stripped(suffix: Int, from: Int)
    case phrase(entry: Int)
  }

  /// A reading of a stretch of letters as one word.
  struct Candidate {
    var cost: Int
    var reason: Reason
    var preverbLength = 0
  }

  static let longest = 40
  private static let unknownLemma = -1

  let lexicon: Lexicon
  private(set) var parts: [Part] = []
  private(set) var terms: [UInt8] = []
  private var letters: [UInt8] = []
  private var boundaries: UInt64 = 0
  /// Lexicon entries of all stretches of the word; -1 where there is none, -2 before looking.
  private var found: [Int32] = []
  private var scratch: [UInt8] = []
  private let prefixes: [[UInt8]]
  private let verbCosts: [Int]

  init(lexicon: Lexicon) {
    self.lexicon = lexicon
    prefixes = [[]] + VerbTables.prefixes.map(PersianLetters.codes)
    verbCosts = lexicon.verbs.lemmas.map { lemma in
      lexicon.find(lemma).map { Int(lexicon.entries[$0].cost) } ?? 80
    }
  }

  /// The letters of the word that was read last, without boundaries.
  var word: [UInt8] { letters }

  /// Reads a word.
  ///
  /// - Parameter key: Letter codes, with 0 at soft boundaries.
  /// - Returns: Whether no term begins at the last boundary, which is to say that the word before
  ///   it and the word after it are one; always `true` where there is no boundary.
  mutating func read(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    parts.removeAll(keepingCapacity: true)
    terms.removeAll(keepingCapacity: true)
    letters.removeAll(keepingCapacity: true)
    boundaries = 0
    var isForeign = false
    var last = 0
    for code in key {
      if code == 0 {
        last = letters.count
        if last < 64 { boundaries |= 1 << UInt64(last) }
      } else {
        isForeign = isForeign || code > PersianLetters.Class.lastPersian
        letters.append(code)
      }
    }
    if isForeign || letters.count > Self.longest {
      if last > 0 { return false }
      appendLiteral(0, letters.count)
      return true
    }
    let side = letters.count + 1
    found.removeAll(keepingCapacity: true)
    found.append(contentsOf: repeatElement(-2, count: side * side))
    analyze(0, letters.count)
    if last == 0 { return true }
    for (index, part) in parts.enumerated() where part.start <= last && last < part.end {
      if part.start == last { return false }
      return explains(part.reason, boundary: last, index: index)
    }
    return true
  }

  /// Whether a reading has a reason to reach across a boundary.
  private func explains(_ reason: Reason, boundary: Int, index: Int) -> Bool {
    switch reason {
    case .unknown: false
    case .stripped, .inflected, .infinitive, .verb, .phrase: true
    case .word(let entry):
      lexicon.entries[entry].boundaries >> UInt32(boundary - parts[index].start) & 1 == 1
    }
  }

  // MARK: - Segments

  /// Appends the parts of the letters from `start` to `end`.
  private mutating func analyze(_ start: Int, _ end: Int) {
    if let candidate = whole(start, end) {
      append(candidate, start, end)
      return
    }
    let stripped = strip(start, end)
    let limit = min(unknownCost(end - start), stripped.map(\.cost) ?? .max)
    if end - start >= 4, let cuts = split(start, end, below: limit) {
      var from = start
      for cut in cuts + [end] {
        if let candidate = whole(from, cut) {
          append(candidate, from, cut)
        } else {
          appendLiteral(from, cut)
        }
        from = cut
      }
    } else if let stripped {
      append(stripped, start, end)
    } else {
      appendLiteral(start, end)
    }
  }

  private func unknownCost(_ length: Int) -> Int { 4 * 10 + length * 14 }

  /// The cheapest way to cut a stretch into known words; `nil` where none costs less than a limit.
  private mutating func split(_ start: Int, _ end: Int, below limit: Int) -> [Int]? {
    let count = end - start
    var costs = [Int](repeating: .max, count: count + 1)
    var from = [Int](repeating: 0, count: count + 1)
    costs[0] = 0
    for left in 0..<count where costs[left] < limit {
      for right in left + 1...count where !(left == 0 && right == count) {
        guard let cost = segmentCost(start + left, start + right) else { continue }
        var total = costs[left] + cost
        if left > 0 { total += 4 * 5 }
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

  private mutating func segmentCost(_ start: Int, _ end: Int) -> Int? {
    if end - start == 1 { return letters[start] == PersianLetters.vav ? 4 * 9 : nil }
    var cost = whole(start, end, insideRun: true)?.cost
    if end - start == 2, let known = cost, known > 4 * 9 { cost = known + 4 * 5 }
    if end - start == 3, let known = cost, known > 4 * 13 { cost = known + 4 * 2 }
    return cost
  }

  // MARK: - One word

  private func localBoundaries(_ start: Int, _ end: Int) -> UInt64 {
    guard boundaries != 0 else { return 0 }
    let inside = (UInt64(1) << UInt64(end)) &- 1
    return boundaries & inside & ~((UInt64(1) << UInt64(start + 1)) &- 1)
  }

  /// The best reading of a stretch as one word, or `nil` where it is none.
  private mutating func whole(_ start: Int, _ end: Int, insideRun: Bool = false) -> Candidate? {
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
      let entry = lexicon.entries[index]
      let candidate = Candidate(cost: Int(entry.cost), reason: .word(entry: index))
      let fits = marks & ~(UInt64(entry.boundaries) << UInt64(start)) == 0
      if fits, !entry.flags.contains(.verbFirst) { return candidate }
      bare = fits ? candidate : nil
    }
    let verb = length >= (insideRun ? 3 : 2) ? verbReading(start, end, marks, insideRun) : nil
    if bare != nil { return verb ?? bare }
    let noun = nounReading(start, end, marks)
    guard let verb else { return noun }
    guard let noun else { return verb }
    return noun.cost < verb.cost ? noun : verb
  }

  private mutating func entry(_ start: Int, _ end: Int) -> Int? {
    let slot = start * (letters.count + 1) + end
    if found[slot] == -2 {
      // One walk from `start` looks up every end, since hashes grow letter by letter.
      letters.withUnsafeBufferPointer { letters in
        var hash = LetterHash.seed
        for stop in start..<letters.count {
          hash = LetterHash.extend(hash, letters[stop])
          let index = lexicon.find(
            UnsafeBufferPointer(rebasing: letters[start...stop]), hash: LetterHash.finish(hash))
          found[start * (letters.count + 1) + stop + 1] = index.map(Int32.init) ?? -1
        }
      }
    }
    return found[slot] < 0 ? nil : Int(found[slot])
  }

  private func hash(_ start: Int, _ end: Int) -> UInt64 {
    var hash = LetterHash.seed
    for index in start..<end { hash = LetterHash.extend(hash, letters[index]) }
    return LetterHash.finish(hash)
  }

  // MARK: - Nouns

  private mutating func nounReading(_ start: Int, _ end: Int, _ marks: UInt64) -> Candidate? {
    var best: Candidate?
    var cut = end - 1
    while cut >= start + 2, end - cut <= SuffixTable.longest {
      defer { cut -= 1 }
      let suffixHash = hash(cut, end)
      var options: [SuffixTable.Suffix] = []
      lexicon.suffixes.table.forEach(suffixHash, end - cut) { options.append($0) }
      for suffix in options {
        guard fits(suffix.conditions, letters[cut - 1]) else { continue }
        let stem = stem(start, cut, suffix.conditions)
        guard let stem else { continue }
        if stem.entry >= 0 {
          let entry = lexicon.entries[stem.entry]
          if suffix.conditions.contains(.adjective), !entry.flags.contains(.adjective) { continue }
          if entry.flags.contains(.function), !suffix.conditions.contains(.anyStem) { continue }
          if entry.flags.contains(.phrase) || entry.flags.contains(.protected) { continue }
          let before = marks & ((UInt64(1) << UInt64(cut)) &- 1)
          if before & ~(UInt64(entry.boundaries) << UInt64(start)) != 0 { continue }
        } else if marks & ((UInt64(1) << UInt64(cut)) &- 1) != 0 {
          continue
        }
        var cost = stem.cost + Int(suffix.cost)
        if cut - start == 2 { cost += 8 }
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

  private func fits(_ conditions: SuffixTable.Conditions, _ last: UInt8) -> Bool {
    let isAlef = last == PersianLetters.alef || last == PersianLetters.alefMadda
    if conditions.contains(.afterHe), last != PersianLetters.he { return false }
    if conditions.contains(.afterVowel), !isAlef, last != PersianLetters.vav { return false }
    if conditions.contains(.afterConsonant), isAlef { return false }
    if conditions.contains(.afterYe), last != PersianLetters.ye { return false }
    return true
  }

  private mutating func stem(
    _ start: Int, _ cut: Int, _ conditions: SuffixTable.Conditions
  ) -> (entry: Int, cost: Int)? {
    if conditions.contains(.restoresHe) || conditions.contains(.restoresTe) {
      scratch.removeAll(keepingCapacity: true)
      scratch.append(contentsOf: letters[start..<cut])
      scratch.append(
        conditions.contains(.restoresHe) ? PersianLetters.he : PersianLetters.te)
      return lexicon.find(scratch).map { ($0, Int(lexicon.entries[$0].cost)) }
    }
    if let index = entry(start, cut) { return (index, Int(lexicon.entries[index].cost)) }
    return infinitive(start, cut).map { (-1, $0) }
  }

  /// The cost of a stretch as the infinitive of a verb.
  private func infinitive(_ start: Int, _ end: Int) -> Int? {
    guard end - start >= 4, letters[end - 1] == PersianLetters.nun else { return nil }
    var cost: Int?
    var from = start
    if letters[start] == PersianLetters.nun, end - start >= 5 { from += 1 }
    for begin in from == start ? [start] : [start, from] {
      lexicon.verbs.stems.forEach(hash(begin, end - 1), end - 1 - begin) { stem in
        if stem.kind == .past, !stem.needsPrefix, cost == nil {
          cost = verbCosts[Int(stem.lemma)] + 4 * 6
        }
      }
    }
    return cost
  }

  /// An unknown word less an ending that is hardly anything else.
  private mutating func strip(_ start: Int, _ end: Int) -> Candidate? {
    let marks = localBoundaries(start, end)
    var cut = end - 1
    while cut >= start + 2, end - cut <= SuffixTable.longest {
      defer { cut -= 1 }
      let isMarked = marks >> UInt64(cut) & 1 == 1
      guard isMarked || cut - start >= 3 else { continue }
      guard marks & ((UInt64(1) << UInt64(cut)) &- 1) == 0 else { continue }
      let last = letters[cut - 1]
      var name: Int?
      lexicon.suffixes.table.forEach(hash(cut, end), end - cut) { suffix in
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

  // MARK: - Verbs

  private mutating func verbReading(
    _ start: Int, _ end: Int, _ marks: UInt64, _ insideRun: Bool
  ) -> Candidate? {
    var best: Candidate?
    for preverb in -1..<lexicon.verbs.preverbs.count {
      var from = start
      if preverb >= 0 {
        let word = lexicon.verbs.preverbs[preverb]
        guard end - start > word.count + 1, letters[start..<start + word.count].elementsEqual(word)
        else { continue }
        from += word.count
      }
      for prefix in 0..<prefixes.count {
        let word = prefixes[prefix]
        guard end - from > word.count, letters[from..<from + word.count].elementsEqual(word)
        else { continue }
        readStem(
          from: from + word.count, end, prefix, preverb < 0 ? 0 : from - start, marks, insideRun,
          &best)
      }
    }
    return best
  }

  private func readStem(
    from: Int, _ end: Int, _ prefix: Int, _ preverbLength: Int, _ marks: UInt64,
    _ insideRun: Bool, _ best: inout Candidate?
  ) {
    let verbs = lexicon.verbs
    let isImperfective = prefix >= 1 && prefix <= 3
    var hash = LetterHash.seed
    for stemEnd in from + 1..<min(end, from + 9) + 1 {
      hash = LetterHash.extend(hash, letters[stemEnd - 1])
      // A boundary may stand after the preverb, after the prefix, and after the stem.
      var allowed = UInt64.max << UInt64(stemEnd)
      allowed |= 1 << UInt64(from)
      allowed |= 1 << UInt64(from - prefixes[prefix].count)
      guard marks & ~allowed == 0 else { continue }
      verbs.stems.forEach(LetterHash.finish(hash), stemEnd - from) { stem in
        if stem.needsPrefix, prefix == 0 { return }
        if stem.kind == .past, prefix == 5 { return }
        verbs.endings.forEach(self.hash(stemEnd, end), end - stemEnd) { ending in
          guard ending.kind == stem.kind else { return }
          if stem.kind == .present {
            if prefix == 0, ending.needsPrefix || ending.isEmpty { return }
            if isImperfective, ending.isEmpty { return }
            if stem.isShort, ending.isEmpty { return }
          } else {
            if ending.needsPrefix, !isImperfective { return }
          }
          var cost = verbCosts[Int(stem.lemma)] + Int(ending.cost)
          cost += prefix == 0 ? 0 : isImperfective ? 8 : 18
          if stem.isShort, !isImperfective { cost += 16 }
          if stem.kind == .present, prefix == 0 { cost += 8 }
          if preverbLength > 0 {
            let preverb = letters[
              from - prefixes[prefix].count - preverbLength..<from - prefixes[prefix].count]
            guard isImperfective || verbs.prefixed.contains(preverb + verbs.lemmas[Int(stem.lemma)])
            else { return }
            cost += 12
          }
          if insideRun, prefix == 0, stem.kind == .present { cost += 16 }
          if isImperfective { cost -= 24 }
          if cost < best?.cost ?? .max {
            best = Candidate(
              cost: cost,
              reason: .verb(
                lemma: Int(stem.lemma), prefix: prefix, stemStart: from, stemEnd: stemEnd),
              preverbLength: preverbLength)
          }
        }
      }
    }
  }

  // MARK: - Output

  private mutating func append(_ candidate: Candidate, _ start: Int, _ end: Int) {
    switch candidate.reason {
    case .word(let index), .inflected(let index, _, _):
      let entry = lexicon.entries[index]
      if entry.flags.contains(.phrase) {
        appendPhrase(index, start, end)
      } else if entry.flags.contains(.compound) {
        var from = start
        for cut in 1..<Int(entry.length) where entry.boundaries >> UInt32(cut) & 1 == 1 {
          analyze(from, start + cut)
          from = start + cut
        }
        analyze(from, end)
      } else {
        let lemma = Int(entry.lemma)
        let isStop = lexicon.entries[lemma].flags.contains(.function)
        append(lexicon.word(lemma), start, end, isStop ? .stopWord : [], candidate.reason)
      }
    case .infinitive(_, let from):
      append(letters[start..<from], start, end, [], candidate.reason)
    case .stripped(_, let from):
      append(letters[start..<from], start, end, [], candidate.reason)
    case .verb(let lemma, _, _, _):
      let preverb = letters[start..<start + candidate.preverbLength]
      let term = preverb + lexicon.verbs.lemmas[lemma]
      append(term[...], start, end, [], candidate.reason)
    case .unknown, .phrase:
      appendLiteral(start, end)
    }
  }

  private mutating func appendLiteral(_ start: Int, _ end: Int) {
    append(letters[start..<end], start, end, [], .unknown)
  }

  private mutating func appendPhrase(_ index: Int, _ start: Int, _ end: Int) {
    var offset = Int(lexicon.entries[index].lemma)
    while true {
      var stop = offset
      while lexicon.phrases[stop] != 0, lexicon.phrases[stop] != 255 { stop += 1 }
      let word = Array(lexicon.phrases[offset..<stop])
      var term = word[...]
      var flags: TokenFlags = []
      if let known = lexicon.find(word), !lexicon.entries[known].flags.contains(.phrase) {
        let lemma = Int(lexicon.entries[known].lemma)
        term = lexicon.word(lemma)
        if lexicon.entries[lemma].flags.contains(.function) { flags = .stopWord }
      }
      append(term, start, end, flags, .phrase(entry: index), form: word[...])
      if lexicon.phrases[stop] == 255 { return }
      offset = stop + 1
    }
  }

  private mutating func append(
    _ term: ArraySlice<UInt8>, _ start: Int, _ end: Int, _ flags: TokenFlags, _ reason: Reason,
    form: ArraySlice<UInt8>? = nil
  ) {
    var flags = flags
    if !parts.isEmpty { flags.insert(.continuesWord) }
    if !lexicon.stopWords.isEmpty, lexicon.stopWords.contains(Array(term)) {
      flags.insert(.stopWord)
    }
    let termStart = terms.count
    terms.append(contentsOf: term)
    let formStart = terms.count
    let form = form ?? letters[start..<end]
    terms.append(contentsOf: form)
    parts.append(
      Part(
        start: start, end: end, termStart: termStart, termLength: term.count,
        formStart: formStart, formLength: form.count, flags: flags, reason: reason))
  }
}
