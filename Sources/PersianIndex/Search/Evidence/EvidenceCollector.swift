// SPDX-License-Identifier: Apache-2.0

/// Gathers the evidence of a query from its texts while it is compiled.
struct EvidenceCollector {
  private(set) var evidence = CompiledEvidence()
  private let ranking: Ranking
  private var forms = PlaceTable<[CompiledTerm.FieldKey]>()
  private var places = PlaceTable<[CompiledTerm.FieldKey]>()
  private var pairs = PlaceTable<Pair>()

  init(ranking: Ranking) {
    self.ranking = ranking
  }

  /// Two of the placed terms.
  private struct Pair: Hashable {
    var first: Int
    var second: Int
  }

  /// One term of a text in the text's order.
  private struct Word {
    var place: Int
    var position: UInt32
    var isStopWord: Bool
  }

  /// Adds a text whose words are searched one by one.
  ///
  /// - Parameters:
  ///   - units: Its words.
  ///   - weight: The weight of the text in the query.
  ///   - weights: The weight of each word.
  ///   - fields: The fields searched, as places in the schema, with their weights.
  mutating func add(
    _ units: [QueryUnit], weight: Float, weights: [Float], fields: [(place: Int, weight: Float)]
  ) {
    guard weight > 0 else { return }
    func keys(_ bytes: [UInt8], _ number: (Int) -> UInt8) -> [CompiledTerm.FieldKey] {
      fields.map { Self.key(bytes, of: number($0.place), weight: $0.weight) }
    }
    let looksAtPlaces =
      ranking.openingWeight > 0 || ranking.adjacencyWeight > 0 || ranking.nearnessWeight > 0
    var words: [Word] = []
    words.reserveCapacity(units.count)
    for (unit, unitWeight) in zip(units, weights) {
      var terms: [Int] = []
      for (term, position) in zip(unit.terms, unit.positions) {
        let keys = keys(term, IndexedFields.terms)
        let place = looksAtPlaces ? place(of: keys) : nil
        if unit.terms.count > 1 {
          add(keys, weight: unitWeight * ranking.partWeight, placedTerm: place)
        }
        guard let place else { continue }
        terms.append(place)
        evidence.placedTerms[place].openingWeight += unitWeight * ranking.openingWeight
        words.append(Word(place: place, position: position, isStopWord: unit.isStopWord))
      }
      for (number, form) in unit.writtenForms.enumerated() {
        add(
          keys(form, IndexedFields.writtenForms), weight: unitWeight * ranking.writtenFormWeight,
          placedTerm: terms.count == unit.writtenForms.count ? terms[number] : nil)
      }
    }
    for (first, second) in zip(words, words.dropFirst()) where second.position > first.position {
      pair(
        first.place, second.place, offset: second.position - first.position,
        adjacency: weight * ranking.adjacencyWeight, nearness: 0)
    }
    let content = words.contains { !$0.isStopWord } ? words.filter { !$0.isStopWord } : words
    for (first, second) in zip(content, content.dropFirst()) {
      pair(
        first.place, second.place, offset: second.position &- first.position, adjacency: 0,
        nearness: weight * ranking.nearnessWeight)
    }
  }

  /// Adds a word that one of the query may be a slip of.
  mutating func add(
    nearTerm term: [UInt8], weight: Float, fields: [(place: Int, weight: Float)]
  ) {
    add(
      fields.map {
        Self.key(term, of: IndexedFields.terms(of: $0.place), weight: $0.weight)
      }, weight: weight * ranking.slipWeight)
  }

  /// Adds a word's other spelling.
  mutating func add(
    term: [UInt8], writtenForm: [UInt8], weight: Float, fields: [(place: Int, weight: Float)]
  ) {
    guard weight > 0 else { return }
    add(
      fields.map {
        Self.key(writtenForm, of: IndexedFields.writtenForms(of: $0.place), weight: $0.weight)
      }, weight: weight * ranking.writtenFormWeight)
    guard ranking.openingWeight > 0 else { return }
    let place = place(
      of: fields.map {
        Self.key(term, of: IndexedFields.terms(of: $0.place), weight: $0.weight)
      })
    evidence.placedTerms[place].openingWeight += weight * ranking.openingWeight
  }

  private static func key(
    _ bytes: [UInt8], of number: UInt8, weight: Float
  ) -> CompiledTerm.FieldKey {
    var key: [UInt8] = []
    key.reserveCapacity(bytes.count + 1)
    key.append(number)
    key.append(contentsOf: bytes)
    return .init(key: key, weight: weight)
  }

  private mutating func add(
    _ fields: [CompiledTerm.FieldKey], weight: Float, placedTerm: Int? = nil
  ) {
    guard weight > 0 else { return }
    let place = forms.place(of: fields)
    guard place == evidence.terms.count else {
      evidence.terms[place].weight += weight
      if evidence.terms[place].placedTerm != placedTerm { evidence.terms[place].placedTerm = nil }
      return
    }
    evidence.terms.append(.init(fields: fields, weight: weight, placedTerm: placedTerm))
  }

  private mutating func place(of fields: [CompiledTerm.FieldKey]) -> Int {
    let place = places.place(of: fields)
    if place == evidence.placedTerms.count {
      evidence.placedTerms.append(.init(fields: fields, openingWeight: 0))
    }
    return place
  }

  /// Adds a pair, or weight to one that is there; two like terms tell nothing as a pair.
  private mutating func pair(
    _ first: Int, _ second: Int, offset: UInt32, adjacency: Float, nearness: Float
  ) {
    guard first != second, adjacency > 0 || nearness > 0 else { return }
    let place = pairs.place(of: Pair(first: first, second: second))
    guard place == evidence.pairs.count else {
      evidence.pairs[place].adjacencyWeight = max(
        evidence.pairs[place].adjacencyWeight, adjacency)
      evidence.pairs[place].nearnessWeight = max(evidence.pairs[place].nearnessWeight, nearness)
      return
    }
    evidence.pairs.append(
      .init(
        first: first, second: second, offset: offset, adjacencyWeight: adjacency,
        nearnessWeight: nearness))
  }
}
