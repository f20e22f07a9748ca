// SPDX-License-Identifier: Apache-2.0

/// Finds the terms of a query that snippets mark.
package struct HighlightCollector {
  private let schema: Schema
  private let analyzer: any Analyzer
  private let dictionaries: [TermDictionaryReader]
  private let documentCount: Int
  private let expander: TermExpander
  private var buffer = TokenBuffer()
  private var result = QueryHighlights()

  package init(
    schema: Schema, analyzer: any Analyzer, dictionaries: [TermDictionaryReader],
    documentCount: Int
  ) {
    self.schema = schema
    self.analyzer = analyzer
    self.dictionaries = dictionaries
    self.documentCount = documentCount
    expander = TermExpander(dictionaries: dictionaries, analyzer: analyzer)
  }

  /// Returns the terms and phrases that a query asks for.
  ///
  /// - Throws: `.corrupt` where a dictionary is damaged.
  package mutating func highlights(of query: Query) throws(IndexError) -> QueryHighlights {
    try collect(query)
    return result
  }

  private mutating func collect(_ query: Query) throws(IndexError) {
    switch query {
    case .words(let text):
      let units = QueryUnit.units(of: text, analyzer: analyzer, buffer: &buffer)
      let content = units.filter { !$0.isStopWord }
      // Function words stand everywhere; marking them would hide the words that were meant.
      for unit in content.isEmpty ? units : content {
        try add(unit.terms, at: unit.positions, slop: 0)
      }
    case .phrase(let text, let slop):
      let units = QueryUnit.units(of: text, analyzer: analyzer, buffer: &buffer)
      try add(
        units.flatMap(\.terms), at: units.flatMap(\.positions), slop: slop)
    case .prefix(let text):
      let expander = expander
      try addExpansion { field throws(IndexError) in try expander.prefix(text, field: field) }
    case .wildcard(let pattern):
      let expander = expander
      try addExpansion { field throws(IndexError) in try expander.wildcard(pattern, field: field) }
    case .fuzzy(let text, let distance):
      let expander = expander
      try addExpansion { field throws(IndexError) in
        try expander.fuzzy(text, distance: distance, field: field).map(\.key)
      }
    case .field(_, let inner), .boosted(let inner, by: _):
      try collect(inner)
    case .boolean(let must, let should, _, let filter):
      for inner in must + should + filter { try collect(inner) }
    case .all, .range, .keyword: break
    }
  }

  private mutating func add(
    _ terms: [[UInt8]], at positions: [UInt32], slop: Int
  ) throws(IndexError) {
    guard let first = positions.first else { return }
    var weights: [Double] = []
    for term in terms { weights.append(try rarity(of: term)) }
    if terms.count == 1 {
      result.add(terms[0], weight: weights[0])
    } else {
      result.add(
        phrase: terms, offsets: positions.map { Int($0 - first) }, slop: slop, weights: weights)
    }
  }

  private mutating func addExpansion(
    _ expand: (UInt8) throws(IndexError) -> [[UInt8]]
  ) throws(IndexError) {
    for place in schema.textFields {
      let number = IndexedFields.terms(of: place)
      for key in try expand(number) { result.add(Array(key.dropFirst()), weight: 1) }
      let forms = IndexedFields.writtenForms(of: place)
      for key in try expand(forms) { result.add(writtenForm: Array(key.dropFirst()), weight: 1) }
    }
  }

  /// How much a term tells: more the fewer documents have it.
  private func rarity(of term: [UInt8]) throws(IndexError) -> Double {
    var frequency = 0
    for place in schema.textFields {
      let key = [IndexedFields.terms(of: place)] + term
      var count = 0
      for dictionary in dictionaries {
        let found = key.withUnsafeBufferPointer { bytes -> Result<TermInfo?, IndexError> in
          Result { () throws(IndexError) in try dictionary.find(bytes) }
        }
        count += try Int(found.get()?.documentFrequency ?? 0)
      }
      frequency = max(frequency, count)
    }
    var logarithm = 1.0
    var ratio = max(documentCount, 1) / max(frequency, 1)
    while ratio > 1 {
      ratio /= 2
      logarithm += 1
    }
    return logarithm
  }
}
