// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Compares every path of evaluation with the brute-force oracle over random indexes and queries.
///
/// `ORACLE_INDEXES` in the environment sets how many random indexes are tried (12 otherwise),
/// `ORACLE_SEED` which ones, `ORACLE_DOCUMENTS` the size of the greatest; every index answers 25
/// queries.
struct OracleTests {
  static var indexCount: Int {
    getenv("ORACLE_INDEXES").flatMap { Int(String(cString: $0)) } ?? 12
  }

  static var firstSeed: UInt64 {
    getenv("ORACLE_SEED").flatMap { UInt64(String(cString: $0)) } ?? 1
  }

  @Test
  func `every path returns what the textbook formula gives`() throws {
    for seed in Self.firstSeed..<Self.firstSeed + UInt64(Self.indexCount) {
      var random = SeededGenerator(seed: seed)
      let index = try SampleIndex.random(using: &random)
      let oracle = Oracle(index)
      for _ in 0..<25 {
        let query = CompiledQuery.random(using: &random, depth: 2)
        try Self.compare(index, oracle, query, "seed \(seed)", &random)
      }
    }
  }

  /// Compares the hits, scores, counts and matches of one query.
  static func compare(
    _ index: SampleIndex, _ oracle: Oracle, _ query: CompiledQuery, _ label: String,
    _ random: inout SeededGenerator
  ) throws {
    let expected = oracle.matches(query)
    let searcher = index.searcher
    #expect(try searcher.count(query) == expected.count, "\(label): count of \(query)")
    let limit = [1, 3, 10, 100, 5000].randomElement(using: &random) ?? 10
    let found = try searcher.search(query, limit: limit, needsTotal: true)
    #expect(found.total == expected.count, "\(label): total of \(query)")
    #expect(found.hits.count == min(limit, expected.count), "\(label): \(query)")
    let scores = Dictionary(
      uniqueKeysWithValues: expected.map { ($0.segment << 32 | $0.document, $0.score) })
    // A part of a score is rounded to 2^-23 of the greatest that a document could have, or of 1, and
    // the deepest queries have some twenty parts.
    let tolerance = 4e-6 * max(oracle.weight(query), 0.15)
    for (hit, best) in zip(found.hits, expected) {
      let own = scores[hit.segment << 32 | Int(hit.document)]
      #expect(
        abs((own ?? -1) - Double(hit.score)) < tolerance,
        "\(label): score of \(hit.segment)/\(hit.document) in \(query)")
      // Which of two documents of all but the same score comes first is a matter of rounding; the
      // score at each rank is not.
      #expect(
        abs(best.score - Double(hit.score)) < 2 * tolerance, "\(label): ranks of \(query)")
    }
    for hit in found.hits.prefix(3) {
      let explanation = try searcher.explain(
        query, segment: hit.segment, document: hit.document, fieldName: { "\($0)" })
      #expect(
        abs(Double((explanation?.score ?? -1) - hit.score)) < 2 * tolerance,
        "\(label): explanation of \(hit.segment)/\(hit.document) in \(query)")
    }
    for (a, b) in zip(found.hits, found.hits.dropFirst()) where a.score == b.score {
      #expect(a.sequence < b.sequence, "\(label): ties of \(query)")
    }
    for segment in index.documents.indices {
      let words = try searcher.matches(of: query, inSegment: segment)
      let bits = index.documents[segment].indices.filter {
        words[$0 / 64] >> UInt64($0 % 64) & 1 != 0
      }
      #expect(bits == expected.filter { $0.segment == segment }.map(\.document).sorted())
    }
  }
}

extension SampleIndex {
  /// The greatest number of documents of a segment; a window has 4,096.
  private static var indexSize: Int {
    getenv("ORACLE_DOCUMENTS").flatMap { Int(String(cString: $0)) } ?? 600
  }

  /// Makes an index of some segments with documents of skewed terms, lengths and repetitions.
  static func random(using random: inout SeededGenerator) throws -> SampleIndex {
    let segmentCount = [1, 1, 2, 4].randomElement(using: &random) ?? 1
    let size = [3, 40, 40, 400, indexSize].randomElement(using: &random) ?? 12
    let isShuffled = Bool.random(using: &random)
    let deletion = [0, 0, 5, 60].randomElement(using: &random) ?? 0
    var sequence: UInt64 = 0
    var segments: [[Document]] = []
    for _ in 0..<segmentCount {
      var segment: [Document] = []
      for _ in 0..<Int.random(in: 1...size, using: &random) {
        let length = [0, 3, 8, 30, 120].randomElement(using: &random) ?? 8
        let body = (0..<length).map { _ in Self.term(using: &random) }
        let title = (0..<Int.random(in: 0...4, using: &random)).map { _ in
          Self.term(using: &random)
        }
        var document = Document(
          fields: [body, title],
          value: Int.random(in: 0..<5, using: &random) == 0
            ? nil : Int64.random(in: -50...50, using: &random),
          isDeleted: Int.random(in: 0..<100, using: &random) < deletion)
        document.sequence = sequence
        sequence += UInt64.random(in: 1...3, using: &random)
        segment.append(document)
      }
      segments.append(isShuffled ? segment.shuffled(using: &random) : segment)
    }
    let bm25 =
      [BM25(), BM25(), BM25(k1: 0.6, b: 0.2), BM25(k1: 3, b: 1)].randomElement(using: &random)
      ?? BM25()
    return try SampleIndex(segments, hasPositions: [true, true], bm25: bm25)
  }

  /// A term: `a` is in most places, `h` hardly anywhere.
  static func term(using random: inout SeededGenerator) -> String {
    for letter in ["a", "b", "c", "d", "e", "f", "g"] where Bool.random(using: &random) {
      return letter
    }
    return "h\(Int.random(in: 0..<40, using: &random))"
  }
}

extension CompiledQuery {
  static func random(using random: inout SeededGenerator, depth: Int) -> CompiledQuery {
    let weight = [1, 1, 2, 0.25].randomElement(using: &random).map { Float($0) } ?? 1
    func clauses(_ count: ClosedRange<Int>, _ random: inout SeededGenerator) -> [CompiledQuery] {
      (0..<Int.random(in: count, using: &random)).map { _ in
        .random(using: &random, depth: depth - 1)
      }
    }
    func terms(_ count: ClosedRange<Int>, _ random: inout SeededGenerator) -> [CompiledQuery] {
      (0..<Int.random(in: count, using: &random)).map { _ in
        .term(.random(using: &random))
      }
    }
    switch Int.random(in: depth > 0 ? 0...14 : 0...5, using: &random) {
    case 0, 1, 2:
      return .term(.random(using: &random))
    case 3:
      return .phrase(.random(using: &random))
    case 4:
      let first = Int64.random(in: -60...40, using: &random)
      return .range(
        column: 0, values: first...first + Int64.random(in: 0...60, using: &random),
        weight: weight)
    case 5:
      return [.all, .none, .anyTerm(keys: [Self.key("h1"), Self.key("h2"), [1, 99]], weight: 2)]
        .randomElement(using: &random) ?? .all
    case 6, 7:
      return .boolean(CompiledBoolean(should: terms(1...8, &random)))
    case 8, 9:
      return .boolean(CompiledBoolean(must: terms(1...4, &random)))
    case 10:
      return .boolean(
        CompiledBoolean(must: terms(1...2, &random), should: terms(1...3, &random)))
    case 11:
      return .boolean(
        CompiledBoolean(
          must: terms(0...2, &random), should: terms(1...3, &random),
          mustNot: clauses(0...1, &random), filter: clauses(0...1, &random)))
    case 12:
      return .constant(.random(using: &random, depth: depth - 1), weight: weight)
    default:
      return .boolean(
        CompiledBoolean(
          must: clauses(0...2, &random), should: clauses(0...3, &random),
          mustNot: clauses(0...1, &random), filter: clauses(0...1, &random),
          minimumShould: Int.random(in: 0...2, using: &random)))
    }
  }

  static func key(_ term: String, field: UInt8 = 0) -> [UInt8] { [field] + Array(term.utf8) }
}

extension CompiledTerm {
  static func random(using random: inout SeededGenerator) -> CompiledTerm {
    let term = Int.random(in: 0..<30, using: &random) == 0 ? "zz" : SampleIndex.term(using: &random)
    let weight = [1, 1, 1, 0.5, 3].randomElement(using: &random).map { Float($0) } ?? 1
    var fields = [FieldKey(key: CompiledQuery.key(term))]
    if Int.random(in: 0..<3, using: &random) == 0 {
      fields.append(FieldKey(key: CompiledQuery.key(term, field: 1), weight: 2.5))
    }
    return CompiledTerm(fields: SmallArray(fields), weight: weight)
  }
}

extension CompiledPhrase {
  static func random(using random: inout SeededGenerator) -> CompiledPhrase {
    let count = Int.random(in: 1...3, using: &random)
    let keys = (0..<count).map { _ in CompiledQuery.key(SampleIndex.term(using: &random)) }
    var offsets: [UInt32] = []
    var offset: UInt32 = 0
    for _ in 0..<count {
      offsets.append(offset)
      offset += Int.random(in: 0..<6, using: &random) == 0 ? 2 : 1
    }
    return CompiledPhrase(
      keys: keys, offsets: offsets,
      slop: [0, 0, 0, 1, 3].randomElement(using: &random) ?? 0)
  }
}
