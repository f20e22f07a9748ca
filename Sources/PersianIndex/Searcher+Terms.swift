// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// Calls a closure with every term of a field, in the order of their UTF-8 bytes.
  ///
  ///     try searcher.forEachTerm(in: "body", from: "تعاو") { term in
  ///       print(term.text, term.documentFrequency)
  ///       return term.text.hasPrefix("تعاو")
  ///     }
  ///
  /// - Parameters:
  ///   - field: The name of a text or keyword field.
  ///   - form: Which forms of the words; keyword fields have terms alone.
  ///   - start: The least term that is wanted; empty for all.
  ///   - body: Receives each term and returns whether to go on; what it throws ends the walk.
  /// - Throws: `.invalidArgument` where the index has no such field, `.corrupt` where a damaged part
  ///   is met, and what `body` throws.
  /// - Complexity: O(*n*) in the number of terms; posting lists are read only where
  ///   ``IndexedTerm/postings()`` asks for them.
  public func forEachTerm(
    in field: String, form: IndexedTerm.Form = .term, from start: String = "",
    _ body: (IndexedTerm) throws -> Bool
  ) throws {
    var walk = try walk(field, form, from: start)
    while let term = try walk.next() {
      guard try body(term) else { return }
    }
  }

  /// Returns one term of a field.
  ///
  /// - Parameters:
  ///   - text: The term exactly as it is in the index; ``analyzer`` makes it of a word.
  ///   - field: The name of a text or keyword field.
  ///   - form: Which form of the word.
  /// - Returns: The term; `nil` where no document has it.
  /// - Throws: As ``forEachTerm(in:form:from:_:)``.
  /// - Complexity: O(log *n*) in the number of terms, in each segment.
  public func term(
    _ text: String, in field: String, form: IndexedTerm.Form = .term
  ) throws(IndexError) -> IndexedTerm? {
    var walk = try walk(field, form, from: text)
    guard let term = try walk.next(), term.text == text else { return nil }
    return term
  }

  private func walk(
    _ field: String, _ form: IndexedTerm.Form, from start: String
  ) throws(IndexError) -> IndexedTermWalk {
    let number = try indexedField(field, form)
    return try IndexedTermWalk(
      number, from: Array(start.utf8), segments: snapshot.segments, dictionaries: dictionaries,
      hasPositions: number % 2 == 0 && schema.fields[Int(number / 2)].kind == .text)
  }

  private func indexedField(
    _ name: String, _ form: IndexedTerm.Form
  ) throws(IndexError) -> UInt8 {
    guard let place = schema.index(of: name) else {
      throw IndexError(.invalidArgument, "there is no field '\(name)'")
    }
    switch (schema.fields[place].kind, form) {
    case (.text, .term), (.keyword, .term): return IndexedFields.terms(of: place)
    case (.text, .writtenForm): return IndexedFields.writtenForms(of: place)
    default:
      throw IndexError(.invalidArgument, "the field '\(name)' has no such terms")
    }
  }
}
