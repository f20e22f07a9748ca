// SPDX-License-Identifier: Apache-2.0

/// The terms and phrases of a query that snippets mark.
package struct QueryHighlights: Sendable {
  /// Terms that are marked only where they stand together.
  package struct Phrase: Sendable {
    /// The terms, as places in ``QueryHighlights/terms``.
    package var terms: [Int]
    /// Where each term stands relative to the first.
    package var offsets: [Int]
    /// How far each may be from its place.
    package var slop: Int
  }

  /// The terms and written forms in UTF-8.
  package private(set) var terms: [[UInt8]] = []
  /// How much each term tells of the query, by its rarity.
  package private(set) var weights: [Double] = []
  /// The phrases.
  package private(set) var phrases: [Phrase] = []
  private var numbers: [[UInt8]: Int] = [:]
  private var forms: [[UInt8]: Int] = [:]
  private var alone: Set<Int> = []

  package init() {}

  /// Adds a term that is marked wherever it stands.
  package mutating func add(_ term: [UInt8], weight: Double) {
    alone.insert(insert(term, weight: weight))
  }

  /// Adds terms that are marked where they stand as given.
  package mutating func add(
    phrase: [[UInt8]], offsets: [Int], slop: Int, weights: [Double]
  ) {
    phrases.append(
      Phrase(
        terms: zip(phrase, weights).map { insert($0, weight: $1) }, offsets: offsets, slop: slop))
  }

  /// Adds a word that is marked wherever it is written in this form.
  package mutating func add(writtenForm form: [UInt8], weight: Double) {
    let number = forms[form] ?? terms.count
    if number == terms.count {
      forms[form] = number
      terms.append(form)
      weights.append(weight)
    }
    alone.insert(number)
  }

  private mutating func insert(_ term: [UInt8], weight: Double) -> Int {
    if let number = numbers[term] {
      weights[number] = max(weights[number], weight)
      return number
    }
    numbers[term] = terms.count
    terms.append(term)
    weights.append(weight)
    return terms.count - 1
  }

  /// The number of a token's term or, where that is not asked for, of its written form.
  func number(of term: ArraySlice<UInt8>, writtenForm: ArraySlice<UInt8>) -> Int? {
    if let number = numbers[Array(term)] { return number }
    return forms.isEmpty || writtenForm.isEmpty ? nil : forms[Array(writtenForm)]
  }

  func isOnlyInPhrases(_ number: Int?) -> Bool {
    number.map { !alone.contains($0) } ?? true
  }
}
