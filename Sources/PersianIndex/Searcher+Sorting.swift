// SPDX-License-Identifier: Apache-2.0

extension Searcher {
  /// Returns the documents that match a query in the order of a field's values.
  ///
  ///     try searcher.sorted(.words("تعاونی"), by: "published", isDescending: true, limit: 20)
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - field: The name of an integer, number or date field.
  ///   - isDescending: Whether the greatest comes first.
  ///   - limit: The most documents to return, 0 or more.
  ///   - offset: How many to leave out before, 0 or more.
  /// - Returns: The documents, with score 0; those without a value come last, and equals in the order
  ///   of insertion.
  /// - Throws: `.invalidArgument` where there is no such field or a number is negative, and as
  ///   ``search(_:options:)``.
  /// - Complexity: O(*p* + *m* log *m*) in the postings read and the documents that match.
  public func sorted(
    _ query: Query, by field: String, isDescending: Bool = false, limit: Int = 10, offset: Int = 0
  ) throws(IndexError) -> [ScoredDocument] {
    guard limit >= 0, offset >= 0 else {
      throw IndexError(
        .invalidArgument, "limit \(limit) and offset \(offset) must not be negative")
    }
    return try rows(query, in: SortOrder(by: field, isDescending: isDescending))
      .dropFirst(offset).prefix(limit).map {
        ScoredDocument(
          address: DocumentAddress(segment: $0.segment, document: $0.document), score: 0)
      }
  }

  /// All documents that match, in the order of a field's values, with score 0.
  func rows(_ query: Query, in order: SortOrder) throws(IndexError) -> [SearchHits.Hit] {
    let place = try place(of: order.field, kinds: [.integer, .number, .date])
    var rows: [(value: Int64?, hit: SearchHits.Hit)] = []
    let compiled = try compiled(query, ranking: Ranking()).query
    for (index, segment) in engine.segments.enumerated() {
      for (word, bits) in try engine.matches(of: compiled, inSegment: index).enumerated() {
        var rest = bits
        while rest != 0 {
          let document = UInt32(word * 64 + rest.trailingZeroBitCount)
          rest &= rest - 1
          rows.append(
            (
              segment.columnValue(place, document),
              SearchHits.Hit(
                segment: index, document: document, score: 0,
                sequence: segment.sequence(document))
            ))
        }
      }
    }
    rows.sort { left, right in
      switch (left.value, right.value) {
      case (let a?, let b?) where a != b: order.isDescending ? a > b : a < b
      case (.some, nil): true
      case (nil, .some): false
      default: left.hit.sequence < right.hit.sequence
      }
    }
    return rows.map(\.hit)
  }
}
