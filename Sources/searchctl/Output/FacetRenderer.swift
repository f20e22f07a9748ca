// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Counts matches by the values of fields, for people or for programs.
struct FacetRenderer {
  /// One row of a facet.
  private struct Row {
    var value: String
    var count: Int
    var year: Int?
    var month: Int?
  }

  /// The most values of a keyword field that are shown.
  static let limit = 20

  let isJSON: Bool

  /// Writes the counts of one facet.
  ///
  /// - Parameters:
  ///   - text: The field as given to `--facet`: a keyword field, or a date field with `:month`, its
  ///     default, or `:year`; `:month:gregorian` counts by the other calendar.
  ///   - query: What the counted documents match.
  ///   - searcher: Where they are.
  ///   - console: Where the counts go.
  /// - Throws: ``Failure`` where the field cannot be counted by, and what the index throws.
  func write(
    _ text: String, for query: Query, in searcher: Searcher, to console: Console
  ) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    guard let place = searcher.schema.index(of: name) else {
      throw Failure(
        "--facet: there is no field '\(Sanitizer.visible(name))'",
        hint: "the fields are " + searcher.schema.fields.map(\.name).joined(separator: ", "))
    }
    let rows: [Row]
    switch searcher.schema.fields[place].kind {
    case .keyword where parts.count == 1:
      rows = try searcher.facets(of: name, for: query, limit: Self.limit).map {
        Row(value: $0.value, count: $0.count)
      }
    case .date:
      rows = try dates(name, Array(parts.dropFirst()), query, searcher)
    default:
      throw Failure(
        "--facet takes a keyword field, or a date field with :month or :year, not"
          + " '\(Sanitizer.visible(text))'")
    }
    try write(rows, of: name, to: console)
  }

  private func dates(
    _ name: String, _ rules: [String], _ query: Query, _ searcher: Searcher
  ) throws -> [Row] {
    var unit = DateFacetUnit.month
    var calendar = Timestamp.Calendar.jalali
    for rule in rules {
      switch rule {
      case "month": unit = .month
      case "year": unit = .year
      case "jalali": calendar = .jalali
      case "gregorian": calendar = .gregorian
      default:
        throw Failure(
          "--facet: dates are counted by month or year, jalali or gregorian, not by"
            + " '\(Sanitizer.visible(rule))'")
      }
    }
    return try searcher.dateFacets(of: name, by: unit, in: calendar, for: query).map { facet in
      let month = facet.month.map { $0 < 10 ? "/0\($0)" : "/\($0)" } ?? ""
      return Row(
        value: "\(facet.year)\(month)", count: facet.count, year: facet.year, month: facet.month)
    }
  }

  private func write(_ rows: [Row], of name: String, to console: Console) throws {
    if isJSON {
      for row in rows {
        var object = JSONObject(type: "facet")
        object.set("field", name)
        object.set("value", row.value)
        if let year = row.year { object.set("year", year) }
        if let month = row.month { object.set("month", month) }
        object.set("count", row.count)
        try console.output.writeLine(object.description)
      }
      return
    }
    let style = console.style
    try console.output.writeLine(style.bold("by \(Sanitizer.visible(name)):"))
    for row in rows {
      let value = row.year == nil ? Sanitizer.visible(row.value) : style.number(row.value)
      try console.output.writeLine("   \(style.number("\(row.count)"))\t\(style.isolated(value))")
    }
    try console.output.writeLine()
  }
}
