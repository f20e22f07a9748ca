// SPDX-License-Identifier: Apache-2.0

package import PersianIndex
import Synchronization

/// What an index is meant to hold while several tasks change it at once, and the changes themselves.
///
/// Each worker changes documents of its own, so that what it has done is known exactly. Commits,
/// rollbacks and merges come from one coordinator; a commit may come in the middle of the workers'
/// changes, and must then hold, of each worker, everything it had finished before the commit began,
/// nothing it began after the commit had returned, and of the rest a beginning.
package final class ConcurrentModel: Sendable {
  /// A document as the model knows it.
  package struct Entry: Hashable, Sendable {
    package var words: [Int]
    package var tag: Int
    package var number: Int
  }

  /// The documents by the numbers in their keys.
  package typealias Content = [Int: Entry]

  /// A change of one or more documents in one step; `nil` for a document that is deleted.
  typealias Change = [Int: Entry?]

  /// The state of one worker's documents.
  struct Part {
    var committed: Content = [:]
    var current: Content = [:]
    /// The changes since the last commit, in their order.
    var log: [Change] = []
    /// How many of them have returned.
    var finishedCount = 0
  }

  package static let schema = Schema(
    .text("body"), .keyword("tag"), .keyword("owner"), .integer("number"))
  package static let workerCount = 4
  static let keysPerWorker = 150
  static let tagCount = 7
  static let vocabulary = 60

  package let index: SearchIndex
  let gate = SharedGate()
  let parts: [Monitor<Part>]
  let writer: Mutex<IndexWriter>
  let problemList = Mutex<[String]>([])
  let operationCount = Atomic(0)
  let commitCount = Atomic(0)
  let options: IndexWriterOptions
  /// The content of each commit, as the coordinator knows it.
  let commits = Mutex<[UInt64: Content]>([:])

  /// What was not as it should be.
  package var problems: [String] { problemList.withLock { $0 } }
  /// The number of operations so far.
  package var operations: Int { operationCount.load(ordering: .relaxed) }

  /// The number of commits that have been compared.
  package var comparedCommits: Int { commitCount.load(ordering: .relaxed) }

  package init(
    _ directory: any StorageDirectory, options: IndexWriterOptions
  ) throws(IndexError) {
    index = try SearchIndex.create(
      in: directory, schema: Self.schema, analyzer: WhitespaceAnalyzer())
    self.options = options
    writer = Mutex(try index.writer(options: options))
    parts = (0..<Self.workerCount).map { _ in Monitor(Part()) }
  }

  func record(_ problem: String) {
    problemList.withLock { $0.append(problem) }
  }

  func count(_ operations: Int = 1) {
    operationCount.add(operations, ordering: .relaxed)
  }
}
