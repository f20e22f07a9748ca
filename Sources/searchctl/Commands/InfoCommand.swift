// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// `searchctl info`: what the index is and holds.
enum InfoCommand {
  static let command = Command(
    name: "info", summary: "print what the index holds", operand: .nothing,
    options: [Options.index, Options.json, Options.digits],
    discussion: [], examples: [.init(line: "searchctl info --json", summary: "for programs")]
  ) { arguments, console in
    let location = try IndexLocation(arguments)
    let index = try OpenIndex.index(at: location)
    let statistics = try index.statistics()
    let table = FileTable(try index.searcher().userData)
    if arguments.has(Options.json) {
      try console.output.writeLine(object(location, index, statistics, table).description)
      return .success
    }
    let style = console.style
    let fields = index.schema.fields.map { "\($0.name) (\($0.kind))" }.joined(separator: ", ")
    var rows = [
      ("index", location.shown),
      ("documents", style.number("\(statistics.documentCount)")),
      ("deleted", style.number("\(statistics.deletedDocumentCount)")),
      ("segments", style.number("\(statistics.segmentCount)")),
      ("size", style.number(NumberText.size(UInt64(statistics.sizeInBytes)))),
      ("format", style.number("\(statistics.formatVersion)")),
      ("analyzer", statistics.analyzer),
      ("fields", fields),
    ]
    if let table { rows.append(("files", style.number("\(table.entries.count)"))) }
    for (name, value) in rows {
      let label = name + ":" + String(repeating: " ", count: 11 - name.count)
      try console.output.writeLine(label + Sanitizer.visible(value))
    }
    return .success
  }

  private static func object(
    _ location: IndexLocation, _ index: SearchIndex, _ statistics: IndexStatistics,
    _ table: FileTable?
  ) -> JSONObject {
    var object = JSONObject(type: "info")
    object.set("index", location.directory)
    object.set([
      "documentCount": statistics.documentCount,
      "deletedDocumentCount": statistics.deletedDocumentCount,
      "segmentCount": statistics.segmentCount,
    ])
    object.set("sizeInBytes", statistics.sizeInBytes)
    object.set("formatVersion", statistics.formatVersion)
    object.set("generation", statistics.generation)
    object.set("analyzer", statistics.analyzer)
    object.set(
      "fields",
      index.schema.fields.map { field in
        var member = JSONObject()
        member.set("name", field.name)
        member.set("kind", "\(field.kind)")
        return member
      })
    if let table { object.set("fileCount", table.entries.count) }
    return object
  }
}
