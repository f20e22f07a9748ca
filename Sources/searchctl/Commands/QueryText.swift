// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Makes the query of a command line from its words and filters.
enum QueryText {
  /// Reads the operands as a query and combines it with the filters.
  ///
  /// What could not be understood is told on standard error, unless `--strict` makes it a failure.
  static func query(_ arguments: Arguments, schema: Schema) throws -> Query {
    let parser = QueryParser(schema: schema)
    let text = arguments.operands.joined(separator: " ")
    let query: Query
    if arguments.has(Options.strict) {
      query = try parser.parseStrictly(text)
    } else {
      let parsed = parser.parse(text)
      for problem in parsed.problems {
        Console.report("searchctl: query: " + Sanitizer.visible(problem.description))
      }
      query = parsed.query
    }
    return filtered(query, by: try filters(arguments, schema: schema))
  }

  /// The queries of `--filter`; a filter that is not understood would let too much through.
  static func filters(_ arguments: Arguments, schema: Schema) throws -> [Query] {
    let parser = QueryParser(schema: schema)
    return try arguments.strings(Options.filter).map { try parser.parseStrictly($0) }
  }

  static func filtered(_ query: Query, by filters: [Query]) -> Query {
    filters.isEmpty ? query : .boolean(must: [query], filter: filters)
  }
}
