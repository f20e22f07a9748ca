// SPDX-License-Identifier: Apache-2.0

/// A query with its terms looked up in every segment and its weights computed.
struct QueryPlan: ~Copyable {
  /// One dictionary key.
  struct List {
    /// The indexed field.
    let field: Int
    /// How much an occurrence counts.
    let fieldWeight: Float
    /// The term in each segment.
    let infos: SmallArray<TermInfo?>
  }

  /// A term in one or more fields, scored as one.
  struct Group {
    var lists: SmallArray<List>
    /// Weight times inverse document frequency.
    var weight: Float
  }

  /// A phrase.
  struct Phrase {
    var lists: [List]
    var offsets: [UInt32]
    var slop: UInt32
    var weight: Float
  }

  enum Node {
    case none
    case all
    case group(Int)
    case phrase(Int)
    case boolean(Boolean)
    case anyTerm([List], weight: Float)
    case range(column: Int, values: ClosedRange<Int64>, weight: Float)
    indirect case constant(Node, weight: Float)
  }

  struct Boolean {
    var must: [Node] = []
    var should: [Node] = []
    var mustNot: [Node] = []
    var filter: [Node] = []
    var minimumShould = 0
  }

  private(set) var groups: [Group] = []
  private(set) var phrases: [Phrase] = []
  private(set) var root = Node.none
  /// The terms looked up, in the order of the query, where they are kept.
  private(set) var lookups: [(key: [UInt8], infos: SmallArray<TermInfo?>)] = []
  /// What a score is multiplied by to become an integer.
  private(set) var scale: Float = 1
  private var totalWeight: Float = 0
  private var greatestWeight: Float = 0

  private let keepsLookups: Bool

  /// Looks up a query's terms.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - searcher: The snapshot.
  ///   - keepsLookups: Whether ``lookups`` is kept.
  /// - Throws: `.corrupt` when a dictionary is damaged.
  init(
    _ query: CompiledQuery, _ searcher: SegmentSearcher, keepsLookups: Bool = false
  ) throws(IndexError) {
    self.keepsLookups = keepsLookups
    root = try build(query, searcher, isScoring: true)
    // A part is below 2^23, and the sum below 2^24, so that a Float holds each exactly.
    if greatestWeight > 0 {
      let most = min(8_388_000 / greatestWeight, 16_777_000 / totalWeight)
      // A power of two divides exactly: integers that differ stay scores that differ.
      scale = most.isNormal ? most.binade : most
    } else {
      scale = 8_388_000
    }
  }

  private mutating func count(_ weight: Float, _ isScoring: Bool) {
    if isScoring {
      totalWeight += weight
      greatestWeight = max(greatestWeight, weight)
    }
  }

  private mutating func build(
    _ query: CompiledQuery, _ searcher: SegmentSearcher, isScoring: Bool
  ) throws(IndexError) -> Node {
    switch query {
    case .none:
      return .none
    case .all:
      count(1, isScoring)
      return .all
    case .term(let term):
      return try build(term, searcher, isScoring: isScoring)
    case .phrase(let phrase):
      return try build(phrase, searcher, isScoring: isScoring)
    case .boolean(let boolean):
      return try build(boolean, searcher, isScoring: isScoring)
    case .anyTerm(let keys, let weight):
      var lists: [List] = []
      for key in keys {
        let list = try lookUp(key, 1, searcher)
        if list.infos.contains(where: { $0 != nil }) { lists.append(list) }
      }
      if lists.isEmpty { return .none }
      count(weight, isScoring)
      return .anyTerm(lists, weight: weight)
    case .range(let column, let values, let weight):
      count(weight, isScoring)
      return .range(column: column, values: values, weight: weight)
    case .constant(let inner, let weight):
      let node = try build(inner, searcher, isScoring: false)
      if case .none = node { return .none }
      count(weight, isScoring)
      return .constant(node, weight: weight)
    }
  }

  private func lookUp(
    _ key: [UInt8], _ weight: Float, _ searcher: SegmentSearcher
  ) throws(IndexError) -> List {
    guard let field = key.first else {
      return List(
        field: 0, fieldWeight: weight, infos: SmallArray(searcher.segments.map { _ in nil }))
    }
    var infos = SmallArray<TermInfo?>()
    for segment in searcher.segments {
      guard Int(field) < segment.fields.count else {
        infos.append(nil)
        continue
      }
      infos.append(
        try key.withUnsafeBufferPointer { key throws(IndexError) in
          try segment.dictionary.find(key)
        })
    }
    return List(field: Int(field), fieldWeight: weight, infos: infos)
  }

  /// The number of documents of the collection that hold a term.
  private func documentFrequency(
    _ list: List, of key: [UInt8], _ searcher: SegmentSearcher, isScoring: Bool
  ) throws(IndexError) -> Int {
    guard let collection = searcher.collection, isScoring else {
      return list.infos.reduce(0) { $0 + Int($1?.documentFrequency ?? 0) }
    }
    return try collection.documentFrequency(of: key)
  }

  private mutating func build(
    _ term: CompiledTerm, _ searcher: SegmentSearcher, isScoring: Bool
  ) throws(IndexError) -> Node {
    var lists = SmallArray<List>()
    var frequency = 0
    for field in term.fields {
      let list = try lookUp(field.key, field.weight, searcher)
      if keepsLookups { lookups.append((field.key, list.infos)) }
      if list.infos.contains(where: { $0 != nil }) { lists.append(list) }
      frequency = max(
        frequency,
        try documentFrequency(list, of: field.key, searcher, isScoring: isScoring))
    }
    if frequency == 0 { return .none }
    let weight = term.weight * searcher.inverseDocumentFrequency(frequency)
    // A term that other parts of the collection hold counts here too, so that all round alike.
    count(weight, isScoring)
    if lists.isEmpty { return .none }
    groups.append(Group(lists: lists, weight: weight))
    return .group(groups.count - 1)
  }

  private mutating func build(
    _ phrase: CompiledPhrase, _ searcher: SegmentSearcher, isScoring: Bool
  ) throws(IndexError) -> Node {
    guard let first = phrase.keys.first else { return .none }
    if phrase.keys.count == 1 {
      return try build(
        CompiledTerm(fields: [.init(key: first)], weight: phrase.weight), searcher,
        isScoring: isScoring)
    }
    var lists: [List] = []
    var idf: Float = 0
    for key in phrase.keys {
      let list = try lookUp(key, 1, searcher)
      if keepsLookups { lookups.append((key, list.infos)) }
      let frequency = try documentFrequency(list, of: key, searcher, isScoring: isScoring)
      if frequency == 0 { return .none }
      idf += searcher.inverseDocumentFrequency(frequency)
      lists.append(list)
    }
    let weight = phrase.weight * idf
    count(weight, isScoring)
    if !lists.allSatisfy({ $0.infos.contains { $0 != nil } }) { return .none }
    phrases.append(
      Phrase(lists: lists, offsets: phrase.offsets, slop: phrase.slop, weight: weight))
    return .phrase(phrases.count - 1)
  }

  private mutating func build(
    _ boolean: CompiledBoolean, _ searcher: SegmentSearcher, isScoring: Bool
  ) throws(IndexError) -> Node {
    var result = Boolean()
    for clause in boolean.must {
      let node = try build(clause, searcher, isScoring: isScoring)
      if case .none = node { return .none }
      result.must.append(node)
    }
    for clause in boolean.filter {
      let node = try build(clause, searcher, isScoring: false)
      if case .none = node { return .none }
      result.filter.append(node)
    }
    for clause in boolean.should {
      let node = try build(clause, searcher, isScoring: isScoring)
      if case .none = node { continue }
      result.should.append(node)
    }
    for clause in boolean.mustNot {
      let node = try build(clause, searcher, isScoring: false)
      if case .none = node { continue }
      result.mustNot.append(node)
    }
    let isOptional = !result.must.isEmpty || !result.filter.isEmpty
    result.minimumShould = max(boolean.minimumShould, isOptional ? 0 : 1)
    if result.should.count < result.minimumShould { return .none }
    if result.mustNot.isEmpty && result.filter.isEmpty {
      if result.must.isEmpty && result.should.count == 1 { return result.should[0] }
      if result.should.isEmpty && result.must.count == 1 { return result.must[0] }
    }
    return .boolean(result)
  }
}
