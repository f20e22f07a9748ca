// SPDX-License-Identifier: Apache-2.0

/// Walks over the terms or the written forms of a field in the order of their bytes.
struct IndexedTermWalk {
  private let number: UInt8
  private let segments: [SegmentSnapshot]
  private let hasPositions: Bool
  private var listed: MergedTermCursor
  private var hasListed: Bool
  /// Of written forms: the terms, and how often they are written otherwise.
  private var written: (terms: MergedTermCursor, otherwise: MergedTermCursor)?
  private var hasWritten = false
  private var hasOtherwise = false

  /// Begins a walk.
  ///
  /// - Parameters:
  ///   - number: The indexed field.
  ///   - start: The least term wanted.
  ///   - segments: The segments.
  ///   - dictionaries: Their dictionaries.
  ///   - hasPositions: Whether the field has positions.
  /// - Throws: `.corrupt` where a dictionary is damaged.
  init(
    _ number: UInt8, from start: [UInt8], segments: [SegmentSnapshot],
    dictionaries: [TermDictionaryReader], hasPositions: Bool
  ) throws(IndexError) {
    self.number = number
    self.segments = segments
    self.hasPositions = hasPositions
    let first = start.isEmpty ? Array(IndexedFields.firstKey(of: number).dropFirst()) : start
    listed = try MergedTermCursor(dictionaries, field: number, from: first)
    hasListed = try listed.next()
    guard number % 2 == 1 else { return }
    var terms = try MergedTermCursor(dictionaries, field: number - 1, from: start)
    var otherwise = try MergedTermCursor(
      dictionaries, field: number, from: [WrittenFormKeys.mark] + start)
    hasWritten = try terms.next()
    hasOtherwise = try otherwise.next()
    written = (terms, otherwise)
  }

  /// The next term; `nil` after the last.
  mutating func next() throws(IndexError) -> IndexedTerm? {
    guard number % 2 == 1 else {
      guard hasListed else { return nil }
      let term = term(listed.key.dropFirst(), lists(listed, number))
      hasListed = try listed.next()
      return term
    }
    while hasListed || hasWritten {
      if let term = try nextForm() { return term }
    }
    return nil
  }

  /// The next written form; `nil` where it is a term that is always written otherwise.
  private mutating func nextForm() throws(IndexError) -> IndexedTerm? {
    guard var (terms, otherwise) = written else { return nil }
    defer { written = (terms, otherwise) }
    let (form, own) = (listed.key.dropFirst(), terms.key.dropFirst())
    let isListed = hasListed && (!hasWritten || !own.lexicographicallyPrecedes(form))
    let isWritten = hasWritten && (!hasListed || !form.lexicographicallyPrecedes(own))
    var lists: [IndexedTerm.List] = []
    if isListed { lists += self.lists(listed, number) }
    if isWritten {
      while hasOtherwise, otherwise.key.dropFirst(2).lexicographicallyPrecedes(own),
        WrittenFormKeys.isOtherwise(otherwise.key)
      {
        hasOtherwise = try otherwise.next()
      }
      var ofTerm = self.lists(terms, number - 1)
      if hasOtherwise, WrittenFormKeys.isOtherwise(otherwise.key),
        otherwise.key.dropFirst(2).elementsEqual(own)
      {
        let removed = self.lists(otherwise, number, isRemoved: true)
        ofTerm = Self.occurrences(removed) < Self.occurrences(ofTerm) ? ofTerm + removed : []
      }
      lists += ofTerm
    }
    let found = isListed ? form : own
    let term = lists.isEmpty ? nil : term(found, lists)
    if isListed { hasListed = try listed.next() }
    if isWritten { hasWritten = try terms.next() }
    return term
  }

  private func lists(
    _ cursor: MergedTermCursor, _ field: UInt8, isRemoved: Bool = false
  ) -> [IndexedTerm.List] {
    cursor.entries.map {
      .init(
        segment: segments[$0.segment], number: $0.segment, info: $0.info, field: field,
        isRemoved: isRemoved)
    }
  }

  private static func occurrences(_ lists: [IndexedTerm.List]) -> Int {
    lists.reduce(0) { $0 + Int($1.info.totalTermFrequency) }
  }

  private static func documents(_ lists: [IndexedTerm.List]) -> Int {
    lists.reduce(0) { $0 + Int($1.info.documentFrequency) }
  }

  private func term(_ text: ArraySlice<UInt8>, _ lists: [IndexedTerm.List]) -> IndexedTerm {
    let removed = lists.filter(\.isRemoved)
    let listed = lists.filter { !$0.isRemoved && $0.field == number }
    let own = lists.filter { $0.field != number }
    return IndexedTerm(
      text: String(decoding: text, as: UTF8.self),
      documentFrequency: WrittenFormKeys.documentFrequency(
        listed: Self.documents(listed), term: Self.documents(own),
        otherwise: Self.documents(removed)),
      occurrenceCount: Self.occurrences(listed) + Self.occurrences(own)
        - Self.occurrences(removed),
      hasPositions: hasPositions, lists: lists.sorted { $0.number < $1.number })
  }
}
