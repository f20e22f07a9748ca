// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// A seeded run of additions, updates, deletions, commits, rollbacks and merges, and a model of it.
///
/// It goes on after failures as a careful program would: it tries a commit again or rolls back.
package struct DurabilityScenario {
  /// The key and the text of every document of an index.
  package typealias Content = [String: String]

  package static let schema = Schema(.text("body"), .keyword("tag"), .integer("number"))
  package static let analyzer = WhitespaceAnalyzer()
  private static let options = IndexWriterOptions(
    memoryBudget: 1 << 20, threadCount: 1, mergePolicy: MergePolicy(segmentsPerTier: 3),
    mergesInBackground: false, reorderingThreshold: 20)

  /// What the index holds after each attempt to commit, if it succeeds; `nil` for no index.
  package private(set) var attempts: [Content?] = [nil]
  /// The last attempt that is known to have succeeded.
  package private(set) var acknowledged = 0
  /// What went against the writer's promises.
  package private(set) var problems: [String] = []

  private let directory: FaultInjectingDirectory
  private var generator: SeededGenerator
  private var model: Content = [:]
  private var writer: IndexWriter?

  package init(_ directory: FaultInjectingDirectory, seed: UInt64) {
    self.directory = directory
    generator = SeededGenerator(seed: seed)
  }

  /// Creates the index and makes a number of random steps; the last is a commit.
  package mutating func run(steps: Int) {
    create()
    for _ in 0..<steps { step() }
    commit()
    writer?.close()
    writer = nil
  }

  private mutating func create() {
    while true {
      let number = attempts.count
      attempts.append([:])
      directory.mark(number * 2)
      do throws(IndexError) {
        _ = try SearchIndex.create(
          in: directory, schema: Self.schema, analyzer: Self.analyzer)
        acknowledged = number
        directory.mark(number * 2 + 1)
        return
      } catch {
        // A failed creation may have succeeded all the same, but a power failure can undo it.
        if error.code == .alreadyExists { return }
        if !directory.hasFailed { problems.append("\(error) without a fault") }
      }
    }
  }

  private mutating func step() {
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<60: add()
    case 60..<74: delete()
    case 74..<86: commit()
    case 86..<89: rollback()
    case 89..<95: mutate { (writer) throws(IndexError) in _ = try writer.snapshot() }
    case 95..<97: mutate { (writer) throws(IndexError) in try writer.optimize() }
    default:
      writer?.close()
      writer = nil
      model = last
    }
    // A merge that fails leaves everything as it was.
    if Bool.random(using: &generator) { try? writer?.waitForMerges() }
  }

  private var last: Content { attempts[acknowledged] ?? [:] }

  private mutating func add() {
    let key = "k\(Int.random(in: 0..<40, using: &generator))"
    let number = Int.random(in: 0..<1000, using: &generator)
    let words = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in
      "و\(Int.random(in: 0..<30, using: &generator))"
    }
    let body = "\(number) " + words.joined(separator: " ")
    model[key] = body
    mutate { (writer) throws(IndexError) in
      let document = Document(
        key: DocumentKey(key),
        ["body": .text(body), "tag": .text("t\(number % 3)"), "number": .integer(Int64(number))])
      try writer.update(document)
    }
  }

  private mutating func delete() {
    let key = "k\(Int.random(in: 0..<40, using: &generator))"
    model[key] = nil
    mutate { (writer) throws(IndexError) in try writer.delete(key: DocumentKey(key)) }
  }

  private mutating func mutate(_ body: (IndexWriter) throws(IndexError) -> Void) {
    guard let writer = openWriter() else { return }
    do throws(IndexError) {
      try body(writer)
    } catch {
      rollback()
    }
  }

  private mutating func commit() {
    guard let writer = openWriter() else { return }
    if attempt(model, tries: 1, { () throws(IndexError) in try writer.commit() }) { return }
    if Bool.random(using: &generator) {
      // Merges may come between a commit that failed and the next try.
      try? writer.waitForMerges()
      if Bool.random(using: &generator) { try? writer.optimize() }
    }
    let isCommitted =
      attempt(model, tries: 1) { () throws(IndexError) in try writer.commit() }
    if !isCommitted { rollback() }
  }

  private mutating func rollback() {
    guard let writer = openWriter() else { return }
    let isDone = attempt(last, tries: 3) { () throws(IndexError) in try writer.rollback() }
    if !isDone { problems.append("rollback fails again and again") }
    model = last
  }

  private mutating func openWriter() -> IndexWriter? {
    if let writer { return writer }
    for _ in 0..<3 {
      writer = try? IndexWriter(directory, analyzer: Self.analyzer, options: Self.options)
      if let writer { return writer }
    }
    problems.append("the writer cannot be opened")
    return nil
  }

  // Every try is an attempt of its own, because a failed one may still be what a crash leaves.
  @discardableResult
  private mutating func attempt(
    _ content: Content, tries: Int, _ body: () throws(IndexError) -> Void
  ) -> Bool {
    for _ in 0..<tries {
      let number = attempts.count
      attempts.append(content)
      directory.mark(number * 2)
      do throws(IndexError) {
        try body()
        acknowledged = number
        directory.mark(number * 2 + 1)
        return true
      } catch {
        if !directory.hasFailed { problems.append("\(error) without a fault") }
      }
    }
    return false
  }

  /// Returns what the newest commit of a directory holds; `nil` where there is none.
  package static func content(
    of directory: any StorageDirectory
  ) throws(IndexError) -> Content? {
    guard try ManifestStore(directory).newest() != nil else { return nil }
    let searcher = try SearchIndex.open(in: directory, analyzer: analyzer).searcher()
    var content: Content = [:]
    do {
      try searcher.forEachDocument { document in
        guard case .text(let body)? = document.fields["body"] else { return }
        if content.updateValue(body, forKey: document.key.text) != nil {
          throw IndexError(.corrupt, "the key \(document.key) is there twice")
        }
      }
    } catch let error as IndexError {
      throw error
    } catch {
      throw IndexError(.io, "\(error)")
    }
    return content
  }
}
