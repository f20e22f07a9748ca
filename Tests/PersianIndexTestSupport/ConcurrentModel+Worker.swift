// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Synchronization

extension ConcurrentModel {
  /// Makes random changes to the documents of one worker, and looks at them before they are
  /// committed.
  package func work(_ worker: Int, steps: Int, using generator: inout SeededGenerator) {
    do {
      for _ in 0..<steps {
        try gate.share { try step(worker, &generator) }
        count()
      }
    } catch {
      record("worker \(worker): \(error)")
    }
  }

  private func step(_ worker: Int, _ generator: inout SeededGenerator) throws {
    let writer = writer.withLock { $0 }
    let number =
      worker * Self.keysPerWorker + Int.random(in: 0..<Self.keysPerWorker, using: &generator)
    switch Int.random(in: 0..<1000, using: &generator) {
    case 0..<650:
      let entry = Self.randomEntry(using: &generator)
      try change(worker, [number: entry]) { () throws(IndexError) in
        try writer.update(Self.document(number, entry, worker: worker))
      }
    case 650..<980:
      try change(worker, [number: Entry?.none]) { () throws(IndexError) in
        try writer.delete(key: Self.key(number))
      }
    case 980..<990:
      let tag = Int.random(in: 0..<Self.tagCount, using: &generator)
      let doomed = parts[worker].withLock { part in
        part.current.filter { $0.value.tag == tag }.keys
      }
      let query = Query.boolean(
        filter: [.keyword("tag", "t\(tag)"), .keyword("owner", "w\(worker)")])
      let removed = Change(uniqueKeysWithValues: doomed.map { ($0, Entry?.none) })
      var deletedCount = 0
      try change(worker, removed) { () throws(IndexError) in
        deletedCount = try writer.delete(matching: query)
      }
      if deletedCount != doomed.count {
        record("\(deletedCount) in place of \(doomed.count) documents deleted by a query")
      }
    default:
      let expected = parts[worker].withLock { $0.current }
      let searcher = try writer.searcher()
      let content = try Self.content(of: searcher, owner: worker)
      if content != expected { record("worker \(worker) does not see its own changes") }
    }
  }

  private func change(
    _ worker: Int, _ change: Change, _ body: () throws(IndexError) -> Void
  ) throws(IndexError) {
    // The change is in the log before it can be in a commit, and counts as finished when it is in
    // every commit that begins.
    parts[worker].withLock { part in
      part.log.append(change)
      Self.apply(change, to: &part.current)
    }
    try body()
    parts[worker].withLock { $0.finishedCount += 1 }
  }

  static func apply(_ change: Change, to content: inout Content) {
    for (number, entry) in change { content[number] = entry }
  }

  static func key(_ number: Int) -> DocumentKey { DocumentKey("k\(number)") }

  private static func document(_ number: Int, _ entry: Entry, worker: Int) -> Document {
    Document(
      key: key(number),
      [
        "body": .text(entry.words.map { "و\($0)" }.joined(separator: " ")),
        "tag": .text("t\(entry.tag)"), "owner": .text("w\(worker)"),
        "number": .integer(Int64(entry.number)),
      ])
  }

  private static func randomEntry(using generator: inout SeededGenerator) -> Entry {
    Entry(
      words: (0..<Int.random(in: 0..<10, using: &generator)).map { _ in
        Int.random(in: 0..<vocabulary, using: &generator)
      }, tag: Int.random(in: 0..<tagCount, using: &generator),
      number: Int.random(in: 0..<1000, using: &generator))
  }

  /// Reads everything that a searcher sees; a key that is there twice is an error.
  static func content(of searcher: Searcher, owner: Int? = nil) throws -> Content {
    var content: Content = [:]
    try searcher.forEachDocument { document in
      guard let number = Int(document.key.text.dropFirst()),
        owner.map({ number / keysPerWorker == $0 }) ?? true
      else { return }
      let words = document.fields["body"]?.description.split(separator: " ") ?? []
      let entry = Entry(
        words: words.compactMap { Int($0.dropFirst()) },
        tag: Int(document.fields["tag"]?.description.dropFirst() ?? "") ?? -1,
        number: Int(document.fields["number"]?.description ?? "") ?? -1)
      if content.updateValue(entry, forKey: number) != nil {
        throw IndexError(.corrupt, "the key \(document.key) is there twice")
      }
    }
    return content
  }
}
