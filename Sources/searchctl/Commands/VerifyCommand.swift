// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl verify`: checks everything that is written in the index.
enum VerifyCommand {
  static let command = Command(
    name: "verify", summary: "check every checksum, order and cross-reference of the index",
    operand: .nothing, options: [Options.index, Options.json],
    discussion: [
      "It reads the whole index and changes nothing. The exit status is 1 where something is wrong;"
        + " `searchctl recover` restores what is whole."
    ], examples: [.init(line: "searchctl verify && echo whole", summary: "after a crash")],
    run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ console: Console
  ) throws -> ExitStatus {
    let location = try IndexLocation(arguments)
    let report = try OpenIndex.orExplain(location) { () throws(IndexError) in
      try SearchIndex.check(at: location.directory)
    }
    let documents = report.segments.reduce(0) { $0 + $1.documentCount - $1.deletedDocumentCount }
    if arguments.has(Options.json) {
      for problem in report.problems {
        var object = JSONObject(type: "problem")
        object.set("message", problem.message)
        if let path = problem.path { object.set("path", path) }
        if let offset = problem.offset { object.set("offset", offset) }
        try console.output.writeLine(object.description)
      }
      var summary = JSONObject(type: "summary")
      summary.set("formatVersion", JSONObject.formatVersion)
      summary.set("isWhole", report.isWhole)
      summary.set("segmentCount", report.segments.count)
      summary.set("documentCount", documents)
      summary.set("termCount", report.segments.reduce(0) { $0 + $1.termCount })
      summary.set("postingCount", report.segments.reduce(0) { $0 + $1.postingCount })
      summary.set("leftOverFiles", report.leftOverFiles)
      try console.output.writeLine(summary.description)
    } else {
      for problem in report.problems {
        try console.output.writeLine(Sanitizer.visible(problem.description))
      }
      try console.output.flush()
      console.note(
        report.isWhole
          ? "whole: \(NumberText.count(documents, "document")) in"
            + " \(NumberText.count(report.segments.count, "segment"))"
          : "\(NumberText.count(report.problems.count, "problem"));"
            + " `searchctl recover` restores what is whole")
    }
    return report.isWhole ? .success : .none
  }
}
