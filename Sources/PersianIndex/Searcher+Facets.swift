// SPDX-License-Identifier: Apache-2.0

/// How many documents found have a value.
public struct FacetCount: Sendable, Hashable {
  /// The value of a keyword field.
  public let value: String
  /// The number of documents.
  public let count: Int
}

/// How many documents found fall in a month or year.
public struct DateFacetCount: Sendable, Hashable {
  /// The year in the calendar asked for.
  public let year: Int
  /// The month, 1 to 12; `nil` where years were counted.
  public let month: Int?
  /// The number of documents.
  public let count: Int
}

/// What dates are counted by.
public enum DateFacetUnit: Sendable, Hashable {
  /// Years.
  case year
  /// Months of each year.
  case month
}

extension Searcher {
  /// Counts the documents that match a query by the value of a keyword field.
  ///
  ///     try searcher.facets(of: "source", for: .words("تعاونی"), limit: 5)
  ///
  /// - Parameters:
  ///   - field: The name of a keyword field.
  ///   - query: The query.
  ///   - limit: The most values to return, 0 or more.
  /// - Returns: The values with their counts, the largest first and equals in byte order; values of
  ///   no matching document are left out.
  /// - Throws: `.invalidArgument` where there is no such keyword field, and as
  ///   ``search(_:options:)``.
  /// - Complexity: O(*p*) in the postings of the query and of all values of the field.
  public func facets(
    of field: String, for query: Query = .all, limit: Int = 10
  ) throws(IndexError) -> [FacetCount] {
    let place = try place(of: field, kinds: [.keyword])
    let number = IndexedFields.terms(of: place)
    let compiled = try compiled(query, ranking: Ranking()).query
    var counts: [[UInt8]: Int] = [:]
    var list = DecodedPostings()
    for (index, segment) in engine.segments.enumerated() {
      let bits = try engine.matches(of: compiled, inSegment: index)
      var cursor = try TermExpander.cursor(segment.dictionary, from: [number])
      while try cursor.next(), cursor.key.first == number {
        try segment.postings.decode(
          cursor.info, lengths: segment.fields[Int(number)].lengths, hasPositions: false,
          into: &list)
        var count = 0
        for document in list.documents {
          count += Int(bits[Int(document) / 64] >> UInt64(document % 64) & 1)
        }
        if count > 0 { counts[cursor.key, default: 0] += count }
      }
    }
    return counts.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
    }.prefix(max(limit, 0)).map {
      FacetCount(value: String(decoding: $0.key.dropFirst(), as: UTF8.self), count: $0.value)
    }
  }

  /// Counts the documents that match a query by the month or year of a date field.
  ///
  ///     try searcher.dateFacets(of: "published", by: .month, for: .words("تعاونی"))
  ///
  /// - Parameters:
  ///   - field: The name of a date field.
  ///   - unit: Months or years.
  ///   - calendar: The calendar that they are of.
  ///   - query: The query.
  /// - Returns: The months or years that have documents, in time's order; documents without the date
  ///   are not counted.
  /// - Throws: `.invalidArgument` where there is no such date field, and as
  ///   ``search(_:options:)``.
  /// - Complexity: O(*p* + *m*) in the postings of the query and the documents that match.
  public func dateFacets(
    of field: String, by unit: DateFacetUnit, in calendar: Timestamp.Calendar = .jalali,
    for query: Query = .all
  ) throws(IndexError) -> [DateFacetCount] {
    let place = try place(of: field, kinds: [.date])
    var days: [Int64: Int] = [:]
    try forEachMatch(query) { segment, document in
      guard let seconds = segment.columnValue(place, document) else { return }
      days[seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400, default: 0] += 1
    }
    var counts: [[Int]: Int] = [:]
    for (day, count) in days {
      let date = Timestamp(secondsSince1970: day * 86_400).date(in: calendar)
      counts[unit == .year ? [date.year] : [date.year, date.month], default: 0] += count
    }
    return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
      DateFacetCount(
        year: $0.key[0], month: $0.key.count > 1 ? $0.key[1] : nil, count: $0.value)
    }
  }

  /// Calls a closure with every document that matches, in doc id order within each segment.
  func forEachMatch(
    _ query: Query, _ body: (SearchSegment, UInt32) -> Void
  ) throws(IndexError) {
    let compiled = try compiled(query, ranking: Ranking()).query
    for (index, segment) in engine.segments.enumerated() {
      for (place, word) in try engine.matches(of: compiled, inSegment: index).enumerated() {
        var rest = word
        while rest != 0 {
          body(segment, UInt32(place * 64 + rest.trailingZeroBitCount))
          rest &= rest - 1
        }
      }
    }
  }

  func place(of field: String, kinds: Set<Field.Kind>) throws(IndexError) -> Int {
    guard let place = schema.index(of: field), kinds.contains(schema.fields[place].kind) else {
      throw IndexError(
        .invalidArgument,
        "there is no field '\(field)' of the kind \(kinds.map { "\($0)" }.sorted())")
    }
    return place
  }
}
