// SPDX-License-Identifier: Apache-2.0

/// What the ranking of some queries depends on beside the documents found: how many documents there
/// are, how long they are, and how many of them hold each term.
///
/// Where a collection is spread over indexes that live apart, each tells its own, the values are
/// added up, and with the sum each ranks as one index with all documents would:
///
///     var sum = try here.collectionStatistics(for: queries)
///     try sum.add(there.collectionStatistics(for: queries))
///     let hits = try here.ranked(by: sum).search("کتاب تاریخ")
///
/// The value travels as JSON text (``json``), or through any coder of the standard library's
/// `Codable`; both give the same members.
public struct CollectionStatistics: Sendable, Hashable {
  /// The version of the JSON text's shape, raised when a member changes its meaning.
  public static let formatVersion = 1

  /// What is known of one field.
  public struct Field: Sendable, Hashable, Codable {
    /// The field's name.
    public let name: String
    /// The sum of the field's lengths in tokens over all documents.
    public internal(set) var totalLength: UInt64
    /// How many documents have each term in the field; 0 for terms that were looked for in vain.
    public internal(set) var terms: [String: Int]
    /// How many documents have each written form in the field where its term is another; behind
    /// U+0000, how many have a term in another form than its own.
    public internal(set) var writtenForms: [String: Int]
  }

  /// The identity of the analyzer that made the terms.
  public let analyzer: String
  /// The number of documents, those included that are deleted and not yet dropped by a merge.
  public internal(set) var documentCount: Int
  /// The fields that are searched for words, in the order of the schema.
  public internal(set) var fields: [Field]

  init(analyzer: String, documentCount: Int, fields: [Field]) {
    self.analyzer = analyzer
    self.documentCount = documentCount
    self.fields = fields
  }

  /// Adds what another index knows.
  ///
  /// - Parameter other: The statistics of other documents, gathered for the same queries.
  /// - Throws: `.analyzerMismatch` where the other index was written with another analyzer,
  ///   `.invalidArgument` where it has other fields or the sum is too large; nothing is added then.
  /// - Complexity: O(*n*) in the terms of `other`.
  public mutating func add(_ other: CollectionStatistics) throws(IndexError) {
    guard analyzer == other.analyzer else {
      throw IndexError(
        .analyzerMismatch,
        "statistics of \(analyzer) and of \(other.analyzer) do not add up; index the documents of"
          + " both with the same analyzer")
    }
    guard fields.map(\.name) == other.fields.map(\.name) else {
      throw IndexError(.invalidArgument, "statistics of different fields do not add up")
    }
    var sum = self
    var isWhole = sum.documentCount.add(other.documentCount)
    for (index, field) in other.fields.enumerated() {
      isWhole = sum.fields[index].totalLength.add(field.totalLength) && isWhole
      for (term, count) in field.terms {
        isWhole = sum.fields[index].terms[term, default: 0].add(count) && isWhole
      }
      for (form, count) in field.writtenForms {
        isWhole = sum.fields[index].writtenForms[form, default: 0].add(count) && isWhole
      }
    }
    guard isWhole else { throw IndexError(.invalidArgument, "the sums exceed 64 bits") }
    self = sum
  }
}

extension FixedWidthInteger {
  /// Adds a number; says whether the sum fits, and leaves the number as it was where not.
  fileprivate mutating func add(_ other: Self) -> Bool {
    let (sum, overflow) = addingReportingOverflow(other)
    if !overflow { self = sum }
    return !overflow
  }
}

extension CollectionStatistics {
  /// Looks the terms of compiled queries up in some segments.
  package init(
    of keys: Set<[UInt8]>, in segments: [SearchSegment], schema: Schema, analyzer: String
  ) throws(IndexError) {
    var fields: [Field] = []
    var places: [Int: Int] = [:]
    for (number, field) in schema.fields.enumerated() where field.kind == .text {
      let indexed = Int(IndexedFields.terms(of: number))
      let total = segments.reduce(UInt64(0)) { sum, segment in
        sum &+ (indexed < segment.fields.count ? segment.fields[indexed].totalLength : 0)
      }
      places[number] = fields.count
      fields.append(
        Field(name: field.name, totalLength: total, terms: [:], writtenForms: [:]))
    }
    for key in keys {
      guard let number = key.first, let place = places[IndexedFields.field(of: number)] else {
        continue
      }
      var frequency = 0
      for segment in segments {
        let info = try key.withUnsafeBufferPointer { (key) throws(IndexError) in
          try segment.dictionary.find(key)
        }
        frequency += Int(info?.documentFrequency ?? 0)
      }
      let term = String(decoding: key.dropFirst(), as: UTF8.self)
      if number % 2 == 0 {
        fields[place].terms[term] = frequency
      } else {
        fields[place].writtenForms[term] = frequency
      }
    }
    self.init(
      analyzer: analyzer, documentCount: segments.reduce(0) { $0 + Int($1.documentCount) },
      fields: fields)
  }

  /// The statistics as evaluation takes them.
  ///
  /// - Throws: `.analyzerMismatch` where they are of another analyzer, `.invalidArgument` where they
  ///   are of other fields.
  package func rankingStatistics(
    schema: Schema, analyzer: String
  ) throws(IndexError) -> RankingStatistics {
    guard self.analyzer == analyzer else {
      throw IndexError(
        .analyzerMismatch,
        "the statistics are of an index written with \(self.analyzer), not with \(analyzer)")
    }
    let names = schema.fields.filter { $0.kind == .text }.map(\.name)
    guard names == fields.map(\.name) else {
      throw IndexError(
        .invalidArgument, "the statistics are of an index with other fields; gather them anew")
    }
    var result = RankingStatistics(
      documentCount: documentCount,
      totalLengths: [UInt64](repeating: UInt64(documentCount), count: 2 * schema.fields.count),
      documentFrequencies: [:])
    for field in fields {
      guard let number = schema.index(of: field.name) else { continue }
      for (indexed, terms) in [
        (IndexedFields.terms(of: number), field.terms),
        (IndexedFields.writtenForms(of: number), field.writtenForms),
      ] {
        result.totalLengths[Int(indexed)] = field.totalLength
        for (term, count) in terms {
          result.documentFrequencies[[indexed] + Array(term.utf8)] = count
        }
      }
    }
    return result
  }
}
