// SPDX-License-Identifier: Apache-2.0

extension SegmentSearcher {
  /// Explains the score of one document.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - segment: The segment's index.
  ///   - document: The document's id in the segment.
  ///   - fieldName: Names an indexed field.
  /// - Returns: The explanation, whose score is the document's up to rounding; `nil` where the
  ///   document does not match.
  /// - Throws: `.corrupt` when a damaged list is met.
  /// - Complexity: Like a search of the window of 4,096 documents around the document.
  package func explain(
    _ query: CompiledQuery, segment: Int, document: UInt32, fieldName: (Int) -> String
  ) throws(IndexError) -> Explanation? {
    switch query {
    case .none:
      return nil
    case .all:
      return Explanation(score: 1, reason: "every document")
    case .term(let term):
      return try explain(term, segment, document, fieldName)
    case .phrase(let phrase):
      return try explain(phrase, segment, document, fieldName)
    case .boolean(let boolean):
      return try explain(boolean, segment, document, fieldName)
    case .anyTerm(let keys, let weight):
      for key in keys {
        if try frequency(of: key, segment, document) != nil {
          return Explanation(
            score: weight, reason: "one of \(keys.count) terms, «\(Self.text(key))»")
        }
      }
      return nil
    case .range(let column, let values, let weight):
      guard let value = segments[segment].columnValue(column, document), values.contains(value)
      else { return nil }
      return Explanation(
        score: weight, reason: "\(value) is in \(values.lowerBound)…\(values.upperBound)")
    case .constant(let inner, let weight):
      guard
        let part = try explain(
          inner, segment: segment, document: document, fieldName: fieldName)
      else { return nil }
      return Explanation(
        score: weight, reason: "whatever it scores, the weight",
        parts: [Explanation(score: 0, reason: "matched: \(part.reason)")])
    }
  }

  private static func text(_ key: [UInt8]) -> String {
    String(decoding: key.dropFirst(), as: UTF8.self)
  }

  /// How often a term is in a document; `nil` where it is not.
  private func frequency(of key: [UInt8], _ segment: Int, _ document: UInt32) throws(IndexError)
    -> UInt32?
  {
    let view = segments[segment]
    guard let field = key.first.map({ Int($0) }), field < view.fields.count,
      let lengths = view.fields[field].lengths.baseAddress
    else { return nil }
    let found = try key.withUnsafeBufferPointer { key throws(IndexError) in
      try view.dictionary.find(key)
    }
    guard let info = found else { return nil }
    let list = try PostingList(
      info, section: view.postings.bytes, limit: view.documentCount,
      hasPositions: view.fields[field].hasPositions)
    var cursor = PostingsCursor(
      list: list, lengths: lengths, positionTable: statistics.positionTable)
    defer { cursor.deallocate() }
    let block = list.block(containing: document, from: 0)
    if block >= list.blockCount { return nil }
    cursor.loadDocuments(block)
    cursor.loadFrequencies()
    if cursor.isCorrupt { throw TermsEvaluator.corrupt }
    let place = cursor.index(of: document)
    guard place < cursor.count, cursor.documents[place] == document else { return nil }
    return cursor.frequencies[place]
  }

  private func explain(
    _ term: CompiledTerm, _ segment: Int, _ document: UInt32, _ fieldName: (Int) -> String
  ) throws(IndexError) -> Explanation? {
    let plan = try QueryPlan(.term(term), self)
    guard case .group(let index) = plan.root else { return nil }
    var gathered: Float = 0
    var parts: [Explanation] = []
    for field in term.fields {
      guard let frequency = try frequency(of: field.key, segment, document),
        let number = field.key.first.map({ Int($0) })
      else { continue }
      let code = Int(segments[segment].fields[number].lengths[Int(document)])
      let denominator = statistics.denominators[number * 256 + code] / field.weight
      let part = Float(frequency) / max(denominator, 1e-30)
      gathered += part
      let length = FieldLengthCode.rankingLengths[code]
      parts.append(
        Explanation(
          score: part,
          reason: "\(frequency) × in «\(fieldName(number))», counting \(field.weight), among "
            + "\(length) tokens of \(statistics.averageLengths[number]) on average"))
    }
    if parts.isEmpty { return nil }
    let weight = plan.groups[index].weight
    let text = term.fields.first.map { Self.text($0.key) } ?? ""
    return Explanation(
      score: weight * gathered / (1 + gathered),
      reason: "«\(text)»: weight times inverse document frequency \(weight) × f / (1 + f), "
        + "f being \(gathered), the sum of", parts: parts)
  }

  private func explain(
    _ phrase: CompiledPhrase, _ segment: Int, _ document: UInt32, _ fieldName: (Int) -> String
  ) throws(IndexError) -> Explanation? {
    let plan = try QueryPlan(.phrase(phrase), self)
    guard case .phrase(let index) = plan.root else {
      guard let key = phrase.keys.first, phrase.keys.count == 1 else { return nil }
      return try explain(
        CompiledTerm(fields: [.init(key: key)], weight: phrase.weight), segment, document,
        fieldName)
    }
    guard
      let matcher = try PhraseMatcher(
        plan.phrases[index], scale: 1, self, segment: segment)
    else { return nil }
    defer { matcher.deallocate() }
    let start = document & ~UInt32(Window.size - 1)
    var found: (frequency: Float, code: UInt8)?
    let stripes = matcher.stripes(start: start, needed: 0)
    matcher.forEachMatch(
      start: start, stripes: stripes & (1 << UInt64((document - start) >> 6))
    ) { candidate, frequency, code in
      guard candidate == document else { return }
      found = (frequency, code)
    }
    if matcher.isCorrupt { throw TermsEvaluator.corrupt }
    guard let found else { return nil }
    let field = plan.phrases[index].lists[0].field
    let weight = plan.phrases[index].weight
    let denominator = statistics.denominators[field * 256 + Int(found.code)]
    let words = phrase.keys.map { Self.text($0) }.joined(separator: " ")
    return Explanation(
      score: weight * found.frequency / (found.frequency + denominator),
      reason: "«\(words)»: weight times the sum of the terms' inverse document frequencies "
        + "\(weight) × f / (f + \(denominator))",
      parts: [
        Explanation(
          score: found.frequency,
          reason: "f, the occurrences in «\(fieldName(field))», among "
            + "\(FieldLengthCode.rankingLengths[Int(found.code)]) tokens of "
            + "\(statistics.averageLengths[field]) on average")
      ])
  }

  private func explain(
    _ boolean: CompiledBoolean, _ segment: Int, _ document: UInt32, _ fieldName: (Int) -> String
  ) throws(IndexError) -> Explanation? {
    func part(_ clause: CompiledQuery) throws(IndexError) -> Explanation? {
      try explain(clause, segment: segment, document: document, fieldName: fieldName)
    }
    var parts: [Explanation] = []
    for clause in boolean.must {
      guard let part = try part(clause) else { return nil }
      parts.append(part)
    }
    for clause in boolean.filter where try part(clause) == nil { return nil }
    for clause in boolean.mustNot where try part(clause) != nil { return nil }
    var matching = 0
    for clause in boolean.should {
      if let part = try part(clause) {
        parts.append(part)
        matching += 1
      }
    }
    let isOptional = !boolean.must.isEmpty || !boolean.filter.isEmpty
    if matching < max(boolean.minimumShould, isOptional ? 0 : 1) { return nil }
    return Explanation(
      score: parts.reduce(0) { $0 + $1.score },
      reason: parts.isEmpty ? "a filter matches, which scores nothing" : "sum of", parts: parts)
  }
}
