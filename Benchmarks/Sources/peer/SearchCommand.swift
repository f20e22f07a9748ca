// SPDX-License-Identifier: Apache-2.0

/// Times the queries of a file against an index, as the protocol of `Benchmarks/README.md` asks.
struct SearchCommand {
  private let engine: OpenIndex
  private let groups: [(className: String, queries: [TestQuery])]
  private let commands: [(name: String, command: Command)]
  private let timing: Timing
  private let clock = ContinuousClock()

  init(_ arguments: Arguments) throws {
    timing = try Timing(arguments)
    groups = TestQuery.grouped(try TestQuery.read(path: try arguments.text("queries")))
    let names = arguments.text("commands", default: "TOP_10,TOP_100,COUNT,TOP_10_COUNT")
    commands = try names.split(separator: ",").map { (String($0), try Command(String($0))) }
    let started = clock.now
    let rescored = try arguments.number("rescored", default: -1)
    engine = try OpenIndex(
      path: try arguments.text("index"), mode: try Mode(arguments.text("mode", default: "pre")),
      rescoredCount: rescored < 0 ? nil : rescored)
    let opened = (clock.now - started).microseconds / 1_000
    print(
      "{\"meta\":{\"engine\":\"persianindex\",\"version\":\(JSONText.quoted(OpenIndex.version)),"
        + "\"docs\":\(engine.documentCount),\"segments\":\(engine.segmentCount),"
        + "\"open_ms\":\(JSON.number(opened))}}")
  }

  func run() throws {
    for (name, command) in commands {
      try warmUp(command)
      for (className, queries) in groups {
        try time(command, name, className, queries)
      }
    }
  }

  private func warmUp(_ command: Command) throws {
    let started = clock.now
    for pass in 0..<timing.warmUpPasses {
      if pass > 0, clock.now - started > .seconds(20) { break }
      for (_, queries) in groups {
        for query in queries { _ = try engine.answer(command, query.text) }
      }
    }
  }

  private func time(
    _ command: Command, _ commandName: String, _ className: String, _ queries: [TestQuery]
  ) throws {
    var times = [[Double]](repeating: [], count: queries.count)
    var counts = [Int](repeating: 0, count: queries.count)
    let started = clock.now
    var passes = 0
    while passes < timing.passes.upperBound,
      passes < timing.passes.lowerBound || clock.now - started < timing.budget
    {
      for (index, query) in queries.enumerated() {
        let before = clock.now
        counts[index] = try engine.answer(command, query.text)
        times[index].append((clock.now - before).microseconds)
      }
      passes += 1
    }
    for (index, query) in queries.enumerated() {
      let sorted = times[index].sorted()
      var line =
        "{\"class\":\(JSONText.quoted(className)),\"command\":\"\(commandName)\","
        + "\"query\":\(JSONText.quoted(query.text)),\"count\":\(counts[index]),"
        + "\"micros\":\(JSON.number(sorted[passes / 2])),"
        + "\"best\":\(JSON.number(sorted[0])),\"passes\":\(passes)"
      if commandName == "TOP_10" {
        let hits = try engine.hits(query.text, limit: 10)
        let pairs = hits.map { "[\($0.ordinal),\($0.score)]" }
        line += ",\"top\":[\(pairs.joined(separator: ","))]"
      }
      print(line + "}")
    }
  }
}
