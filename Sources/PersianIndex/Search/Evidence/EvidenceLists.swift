// SPDX-License-Identifier: Apache-2.0

/// Where the lists of the terms and written forms of some evidence are, in every segment, and what
/// finding each tells.
struct EvidenceLists {
  /// The lists from which the occurrences of a term or written form in one field follow, as places
  /// of ``info(_:in:)``; see ``WrittenFormKeys``.
  struct Field {
    /// The list of the term, or of the tokens with the written form and another term.
    var listed: Int
    /// Of a written form: the list of the term that equals it, and of its tokens that are written
    /// otherwise.
    var own: (term: Int, otherwise: Int)?
    /// The indexed field of ``listed``; that of the term, one less, has the same lengths.
    var number: Int
    /// How much an occurrence counts.
    var weight: Float
  }

  /// A term or written form.
  struct Term {
    /// Its fields, as places in ``EvidenceLists/fields``.
    var fields: Range<Int>
    /// Whether it is a written form that equals the word it is of.
    var equalsWord = false
    /// What finding it tells.
    var idf: Float = 0
  }

  /// ``CompiledEvidence/placedTerms``.
  private(set) var placedTerms: [Term] = []
  /// ``CompiledEvidence/terms``.
  private(set) var terms: [Term] = []
  /// The fields of all of them.
  private(set) var fields: [Field] = []

  /// What the dictionaries say of each key, segment by segment.
  private var infos: [TermInfo?] = []
  private let segmentCount: Int
  /// In how many documents each key is.
  private var documentFrequencies: [Int] = []
  /// The first of the known lookups that has not been come by.
  private var nextLookup = 0

  /// Looks terms up.
  ///
  /// - Parameters:
  ///   - evidence: The terms.
  ///   - searcher: What is searched.
  ///   - lookups: What the dictionaries of its segments say of some keys; found if they are in the
  ///     order of the placed terms, or all but.
  /// - Throws: `.corrupt` where a dictionary is damaged; `.invalidArgument` where the statistics of
  ///   the collection lack a term.
  init(
    _ evidence: CompiledEvidence, _ searcher: SegmentSearcher,
    _ lookups: [(key: [UInt8], infos: SmallArray<TermInfo?>)]
  ) throws(IndexError) {
    segmentCount = searcher.segments.count
    let capacity = 2 * evidence.terms.count + evidence.placedTerms.count
    infos.reserveCapacity(capacity * segmentCount)
    documentFrequencies.reserveCapacity(capacity)
    placedTerms.reserveCapacity(evidence.placedTerms.count)
    terms.reserveCapacity(evidence.terms.count)
    fields.reserveCapacity(evidence.placedTerms.count + evidence.terms.count)
    for term in evidence.placedTerms {
      placedTerms.append(try lookUp(term, lookups, searcher))
    }
    for term in evidence.terms { terms.append(try lookUp(term, evidence, searcher)) }
  }

  /// The list at a place in a segment.
  @inline(__always)
  func info(_ place: Int, in segment: Int) -> TermInfo? {
    infos[place * segmentCount + segment]
  }

  private mutating func lookUp(
    _ term: CompiledEvidence.PlacedTerm, _ lookups: [(key: [UInt8], infos: SmallArray<TermInfo?>)],
    _ searcher: SegmentSearcher
  ) throws(IndexError) -> Term {
    var result = Term(fields: fields.count..<fields.count + term.fields.count)
    var greatest = 0
    for field in term.fields {
      let known = nextLookup..<min(nextLookup + 4, lookups.count)
      let place: Int
      if let next = known.first(where: { lookups[$0].key == field.key }) {
        infos.append(contentsOf: lookups[next].infos)
        place = try end(field.key, searcher)
        nextLookup = next + 1
      } else {
        place = try lookUp(field.key, searcher)
      }
      greatest = max(greatest, documentFrequencies[place])
      fields.append(
        Field(listed: place, own: nil, number: Int(field.key[0]), weight: field.weight))
    }
    result.idf = greatest == 0 ? 0 : searcher.inverseDocumentFrequency(greatest)
    return result
  }

  private mutating func lookUp(
    _ term: CompiledEvidence.Term, _ evidence: CompiledEvidence,
    _ searcher: SegmentSearcher
  ) throws(IndexError) -> Term {
    var result = Term(fields: fields.count..<fields.count + term.fields.count)
    let word = term.placedTerm.map { (evidence.placedTerms[$0].fields, placedTerms[$0].fields) }
    result.equalsWord =
      word.map { word in
        word.0.count == term.fields.count
          && zip(term.fields, word.0).allSatisfy {
            WrittenFormKeys($0.key)?.isTerm($1.key) ?? false
          }
      } ?? false
    var greatest = 0
    for (index, field) in term.fields.enumerated() {
      var lists = Field(
        listed: try lookUp(field.key, searcher), own: nil, number: Int(field.key[0]),
        weight: field.weight)
      var frequency = documentFrequencies[lists.listed]
      if let forms = WrittenFormKeys(field.key) {
        let own: Int
        if result.equalsWord, let word {
          own = fields[word.1.lowerBound + index].listed
        } else {
          own = try lookUp(forms.term, searcher)
        }
        let otherwise = try lookUp(forms.otherwise, searcher)
        lists.own = (own, otherwise)
        frequency = WrittenFormKeys.documentFrequency(
          listed: frequency, term: documentFrequencies[own],
          otherwise: documentFrequencies[otherwise])
      }
      greatest = max(greatest, frequency)
      fields.append(lists)
    }
    result.idf = greatest == 0 ? 0 : searcher.inverseDocumentFrequency(greatest)
    return result
  }

  private mutating func lookUp(
    _ key: [UInt8], _ searcher: SegmentSearcher
  ) throws(IndexError) -> Int {
    for segment in searcher.segments {
      infos.append(try EvidenceScorer.find(key, in: segment))
    }
    return try end(key, searcher)
  }

  /// Counts the documents of the key whose lists were found last.
  ///
  /// - Returns: The place of the key.
  private mutating func end(
    _ key: [UInt8], _ searcher: SegmentSearcher
  ) throws(IndexError) -> Int {
    var sum = 0
    for info in infos.suffix(segmentCount) { sum += Int(info?.documentFrequency ?? 0) }
    documentFrequencies.append(try searcher.collection?.documentFrequency(of: key) ?? sum)
    return documentFrequencies.count - 1
  }
}
