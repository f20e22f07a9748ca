// SPDX-License-Identifier: Apache-2.0

/// Opens an index, answers one query and ends: what a cold start costs.
struct FirstCommand {
  private let path: String
  private let query: String
  private let mode: Mode

  init(_ arguments: Arguments) throws(Failure) {
    path = try arguments.text("index")
    query = try arguments.text("query")
    mode = try Mode(arguments.text("mode", default: "pre"))
  }

  func run() throws {
    let engine = try OpenIndex(path: path, mode: mode)
    let hits = try engine.hits(query, limit: 10)
    let pairs = hits.map { "[\($0.ordinal),\($0.score)]" }
    print("{\"docs\":\(engine.documentCount),\"top\":[\(pairs.joined(separator: ","))]}")
  }
}
