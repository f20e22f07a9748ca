// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl recover`: restores what is whole of a damaged index.
enum RecoverCommand {
  static let command = Command(
    name: "recover", summary: "restore what is whole of a damaged index",
    operand: .nothing, options: [Options.index, Options.wait, Options.json],
    discussion: [
      "Segments that are whole are kept. Damaged files get the ending .damaged and stay for"
        + " examination. What was lost is told; where it came from files, `searchctl index --rebuild`"
        + " brings it back. An index that is whole is left as it is."
    ], examples: [.init(line: "searchctl verify || searchctl recover", summary: "where needed")]
  ) { arguments, console in
    let location = try IndexLocation(arguments)
    let report = try OpenIndex.orExplain(location) { () throws(IndexError) in
      try SearchIndex.recover(
        at: location.directory, waitingUpTo: OpenIndex.patience(arguments))
    }
    if arguments.has(Options.json) {
      for loss in report.losses {
        var object = JSONObject(type: "loss")
        object.set("file", loss.file)
        if let count = loss.documentCount { object.set("documentCount", count) }
        object.set("reason", loss.reason)
        try console.output.writeLine(object.description)
      }
      var summary = JSONObject(type: "summary")
      summary.set("formatVersion", JSONObject.formatVersion)
      summary.set("isChanged", report.isChanged)
      summary.set("documentCount", report.documentCount)
      summary.set("setAside", report.setAside)
      try console.output.writeLine(summary.description)
      return .success
    }
    for loss in report.losses {
      let count = loss.documentCount.map { "\(NumberText.count($0, "document")) lost: " } ?? ""
      try console.output.writeLine(Sanitizer.visible("\(loss.file): \(count)\(loss.reason)"))
    }
    try console.output.flush()
    console.note(
      report.isChanged
        ? "restored: \(NumberText.count(report.documentCount, "document"))"
        : "the index is whole; nothing was changed")
    return .success
  }
}
