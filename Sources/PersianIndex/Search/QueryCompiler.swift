// SPDX-License-Identifier: Apache-2.0

/// Turns queries into dictionary keys and weights.
///
/// Every word is searched in all text fields of its scope, as one term of several weighted fields.
/// A written word that analysis takes apart is searched as a phrase of its parts. A text of several
/// words is any of them; a repeated word counts as often, but is looked up once. What a text tells
/// beside its terms, which is how its words are written and in what order they stand, is gathered
/// as ``evidence``.
package struct QueryCompiler: ~Copyable {
  /// The most distinct terms of one query.
  package static let maximumTermCount = 4_096
  /// How deep queries may nest.
  package static let maximumDepth = 128

  private let context: QueryContext
  private let ranking: Ranking
  private let gathersEvidence: Bool
  private let recordsLookups: Bool
  private let buffer: LentTokenBuffer
  /// `nil` where no evidence is gathered.
  private var gathered: EvidenceCollector?
  private var termCount = 0
  private var depth = 0

  /// The text fields searched now, as places in the schema.
  private var scope: [Int]

  /// The dictionary keys whose frequencies decided what the queries became, where they are recorded.
  package private(set) var lookups: Set<[UInt8]> = []

  /// Creates a compiler.
  ///
  /// - Parameters:
  ///   - context: What the queries are compiled with.
  ///   - ranking: What scores are made of.
  ///   - recordsLookups: Whether ``lookups`` is kept.
  ///   - gathersEvidence: Whether ``evidence`` is gathered.
  package init(
    _ context: QueryContext, ranking: Ranking, recordsLookups: Bool = false,
    gathersEvidence: Bool = true
  ) {
    self.context = context
    buffer = LentTokenBuffer(from: context.buffers)
    self.recordsLookups = recordsLookups
    self.gathersEvidence = gathersEvidence
    self.ranking = ranking
    gathered = gathersEvidence ? EvidenceCollector(ranking: ranking) : nil
    scope = context.schema.textFields
  }

  /// What tells the best documents of the queries compiled so far from each other.
  package var evidence: CompiledEvidence { gathered?.evidence ?? CompiledEvidence() }

  /// Compiles a query.
  ///
  /// - Throws: `.invalidQuery` where the query names a field that is not there or of another kind,
  ///   or exceeds a limit; `.corrupt` where a dictionary is damaged.
  package mutating func compile(_ query: Query) throws(IndexError) -> CompiledQuery {
    try compile(query, weight: 1)
  }

  private mutating func compile(
    _ query: Query, weight: Float
  ) throws(IndexError) -> CompiledQuery {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      throw IndexError(
        .invalidQuery, "the query nests deeper than \(Self.maximumDepth) levels; flatten it")
    }
    switch query {
    case .all:
      return .constant(.all, weight: 0)
    case .words(let text):
      return try words(text, weight: weight)
    case .phrase(let text, let slop):
      return try phrase(text, slop: slop, weight: weight)
    case .prefix(let text):
      return try expanded(weight: weight) { expander, number throws(IndexError) in
        try expander.prefix(text, field: number)
      }
    case .wildcard(let pattern):
      return try expanded(weight: weight) { expander, number throws(IndexError) in
        try expander.wildcard(pattern, field: number)
      }
    case .fuzzy(let text, let distance):
      guard (1...2).contains(distance) else {
        throw IndexError(.invalidQuery, "a word can be 1 or 2 letters off, not \(distance)")
      }
      return try fuzzy(text, distance: distance, weight: weight)
    case .range(let name, let from, let through):
      return try range(name, from: from, through: through)
    case .keyword(let name, let value):
      let place = try field(name, of: [.keyword])
      let key = [IndexedFields.terms(of: place)] + Array(value.utf8)
      return .constant(.term(CompiledTerm(fields: [.init(key: key)])), weight: weight)
    case .field(let name, let inner):
      let outer = scope
      scope = [try field(name, of: [.text])]
      defer { scope = outer }
      return try compile(inner, weight: weight)
    case .boolean(let must, let should, let mustNot, let filter):
      return try boolean(
        must: must, should: should, mustNot: mustNot, filter: filter, weight: weight)
    case .boosted(let inner, let factor):
      guard factor >= 0, factor.isFinite else {
        throw IndexError(.invalidQuery, "a boost must be a number of at least 0, not \(factor)")
      }
      return try compile(inner, weight: weight * Float(factor))
    }
  }

  private mutating func boolean(
    must: [Query], should: [Query], mustNot: [Query], filter: [Query], weight: Float
  ) throws(IndexError) -> CompiledQuery {
    if must.isEmpty, should.isEmpty, filter.isEmpty { return .none }
    return .boolean(
      CompiledBoolean(
        must: try all(must, weight: weight), should: try all(should, weight: weight),
        mustNot: try all(mustNot, weight: 0), filter: try all(filter, weight: 0)))
  }

  private mutating func all(
    _ queries: [Query], weight: Float
  ) throws(IndexError) -> [CompiledQuery] {
    var result: [CompiledQuery] = []
    for query in queries { result.append(try compile(query, weight: weight)) }
    return result
  }

  // MARK: Words

  private mutating func words(_ text: String, weight: Float) throws(IndexError) -> CompiledQuery {
    // Nothing but the terms is asked for, so that one of them is the whole of its word.
    let isPlain = !gathersEvidence && !context.usesVocabulary
    let (units, lone) = buffer.use(forTextOf: text.utf8.count) { buffer in
      let units = QueryUnit.units(
        of: text, analyzer: context.analyzer, buffer: &buffer, leavesLoneTerm: isPlain)
      let isLone = isPlain && buffer.tokens.count == 1
      return (units, isLone ? term(buffer.term(of: buffer.tokens[0]), weight: weight) : nil)
    }
    if let lone {
      try count(1)
      return lone
    }
    if units.count == 1 { return try word(units, weight: weight) }
    let hasContent = units.contains { !$0.isStopWord }
    let unitWeights = units.map {
      weight * ($0.isStopWord && hasContent ? ranking.stopWordWeight : 1)
    }
    var places: [[[UInt8]]: Int] = [:]
    var weights: [Float] = []
    var kept: [QueryUnit] = []
    for (unit, unitWeight) in zip(units, unitWeights) {
      if let place = places[unit.terms] {
        weights[place] += unitWeight
      } else {
        places[unit.terms] = kept.count
        kept.append(unit)
        weights.append(unitWeight)
      }
    }
    try count(kept.reduce(0) { $0 + $1.terms.count })
    var clauses: [CompiledQuery] = []
    for (unit, unitWeight) in zip(kept, weights) {
      clauses.append(compiled(unit.terms, at: unit.positions, slop: 0, weight: unitWeight))
      if let other = try otherwiseSpaced(unit, weight: unitWeight) { clauses.append(other) }
    }
    for joined in try joinedPairs(units) {
      clauses.append(compiled([joined], at: [0], slop: 0, weight: weight))
    }
    gather(units, weight: weight, weights: unitWeights)
    return switch clauses.count {
    case 0: .none
    case 1: clauses[0]
    default: .boolean(CompiledBoolean(should: clauses))
    }
  }

  /// A text of one word, as most clauses are.
  private mutating func word(_ units: [QueryUnit], weight: Float) throws(IndexError)
    -> CompiledQuery
  {
    let unit = units[0]
    try count(unit.terms.count)
    if gathersEvidence { gather(units, weight: weight, weights: [weight]) }
    let word = compiled(unit.terms, at: unit.positions, slop: 0, weight: weight)
    guard let other = try otherwiseSpaced(unit, weight: weight) else { return word }
    return .boolean(CompiledBoolean(should: [word, other]))
  }

  private mutating func gather(_ units: [QueryUnit], weight: Float, weights: [Float]) {
    let fields = weightedScope
    gathered?.add(units, weight: weight, weights: weights, fields: fields)
  }

  private mutating func phrase(
    _ text: String, slop: Int, weight: Float
  ) throws(IndexError) -> CompiledQuery {
    guard slop >= 0, slop <= 1_000 else {
      throw IndexError(.invalidQuery, "the slop of a phrase must be 0 to 1,000, not \(slop)")
    }
    let units = buffer.use(forTextOf: text.utf8.count) { buffer in
      QueryUnit.units(of: text, analyzer: context.analyzer, buffer: &buffer)
    }
    let terms = units.flatMap(\.terms)
    try count(terms.count)
    let phrase = compiled(terms, at: units.flatMap(\.positions), slop: slop, weight: weight)
    if units.count == 1, let other = try otherwiseSpaced(units[0], weight: weight) {
      return .boolean(CompiledBoolean(should: [phrase, other]))
    }
    guard units.count == 2, let joined = try joinedPairs(units).first else { return phrase }
    return .boolean(
      CompiledBoolean(should: [phrase, compiled([joined], at: [0], slop: 0, weight: weight)]))
  }

  // MARK: The index's own words

  /// Neighbouring words that the index knows as one word written together.
  ///
  /// The lexicon has holes; what documents have decides then. Function words are left alone: what
  /// they are run together with is rarely a word of its own.
  private mutating func joinedPairs(_ units: [QueryUnit]) throws(IndexError) -> [[UInt8]] {
    guard context.usesVocabulary else { return [] }
    var result: [[UInt8]] = []
    for (first, second) in zip(units, units.dropFirst()) {
      guard first.terms.count == 1, second.terms.count == 1, !first.isStopWord,
        !second.isStopWord, !first.isNumber, !second.isNumber
      else { continue }
      let joined = first.folded + second.terms[0]
      if try isKnown(joined), !result.contains(joined) { result.append(joined) }
    }
    return result
  }

  /// A word as the index has it with fewer spaces in it, or with more.
  ///
  /// Of a word that it has in neither way, the words one slip away are gathered as evidence.
  private mutating func otherwiseSpaced(
    _ unit: QueryUnit, weight: Float
  ) throws(IndexError) -> CompiledQuery? {
    guard context.usesVocabulary, !unit.isNumber, let last = unit.terms.last else { return nil }
    if unit.terms.count == 1 {
      guard try !isKnown(last) else { return nil }
      if let parts = try split(last) {
        return compiled(parts, at: [0, 1], slop: 0, weight: weight)
      }
      if !unit.isStopWord { try gatherNearWords(last, weight: weight) }
      return nil
    }
    let forms = unit.writtenForms.count == unit.terms.count ? unit.writtenForms : unit.terms
    let joined = forms.dropLast().flatMap(\.self) + last
    guard try isKnown(joined) else { return nil }
    let fields = weightedScope
    gathered?.add(term: joined, writtenForm: unit.folded, weight: weight, fields: fields)
    return compiled([joined], at: [0], slop: 0, weight: weight)
  }

  /// The two words of the index that a word unknown to it is made of: of all cuts, that whose rarer
  /// part is the most frequent.
  private mutating func split(_ word: [UInt8]) throws(IndexError) -> [[UInt8]]? {
    var best: (parts: [[UInt8]], frequency: Int)?
    // Two letters at least on either side; a letter of Persian has two bytes.
    for cut in word.indices.dropFirst(4).dropLast(3) where word[cut] & 0xC0 != 0x80 {
      let parts = [Array(word[..<cut]), Array(word[cut...])]
      let frequency = min(try frequency(of: parts[0]), try frequency(of: parts[1]))
      if frequency > best?.frequency ?? 0 { best = (parts, frequency) }
    }
    return best?.parts
  }

  /// Gathers the words that an unknown one may be a slip of.
  ///
  /// Its first letter is taken for right, and a word of fewer than five letters is left alone: too
  /// many are near it.
  private mutating func gatherNearWords(_ word: [UInt8], weight: Float) throws(IndexError) {
    guard gathersEvidence, ranking.slipWeight > 0,
      word.count(where: { $0 & 0xC0 != 0x80 }) >= 5
    else { return }
    let first = word.prefix(1) + word.dropFirst().prefix { $0 & 0xC0 == 0x80 }
    var near: Set<[UInt8]> = []
    for place in scope {
      for found in try context.expander.near(
        word, distance: 1, field: IndexedFields.terms(of: place), beginning: Array(first))
      {
        near.insert(Array(found.key.dropFirst()))
      }
    }
    let fields = weightedScope
    for term in near.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      gathered?.add(nearTerm: term, weight: weight, fields: fields)
    }
  }

  private mutating func isKnown(_ term: [UInt8]) throws(IndexError) -> Bool {
    try frequency(of: term) > 0
  }

  /// The most documents that have a term in any one field of the scope.
  private mutating func frequency(of term: [UInt8]) throws(IndexError) -> Int {
    var greatest = 0
    for place in scope {
      let key = [IndexedFields.terms(of: place)] + term
      if recordsLookups { lookups.insert(key) }
      if let collection = context.collection {
        greatest = max(greatest, try collection.documentFrequency(of: key))
        continue
      }
      var sum = 0
      for dictionary in context.expander.dictionaries {
        let info = try key.withUnsafeBufferPointer { bytes throws(IndexError) in
          try dictionary.find(bytes)
        }
        sum += Int(info?.documentFrequency ?? 0)
      }
      greatest = max(greatest, sum)
    }
    return greatest
  }

  /// One term, or a phrase of several, in every field of the scope.
  private func compiled(
    _ terms: [[UInt8]], at positions: [UInt32], slop: Int, weight: Float
  ) -> CompiledQuery {
    guard let first = positions.first else { return .none }
    if terms.count == 1 { return term(terms[0][...], weight: weight) }
    let phrases = scope.map { place in
      CompiledQuery.phrase(
        CompiledPhrase(
          keys: terms.map { [IndexedFields.terms(of: place)] + $0 },
          offsets: positions.map { $0 - first }, slop: UInt32(slop),
          weight: weight * fieldWeight(place)))
    }
    return phrases.count == 1 ? phrases[0] : .boolean(CompiledBoolean(should: phrases))
  }

  /// One term, in every field of the scope.
  private func term(_ bytes: ArraySlice<UInt8>, weight: Float) -> CompiledQuery {
    var fields = SmallArray<CompiledTerm.FieldKey>()
    for place in scope {
      var key: [UInt8] = []
      key.reserveCapacity(1 + bytes.count)
      key.append(IndexedFields.terms(of: place))
      key.append(contentsOf: bytes)
      fields.append(.init(key: key, weight: fieldWeight(place)))
    }
    return .term(CompiledTerm(fields: fields, weight: weight))
  }

  private mutating func count(_ terms: Int) throws(IndexError) {
    termCount += terms
    guard termCount <= Self.maximumTermCount else {
      throw IndexError(
        .invalidQuery,
        "the query has more than \(Self.maximumTermCount) different terms; shorten it")
    }
  }

  // MARK: Expansion

  private mutating func expanded(
    weight: Float,
    by expand: (TermExpander, UInt8) throws(IndexError) -> [[UInt8]]
  ) throws(IndexError) -> CompiledQuery {
    var keys: [[UInt8]] = []
    for place in scope {
      keys += try expand(context.expander, IndexedFields.terms(of: place))
      keys += try expand(context.expander, IndexedFields.writtenForms(of: place))
    }
    return keys.isEmpty ? .none : .anyTerm(keys: keys, weight: weight)
  }

  /// Terms at one distance weigh the same: a rare misspelling must not outrank the word itself.
  private func fuzzy(
    _ text: String, distance: Int, weight: Float
  ) throws(IndexError) -> CompiledQuery {
    var keys: [[[UInt8]]] = Array(repeating: [], count: distance + 1)
    for place in scope {
      for number in [IndexedFields.terms(of: place), IndexedFields.writtenForms(of: place)] {
        for found in try context.expander.fuzzy(text, distance: distance, field: number) {
          keys[found.distance].append(found.key)
        }
      }
    }
    let clauses = keys.enumerated().filter { !$0.element.isEmpty }.map {
      CompiledQuery.anyTerm(keys: $0.element, weight: weight / Float($0.offset + 1))
    }
    return clauses.isEmpty ? .none : .boolean(CompiledBoolean(should: clauses))
  }

  // MARK: Fields

  private func range(
    _ name: String, from: FieldValue?, through: FieldValue?
  ) throws(IndexError) -> CompiledQuery {
    let place = try field(name, of: [.integer, .number, .date])
    let low = try bound(from, of: context.schema.fields[place]) ?? .min
    let high = try bound(through, of: context.schema.fields[place]) ?? .max
    guard low <= high else { return .none }
    return .range(column: place, values: low...high, weight: 0)
  }

  private func bound(_ value: FieldValue?, of field: Field) throws(IndexError) -> Int64? {
    guard let value else { return nil }
    switch (field.kind, value) {
    case (.integer, .integer), (.number, .number), (.date, .date): return value.columnValue
    case (.number, .integer(let number)): return FieldValue.number(Double(number)).columnValue
    default:
      throw IndexError(
        .invalidQuery, "\(value) cannot bound the \(field.kind) field '\(field.name)'")
    }
  }

  private func field(_ name: String, of kinds: [Field.Kind]) throws(IndexError) -> Int {
    guard let place = context.schema.index(of: name) else {
      throw IndexError(
        .invalidQuery,
        "there is no field '\(name)'; the fields are "
          + context.schema.fields.map(\.name).joined(separator: ", "))
    }
    guard kinds.contains(context.schema.fields[place].kind) else {
      throw IndexError(
        .invalidQuery,
        "the \(context.schema.fields[place].kind) field '\(name)' cannot be asked this way")
    }
    return place
  }

  private var weightedScope: [(place: Int, weight: Float)] {
    scope.map { (place: $0, weight: fieldWeight($0)) }
  }

  private func fieldWeight(_ place: Int) -> Float {
    Float(context.schema.fields[place].weight)
  }
}
