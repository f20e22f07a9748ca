// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// Uses an index in every way there is, and counts the errors; only a trap or a hang is a failure.
package struct IndexExerciser {
  /// The calls that succeeded.
  package private(set) var successes = 0
  /// The errors by their codes.
  package private(set) var errors: [IndexError.Code: Int] = [:]
  /// The messages of errors, their numbers left out: what was found to be wrong.
  package private(set) var messages: Set<String> = []

  private static let queries: [Query] = [
    .all, .words("همه"), .words("همه واژه1 واژه16 عنوان"), .phrase("همه واژه0"),
    .phrase("واژه0 واژه8", slop: 3), .prefix("وا"), .wildcard("*ه1*"),
    .fuzzy("واژه1", distance: 1), .range("number", from: .integer(3), through: .integer(20)),
    .range("published", from: nil, through: nil), .keyword("tag", "t1"),
    .field("title", .words("عنوان 3")),
    .boolean(must: [.words("همه")], should: [.words("واژه1")], mustNot: [.words("واژه2")]),
    .boolean(must: [.words("همه"), .words("واژه0")], filter: [.keyword("tag", "t0")]),
    .phrase("همه از این"), .phrase("از این", slop: 2),
  ]

  package init() {}

  /// Opens, searches, reads, checks and, where wished, recovers and rewrites an index.
  package mutating func run(
    _ directory: MemoryDirectory, checking: Bool, writing: Bool, query: Int
  ) {
    var inner = IndexExerciser()
    attempt { () throws(IndexError) in
      let index = try SearchIndex.open(in: directory, analyzer: SmallIndex.analyzer)
      let searcher = try index.searcher()
      for place in [query, query + 1, query + 2] {
        let query = Self.queries[place % Self.queries.count]
        inner.attempt { () throws(IndexError) in
          _ = try searcher.search(query, options: SearchOptions(limit: 5))
        }
        inner.attempt { () throws(IndexError) in _ = try searcher.count(query) }
      }
      inner.attempt { () throws(IndexError) in
        _ = try searcher.document(for: DocumentKey("3"))
        _ = try searcher.document(for: DocumentKey("خبر/3"))
      }
      inner.attemptAny { try searcher.forEachDocument { _ in } }
      inner.look(searcher, query)
      if writing { inner.write(index) }
    }
    successes += inner.successes
    errors.merge(inner.errors, uniquingKeysWith: +)
    messages.formUnion(inner.messages)
    if checking {
      attempt { () throws(IndexError) in _ = try IndexChecker(directory).check() }
      attempt { () throws(IndexError) in
        var recovery = IndexRecovery(directory)
        _ = try recovery.run()
      }
    }
  }

  // What is not a plain search, in turn.
  private mutating func look(_ searcher: Searcher, _ number: Int) {
    let query = Self.queries[number % Self.queries.count]
    switch number % 8 {
    case 0: attempt { () throws(IndexError) in _ = try searcher.sorted(query, by: "number") }
    case 1: attempt { () throws(IndexError) in _ = try searcher.facets(of: "tag", for: query) }
    case 2:
      attempt { () throws(IndexError) in
        _ = try searcher.dateFacets(of: "published", by: .month, for: query)
      }
    case 3: attempt { () throws(IndexError) in _ = try searcher.similar(to: "3") }
    case 4:
      attempt { () throws(IndexError) in _ = try searcher.explain(query, document: "3") }
    case 5: attemptAny { try searcher.forEachTerm(in: "body") { try $0.postings().count >= 0 } }
    case 6:
      attempt { () throws(IndexError) in
        _ = try searcher.vocabulary().suggestions(for: "واژ همه")
        _ = try searcher.collectionStatistics(for: [query])
      }
    default: attemptAny { try searcher.exportCIFF(of: "body") { _ in } }
    }
  }

  private mutating func write(_ index: SearchIndex) {
    attempt { () throws(IndexError) in
      let writer = try index.writer(options: SmallIndex.options)
      defer { writer.close() }
      try writer.update(SmallIndex.document(5))
      try writer.delete(key: DocumentKey("7"))
      try writer.commit()
      try writer.optimize()
      try writer.commit()
    }
  }

  private mutating func attempt(_ body: () throws(IndexError) -> Void) {
    do throws(IndexError) {
      try body()
      successes += 1
    } catch {
      note(error)
    }
  }

  private mutating func attemptAny(_ body: () throws -> Void) {
    do {
      try body()
      successes += 1
    } catch {
      note(error as? IndexError ?? IndexError(.corrupt, "\(error)"))
    }
  }

  private mutating func note(_ error: IndexError) {
    errors[error.code, default: 0] += 1
    messages.insert(
      "\(error.code) " + error.message.filter { !$0.isNumber && !$0.isHexDigit })
  }
}
