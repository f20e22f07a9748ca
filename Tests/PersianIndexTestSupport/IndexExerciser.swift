// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// Uses an index in every way there is, and counts the errors; only a trap or a hang is a failure.
package struct IndexExerciser {
  /// The calls that succeeded.
  package private(set) var successes = 0
  /// The errors by their codes.
  package private(set) var errors: [IndexError.Code: Int] = [:]

  private static let queries: [Query] = [
    .all, .words("همه"), .words("همه واژه1 واژه16 عنوان"), .phrase("همه واژه0"),
    .phrase("واژه0 واژه8", slop: 3), .prefix("وا"), .wildcard("*ه1*"),
    .fuzzy("واژه1", distance: 1), .range("number", from: .integer(3), through: .integer(20)),
    .range("published", from: nil, through: nil), .keyword("tag", "t1"),
    .field("title", .words("عنوان 3")),
    .boolean(must: [.words("همه")], should: [.words("واژه1")], mustNot: [.words("واژه2")]),
    .boolean(must: [.words("همه"), .words("واژه0")], filter: [.keyword("tag", "t0")]),
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
      }
      do {
        try searcher.forEachDocument { _ in }
      } catch {
        inner.errors[.corrupt, default: 0] += 1
      }
      if writing { inner.write(index) }
    }
    successes += inner.successes
    errors.merge(inner.errors, uniquingKeysWith: +)
    if checking {
      attempt { () throws(IndexError) in _ = try IndexChecker(directory).check() }
      attempt { () throws(IndexError) in
        var recovery = IndexRecovery(directory)
        _ = try recovery.run()
      }
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
      errors[error.code, default: 0] += 1
    }
  }
}
