// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Evaluates queries by the textbook: looks at every document and adds up the formula in
/// double precision.
package struct Oracle {
  /// One document that matches.
  package struct Match {
    /// The segment and the doc id.
    package let segment: Int
    /// The doc id.
    package let document: Int
    /// The score.
    package let score: Double
    /// The writer's sequence number.
    package let sequence: UInt64
  }

  private let index: SampleIndex
  private let averages: [Double]
  private let documentCount: Int
  private let frequencies: [[String: Int]]

  /// Creates an oracle over an index's documents.
  package init(_ index: SampleIndex) {
    self.index = index
    let all = index.documents.flatMap { $0 }
    documentCount = all.count
    var frequencies = [[String: Int]](repeating: [:], count: all.first?.fields.count ?? 0)
    for document in all {
      for (field, tokens) in document.fields.enumerated() {
        for term in Set(tokens) { frequencies[field][term, default: 0] += 1 }
      }
    }
    self.frequencies = frequencies
    averages = (0..<(all.first?.fields.count ?? 0)).map { field in
      max(1, Double(all.reduce(0) { $0 + $1.fields[field].count }) / Double(all.count))
    }
  }

  /// Returns all live documents that match, best first, ties by sequence number.
  package func matches(_ query: CompiledQuery) -> [Match] {
    var matches: [Match] = []
    for (segment, documents) in index.documents.enumerated() {
      for (id, document) in documents.enumerated() where !document.isDeleted {
        if let score = score(query, document) {
          matches.append(
            Match(segment: segment, document: id, score: score, sequence: document.sequence))
        }
      }
    }
    return matches.sorted { ($1.score, $0.sequence) < ($0.score, $1.sequence) }
  }

  /// The greatest score that a document could have: what rounding errors are in proportion to.
  package func weight(_ query: CompiledQuery) -> Double {
    switch query {
    case .none: return 0
    case .all: return 1
    case .term(let term):
      let frequency = term.fields.map { documentFrequency($0.key) }.max() ?? 0
      return Double(term.weight) * inverseDocumentFrequency(frequency)
    case .phrase(let phrase):
      return phrase.keys.reduce(0.0) {
        $0 + inverseDocumentFrequency(documentFrequency($1))
      } * Double(phrase.weight)
    case .boolean(let boolean):
      return (boolean.must + boolean.should).reduce(0.0) { $0 + weight($1) }
    case .anyTerm(_, let weight), .range(_, _, let weight), .constant(_, let weight):
      return Double(weight)
    }
  }

  private func term(_ key: [UInt8]) -> (field: Int, text: String) {
    (Int(key[0]), String(decoding: key.dropFirst(), as: UTF8.self))
  }

  private func documentFrequency(_ key: [UInt8]) -> Int {
    let (field, text) = term(key)
    return field < frequencies.count ? frequencies[field][text] ?? 0 : 0
  }

  private func inverseDocumentFrequency(_ frequency: Int) -> Double {
    log(1 + (Double(documentCount - frequency) + 0.5) / (Double(frequency) + 0.5))
  }

  private func denominator(_ document: SampleIndex.Document, _ field: Int) -> Double {
    let length = document.fields[field].count
    let coded = FieldLengthCode.rankingLengths[
      Int(FieldLengthCode.encode(UInt32(length)))]
    let b = Double(index.bm25.b)
    return Double(index.bm25.k1) * (1 - b + b * Double(coded) / averages[field])
  }

  /// The score of a document; `nil` where it does not match.
  private func score(_ query: CompiledQuery, _ document: SampleIndex.Document) -> Double? {
    switch query {
    case .none: return nil
    case .all: return 1
    case .term(let term): return score(term, document)
    case .phrase(let phrase): return score(phrase, document)
    case .boolean(let boolean): return score(boolean, document)
    case .anyTerm(let keys, let weight):
      let isFound = keys.contains { key in
        let (field, text) = term(key)
        return document.fields[field].contains(text)
      }
      return isFound ? Double(weight) : nil
    case .range(_, let values, let weight):
      guard let value = document.value, values.contains(value) else { return nil }
      return Double(weight)
    case .constant(let inner, let weight):
      return score(inner, document) == nil ? nil : Double(weight)
    }
  }

  private func score(_ query: CompiledTerm, _ document: SampleIndex.Document) -> Double? {
    var frequency = 0
    var gathered = 0.0
    var isFound = false
    for part in query.fields {
      let (field, text) = term(part.key)
      frequency = max(frequency, documentFrequency(part.key))
      let occurrences = document.fields[field].count { $0 == text }
      if occurrences == 0 { continue }
      isFound = true
      gathered +=
        Double(part.weight) * Double(occurrences) / max(denominator(document, field), 1e-12)
    }
    if !isFound { return nil }
    return Double(query.weight) * inverseDocumentFrequency(frequency) * gathered
      / (1 + gathered)
  }

  private func score(_ query: CompiledPhrase, _ document: SampleIndex.Document) -> Double? {
    guard let first = query.keys.first else { return nil }
    let field = term(first).field
    let tokens = document.fields[field]
    let terms = query.keys.map { term($0).text }
    var frequency = 0.0
    if query.slop == 0 {
      for start in tokens.indices {
        let isThere = zip(terms, query.offsets).allSatisfy { term, offset in
          start + Int(offset) < tokens.count && tokens[start + Int(offset)] == term
        }
        if isThere { frequency += 1 }
      }
    } else {
      for (position, token) in tokens.enumerated() where token == terms[0] {
        let width = leastWidth(
          terms, query.offsets.map { Int($0) }, tokens, from: 1,
          taken: [position], low: position - Int(query.offsets[0]),
          high: position - Int(query.offsets[0]))
        if let width, width <= Int(query.slop) { frequency += 1 / Double(1 + width) }
      }
    }
    if frequency == 0 { return nil }
    let idf = query.keys.reduce(0.0) {
      $0 + inverseDocumentFrequency(documentFrequency($1))
    }
    return Double(query.weight) * idf * frequency
      / (frequency + denominator(document, field))
  }

  /// Tries all choices of positions for the terms from one on.
  private func leastWidth(
    _ terms: [String], _ offsets: [Int], _ tokens: [String], from term: Int, taken: [Int],
    low: Int, high: Int
  ) -> Int? {
    if term == terms.count { return high - low }
    var best: Int?
    for (position, token) in tokens.enumerated()
    where token == terms[term] && !taken.contains(position) {
      let aligned = position - offsets[term]
      if let width = leastWidth(
        terms, offsets, tokens, from: term + 1, taken: taken + [position],
        low: min(low, aligned), high: max(high, aligned))
      {
        best = min(best ?? width, width)
      }
    }
    return best
  }

  private func score(_ query: CompiledBoolean, _ document: SampleIndex.Document) -> Double? {
    var sum = 0.0
    for clause in query.must {
      guard let score = score(clause, document) else { return nil }
      sum += score
    }
    for clause in query.filter where score(clause, document) == nil { return nil }
    for clause in query.mustNot where score(clause, document) != nil { return nil }
    var matching = 0
    for clause in query.should {
      if let score = score(clause, document) {
        sum += score
        matching += 1
      }
    }
    let isOptional = !query.must.isEmpty || !query.filter.isEmpty
    return matching >= max(query.minimumShould, isOptional ? 0 : 1) ? sum : nil
  }
}
