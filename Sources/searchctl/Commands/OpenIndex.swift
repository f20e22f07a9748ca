// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Opens the index that a command line speaks of.
enum OpenIndex {
  static func index(at location: IndexLocation) throws -> SearchIndex {
    try orExplain(location) { () throws(IndexError) in
      try SearchIndex.open(at: location.directory)
    }
  }

  /// The searcher of a command line, over all indexes that it names.
  static func searcher(_ arguments: Arguments) throws -> Searcher {
    let paths = arguments.strings(Options.indexes)
    guard paths.count > 1 else { return try searcher(at: IndexLocation(arguments)) }
    let folder = try Environment.currentDirectory()
    return try Searcher(
      over: paths.map { try index(at: IndexLocation(named: $0, in: folder)) })
  }

  static func searcher(at location: IndexLocation) throws -> Searcher {
    try index(at: location).searcher()
  }

  /// Opens a writer; another one is waited for as long as `--wait` says, or until it has finished
  /// what it was about to.
  static func writer(
    of index: SearchIndex, waitingUpTo seconds: Double,
    options: IndexWriterOptions = IndexWriterOptions()
  ) throws -> IndexWriter {
    var left = seconds
    while true {
      do throws(IndexError) {
        return try index.writer(options: options, waitingUpTo: min(left, 0.5))
      } catch {
        left -= 0.5
        guard error.code == .locked, left > 0 else { throw error }
      }
      // An interrupt ends the waiting, too.
      try Signals.check()
    }
  }

  /// How long the options of a command let a writer wait, in seconds.
  static func patience(_ arguments: Arguments) -> Double {
    arguments.number(Options.wait).map(Double.init) ?? 0.5
  }

  /// Runs a closure, and says in the tool's words where there is no index and what helps where it
  /// is damaged.
  static func orExplain<Result>(
    _ location: IndexLocation, _ body: () throws(IndexError) -> Result
  ) throws -> Result {
    do throws(IndexError) {
      return try body()
    } catch {
      guard error.code == .notFound else { throw error }
      throw Failure(
        "no index at \(location.shown)", hint: "create one with `searchctl index PATH`")
    }
  }
}
