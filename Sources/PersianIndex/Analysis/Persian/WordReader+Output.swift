// SPDX-License-Identifier: Apache-2.0

/// The terms and written forms of what was read.
extension WordReader {
  mutating func append(_ candidate: Candidate, _ start: Int, _ end: Int) {
    switch candidate.reason {
    case .word(let index), .inflected(let index, _, _):
      let entry = entries[index]
      if entry.flags.contains(.phrase) {
        appendPhrase(index, start, end)
      } else if entry.flags.contains(.compound) {
        if start == 0, end == count, entry.flags.contains(.rejoins) { isJoinedCompound = true }
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

  func stretch(_ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: letters + start, count: end - start)
  }

  mutating func appendLiteral(_ start: Int, _ end: Int) {
    append(stretch(start, end), start, end, [], .unknown)
  }

  mutating func appendPhrase(_ index: Int, _ start: Int, _ end: Int) {
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

  mutating func append(
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
