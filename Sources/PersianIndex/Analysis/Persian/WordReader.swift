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
    /// A participle with a copula, which is hardly a noun.
    var isPerfect = false
    /// Like it, but so that a noun is likely too (نوشته‌ای, خسته‌ام).
    var isWeakPerfect = false
  }

  static let longest = 40
  private static let side = 42
  let lexicon: Lexicon
  private(set) var parts: [Part] = []
  private(set) var terms: [UInt8] = []
  private let letters = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
  private var count = 0
  private var boundaries: UInt64 = 0
  /// Lexicon entries of all stretches of the word; -1 where there is none.
  private let found = UnsafeMutablePointer<Int32>.allocate(capacity: side * side)
  /// The rows of ``found`` that are filled, a bit each.
  private var filled: UInt64 = 0
  /// For each place in the word, where the endings of nouns and of verbs, and the stems of verbs,
  /// that begin there may end, a bit each.
  private let marksOfSuffixes = UnsafeMutablePointer<UInt64>.allocate(capacity: side)
  private let marksOfEndings = UnsafeMutablePointer<UInt64>.allocate(capacity: side)
  private let marksOfStems = UnsafeMutablePointer<UInt64>.allocate(capacity: side)
  /// The cost of the best way to each place of a stretch that is being split, and its last cut.
  private let pathCosts = UnsafeMutablePointer<Int>.allocate(capacity: side)
  private let pathCuts = UnsafeMutablePointer<Int>.allocate(capacity: side)
  private var isPrepared = false
  private let prefixes: [[UInt8]]
  private let prefixSet: LetterSet
  private let preverbs: [[UInt8]]
  private let verbCosts: [Int]
  private let entries: UnsafeMutablePointer<Lexicon.Entry>
  private let suffixes: LetterTable<SuffixTable.Suffix>
  private let stems: LetterTable<VerbStems.Stem>
  private let endings: LetterTable<VerbStems.Ending>
  private let impersonal: LetterSet
  /// است, which joins a participle alone.
  private let copula: [UInt8]
  private let definite: [UInt8]

  init(lexicon: Lexicon) {
    self.lexicon = lexicon
    prefixes = [[]] + VerbTables.prefixes.map(PersianLetters.codes)
    prefixSet = LetterSet(VerbTables.prefixes)
    entries = lexicon.entries
    suffixes = lexicon.suffixes.table
    stems = lexicon.verbs.stems
    endings = lexicon.verbs.endings
    preverbs = lexicon.verbs.preverbs
    verbCosts = lexicon.verbs.costs.map(Int.init)
    copula = PersianLetters.codes("است")
    definite = PersianLetters.codes("ال")
    impersonal = LetterSet(VerbTables.impersonal)
  }

  /// The letters of the word that was read last, without boundaries.
  var word: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: letters, count: count) }

  /// Frees the reader's memory; it must not be used any more.
  func deallocate() {
    letters.deallocate()
    found.deallocate()
    marksOfSuffixes.deallocate()
    marksOfEndings.deallocate()
    marksOfStems.deallocate()
    pathCosts.deallocate()
    pathCuts.deallocate()
  }

  /// Reads a word.
  ///
  /// - Parameter key: Letter codes, with 0 at soft boundaries.
  /// - Returns: Whether no term begins at the last boundary, which is to say that the word before
  ///   it and the word after it are one; always `true` where there is no boundary.
  mutating func read(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
    parts.removeAll(keepingCapacity: true)
    terms.removeAll(keepingCapacity: true)
    count = 0
    filled = 0
    isPrepared = false
    boundaries = 0
    var isForeign = false
    var last = 0
    for code in key {
      if code == 0 {
        last = count
        if last < 64 { boundaries |= 1 << UInt64(last) }
      } else {
        isForeign = isForeign || code > PersianLetters.Class.lastPersian
        letters[count] = code
        count += 1
      }
    }
    if isForeign || count > Self.longest {
      if last > 0 { return false }
      appendLiteral(0, count)
      return true
    }
    analyze(0, count)
    if last == 0 { return true }
    let chunk = stretch(last, count)
    for part in parts where part.start <= last && last < part.end {
      return part.start < last && explains(part, boundary: last, chunk)
    }
    return true
  }

  /// Whether a reading has a reason to reach across a boundary before a last stretch of letters.
  private func explains(_ part: Part, boundary: Int, _ chunk: UnsafeBufferPointer<UInt8>) -> Bool {
    switch part.reason {
    case .unknown:
      return false
    case .word(let index), .phrase(let index):
      return entries[index].boundaries >> UInt32(boundary - part.start) & 1 == 1
    case .inflected(let index, _, let from):
      if boundary < from {
        return entries[index].boundaries >> UInt32(boundary - part.start) & 1 == 1
      }
      return !chunk.elementsEqual(copula) && lexicon.suffixes.tokens.contains(chunk)
    case .stripped, .infinitive:
      return !chunk.elementsEqual(copula) && lexicon.suffixes.tokens.contains(chunk)
    case .verb(_, _, let stemStart, _):
      return boundary <= stemStart || lexicon.suffixes.tokens.contains(chunk)
    }
  }

  // MARK: - Segments

  /// Appends the parts of the letters from `start` to `end`.
  private mutating func analyze(_ start: Int, _ end: Int) {
    if let candidate = whole(start, end) {
      if isDoubtful(candidate), let better = alternative(to: candidate, start, end) {
        appendCuts(better, start, end)
      } else {
        append(candidate, start, end)
      }
      return
    }
    if letters[start] == PersianLetters.alef, end - start >= 4 {
      // آ is often typed ا; a known word with آ wins over an unknown one with ا.
      respell(start, PersianLetters.alefMadda)
      if let candidate = whole(start, end) {
        append(candidate, start, end)
        return
      }
      respell(start, PersianLetters.alef)
    }
    if let cuts = letterNames(start, end) {
      for (from, to) in zip([start] + cuts, cuts + [end]) { analyze(from, to) }
      return
    }
    let stripped = strip(start, end)
    let limit = min(unknownCost(end - start), stripped.map(\.cost) ?? .max)
    if end - start >= 4, let cuts = split(start, end, below: limit) {
      appendCuts(cuts, start, end)
    } else if let cuts = patronymic(start, end) {
      for (from, to) in zip([start] + cuts, cuts + [end]) { analyze(from, to) }
    } else if let stripped {
      append(stripped, start, end)
    } else {
      appendLiteral(start, end)
    }
  }

  /// Where to cut an abbreviation of three or more names of Latin letters (بی‌بی‌سی).
  private func letterNames(_ start: Int, _ end: Int) -> [Int]? {
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
  private mutating func patronymic(_ start: Int, _ end: Int) -> [Int]? {
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

  private mutating func appendCuts(_ cuts: [Int], _ start: Int, _ end: Int) {
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
  private func isDoubtful(_ candidate: Candidate) -> Bool {
    if case .inflected(let entry, _, _) = candidate.reason { return entries[entry].cost > 4 * 20 }
    return false
  }

  /// A clearly likelier reading than a doubtful one: the word with آ for ا, or several words.
  ///
  /// - Returns: Where to cut the stretch; empty where it is one word.
  private mutating func alternative(
    to candidate: Candidate, _ start: Int, _ end: Int
  ) -> [Int]? {
    if letters[start] == PersianLetters.alef, end - start >= 3 {
      respell(start, PersianLetters.alefMadda)
      if let better = whole(start, end), better.cost + 12 < candidate.cost { return [] }
      respell(start, PersianLetters.alef)
    }
    guard end - start >= 4 else { return nil }
    return split(start, end, below: candidate.cost - 20)
  }

  private mutating func respell(_ place: Int, _ code: UInt8) {
    letters[place] = code
    filled = 0
    isPrepared = false
  }

  private func unknownCost(_ length: Int) -> Int { 4 * 10 + length * 14 }

  /// The cheapest way to cut a stretch into known words; `nil` where none costs less than a limit.
  private mutating func split(_ start: Int, _ end: Int, below limit: Int) -> [Int]? {
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

  private mutating func segmentCost(_ start: Int, _ end: Int, isLast: Bool) -> Int? {
    if end - start == 1 {
      guard letters[start] == PersianLetters.vav, !isLast else { return nil }
      return start == 0 ? 4 * 9 : 4 * 6
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

  private mutating func isNumber(_ start: Int, _ end: Int) -> Bool {
    entry(start, end).map { entries[$0].flags.contains(.tail) } ?? false
  }

  private func isTail(_ reason: Reason) -> Bool {
    switch reason {
    case .word(let index), .inflected(let index, _, _): entries[index].flags.contains(.tail)
    default: false
    }
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
    if verb.isPerfect { return verb }
    if case .inflected(let entry, _, _) = noun.reason, verb.isWeakPerfect,
      entries[entry].flags.contains(.verbFirst)
    {
      return verb
    }
    return noun.cost < verb.cost ? noun : verb
  }

  @inline(__always)
  private mutating func entry(_ start: Int, _ end: Int) -> Int? {
    if filled >> UInt64(start) & 1 == 0 { fill(start) }
    let index = found[start * Self.side + end]
    return index < 0 ? nil : Int(index)
  }

  /// Looks up every stretch from a place on in one walk, since hashes grow letter by letter.
  private mutating func fill(_ start: Int) {
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
  private mutating func prepare() {
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
        if suffix.name == SuffixTable.copula, stem.entry >= 0,
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

  /// Whether a function word takes an ending: ها and تر always, others if it is no short one.
  private func takesSuffix(_ entry: Lexicon.Entry, _ conditions: SuffixTable.Conditions) -> Bool {
    conditions.contains(.anyStem) || conditions.contains(.adjective) || entry.length >= 4
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
  private func infinitive(_ start: Int, _ end: Int) -> Int? {
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

  // MARK: - Verbs

  private mutating func verbReading(
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

  private func readStem(
    from: Int, _ end: Int, _ prefix: Int, _ preverbLength: Int, _ marks: UInt64,
    _ insideRun: Bool, _ best: inout Candidate?
  ) {
    let isImperfective = prefix >= 1 && prefix <= 3
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
        if stem.kind == .past, prefix >= 5 { continue }
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
          if stem.isSpoken { cost += 8 }
          if preverbLength > 0 {
            guard isImperfective || isPrefixed(afterPreverb, preverbLength, Int(stem.lemma)) else {
              continue
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
  private func combines(
    _ stem: VerbStems.Stem, _ ending: VerbStems.Ending, _ prefix: Int, _ isImperfective: Bool
  ) -> Bool {
    guard stem.kind == .present else { return !ending.needsPrefix || isImperfective }
    if prefix == 0, ending.needsPrefix || ending.isEmpty { return false }
    if isImperfective, ending.isEmpty,
      !impersonal.contains(lexicon.verbs.lemmas[Int(stem.lemma)])
    {
      return false
    }
    if stem.isShort, ending.isEmpty { return false }
    if stem.isSpoken, ending.isFormal { return false }
    return prefix != 6 || ending.isEmpty || ending.cost == 24
  }

  private func isPrefixed(_ end: Int, _ length: Int, _ lemma: Int) -> Bool {
    let preverb = UnsafeBufferPointer(start: letters + end - length, count: length)
    return lexicon.verbs.prefixed.contains(Array(preverb) + lexicon.verbs.lemmas[lemma])
  }

  private func begins(_ start: Int, _ word: [UInt8]) -> Bool {
    for offset in 0..<word.count where letters[start + offset] != word[offset] { return false }
    return true
  }

  // MARK: - Output

  private mutating func append(_ candidate: Candidate, _ start: Int, _ end: Int) {
    switch candidate.reason {
    case .word(let index), .inflected(let index, _, _):
      let entry = entries[index]
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
        let isStop = !entries[lemma].flags.isDisjoint(with: [.function, .stop])
        append(lexicon.word(lemma), start, end, isStop ? .stopWord : [], candidate.reason)
      }
    case .infinitive(_, let from):
      append(stretch(start, from), start, end, [], candidate.reason)
    case .stripped(_, let from):
      append(stretch(start, from), start, end, [], candidate.reason)
    case .verb(let lemma, _, _, _):
      let term =
        Array(stretch(start, start + candidate.preverbLength)) + lexicon.verbs.lemmas[lemma]
      term.withUnsafeBufferPointer { term in
        let isStop = lexicon.stopVerbs.contains(term)
        append(term, start, end, isStop ? .stopWord : [], candidate.reason)
      }
    case .unknown, .phrase:
      appendLiteral(start, end)
    }
  }

  private func stretch(_ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: letters + start, count: end - start)
  }

  private mutating func appendLiteral(_ start: Int, _ end: Int) {
    append(stretch(start, end), start, end, [], .unknown)
  }

  private mutating func appendPhrase(_ index: Int, _ start: Int, _ end: Int) {
    let phrases = lexicon.phrases
    phrases.withUnsafeBufferPointer { phrases in
      var offset = Int(entries[index].lemma)
      while true {
        var stop = offset
        while phrases[stop] != 0, phrases[stop] != 255 { stop += 1 }
        let word = UnsafeBufferPointer(rebasing: phrases[offset..<stop])
        var term = word
        var flags: TokenFlags = []
        if let known = lexicon.find(word), !entries[known].flags.contains(.phrase) {
          let lemma = Int(entries[known].lemma)
          term = lexicon.word(lemma)
          if !entries[lemma].flags.isDisjoint(with: [.function, .stop]) { flags = .stopWord }
        }
        append(term, start, end, flags, .phrase(entry: index), form: word)
        if phrases[stop] == 255 { return }
        offset = stop + 1
      }
    }
  }

  private mutating func append(
    _ term: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ flags: TokenFlags,
    _ reason: Reason, form: UnsafeBufferPointer<UInt8>? = nil
  ) {
    var flags = flags
    if !parts.isEmpty { flags.insert(.continuesWord) }
    if let stopWords = lexicon.stopWords, stopWords.contains(term) {
      flags.insert(.stopWord)
    }
    let termStart = terms.count
    terms.append(contentsOf: term)
    let formStart = terms.count
    let form = form ?? stretch(start, end)
    terms.append(contentsOf: form)
    parts.append(
      Part(
        start: start, end: end, termStart: termStart, termLength: term.count,
        formStart: formStart, formLength: form.count, flags: flags, reason: reason))
  }
}
