// SPDX-License-Identifier: Apache-2.0
import PersianIndex

/// Builds an index of a file of `ordinal TAB text` lines, in one folder that is emptied first.
struct BuildCommand {
  private let documents: String
  private let path: String
  private let mode: Mode
  private let isStored: Bool
  private let merges: Bool
  private let options: IndexWriterOptions

  init(_ arguments: Arguments) throws(Failure) {
    documents = try arguments.text("docs")
    path = try arguments.text("index")
    mode = try Mode(arguments.text("mode", default: "pre"))
    isStored = try arguments.number("stored", default: 0) == 1
    merges = try arguments.number("merge", default: 1) == 1
    let threads = try arguments.number("threads", default: 1)
    // 0 never, 1 as the options have it, else the documents from which on a merge reorders.
    let reordering = try arguments.number("reorder", default: 1)
    var options = IndexWriterOptions(
      memoryBudget: try arguments.number("ram-mb", default: 256) << 20, threadCount: threads,
      // What is measured on one thread must not work on two.
      mergesInBackground: threads > 1)
    if reordering != 1 { options.reorderingThreshold = reordering == 0 ? nil : reordering }
    self.options = options
  }

  func run() throws {
    try removeIndex(at: path)
    let clock = ContinuousClock()
    let started = clock.now
    let index = try SearchIndex.create(
      at: path, schema: Schema(.text(OpenIndex.field, isStored: isStored)),
      analyzer: mode.analyzer)
    let writer = try index.writer(options: options)
    var reader = try LineReader(path: documents)
    var count = 0
    while let line = try reader.next() {
      guard let (ordinal, text) = splitAtTab(line) else { continue }
      try writer.add(
        Document(key: DocumentKey(String(decoding: ordinal, as: UTF8.self))),
        field: OpenIndex.field, utf8: text)
      count += 1
    }
    try writer.commit()
    let indexed = clock.now
    if merges {
      try writer.optimize()
      try writer.commit()
    }
    writer.close()
    let merged = clock.now
    let statistics = try index.statistics()
    print(
      "{\"engine\":\"persianindex\",\"version\":\(JSONText.quoted(OpenIndex.version)),"
        + "\"docs\":\(count),\"segments\":\(statistics.segmentCount),"
        + "\"seconds\":{\"index\":\(JSON.number((indexed - started).seconds)),"
        + "\"merge\":\(JSON.number((merged - indexed).seconds))}}")
  }
}
