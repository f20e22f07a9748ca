// SPDX-License-Identifier: Apache-2.0

package import PersianIndex
import Synchronization

extension ConcurrentModel {
  /// Asks random questions and compares every answer with one that the model gives.
  ///
  /// - Parameters:
  ///   - searcher: The searcher of the round before; `nil` for a new one.
  ///   - generator: Where the random choices come from.
  package func read(_ searcher: inout Searcher?, using generator: inout SeededGenerator) {
    do {
      let current =
        try searcher.map { older throws(IndexError) in try index.searcher(refreshing: older) }
        ?? index.searcher()
      searcher = current
      let content = try Self.content(of: current)
      let generation = current.generation
      commits.withLock { commits in
        if let known = commits[generation], known != content {
          record("a reader sees another commit \(generation)")
        }
        commits[generation] = content
        // Two commits before the newest known one nobody will be asked about it any more.
        if commits.count > 1000 {
          for old in commits.keys where old + 500 < generation { commits[old] = nil }
        }
      }
      for _ in 0..<40 {
        try ask(current, content, &generator)
        count()
      }
    } catch {
      record("reader: \(error)")
    }
  }

  private func ask(
    _ searcher: Searcher, _ content: Content, _ generator: inout SeededGenerator
  ) throws {
    let number = Int.random(
      in: 0..<Self.workerCount * Self.keysPerWorker, using: &generator)
    let isThere = try searcher.address(of: Self.key(number)) != nil
    if isThere != (content[number] != nil) { record("key \(number) is there: \(isThere)") }
    let (query, matches) = Self.randomQuestion(using: &generator)
    let expected = Set(content.filter { matches($0.value) }.keys)
    var found: Set<Int> = []
    for document in try searcher.best(query, options: SearchOptions(limit: 10_000)).documents {
      let key = try searcher.key(at: document.address)
      if let number = Int(key.text.dropFirst()) { found.insert(number) }
    }
    let counted = try searcher.count(query)
    if found != expected || counted != expected.count {
      record(
        "\(query) in commit \(searcher.generation): \(found.count) found, \(counted) counted, "
          + "\(expected.count) expected")
    }
  }

  private static func randomQuestion(
    using generator: inout SeededGenerator
  ) -> (Query, (Entry) -> Bool) {
    let first = Int.random(in: 0..<vocabulary, using: &generator)
    let second = Int.random(in: 0..<vocabulary, using: &generator)
    let tag = Int.random(in: 0..<tagCount, using: &generator)
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return (.all, { _ in true })
    case 1: return (.words("و\(first)"), { $0.words.contains(first) })
    case 2:
      return (
        .words("و\(first) و\(second)"), { $0.words.contains(first) || $0.words.contains(second) }
      )
    case 3:
      return (
        .phrase("و\(first) و\(second)"),
        { entry in
          zip(entry.words, entry.words.dropFirst()).contains { $0 == first && $1 == second }
        }
      )
    case 4: return (.keyword("tag", "t\(tag)"), { $0.tag == tag })
    case 5:
      let bounds = min(first, second) * 10...max(first, second) * 10
      return (
        .range(
          "number", from: .integer(Int64(bounds.lowerBound)),
          through: .integer(Int64(bounds.upperBound))), { bounds.contains($0.number) }
      )
    case 6:
      return (
        .boolean(must: [.words("و\(first)")], mustNot: [.keyword("tag", "t\(tag)")]),
        { $0.words.contains(first) && $0.tag != tag }
      )
    default:
      return (
        .boolean(must: [.prefix("و\(first % 6)"), .words("و\(second)")]),
        { entry in
          entry.words.contains(second)
            && entry.words.contains { "\($0)".hasPrefix("\(first % 6)") }
        }
      )
    }
  }
}
