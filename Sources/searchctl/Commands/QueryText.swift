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

  /// The ranking of `--ranking`; what it does not name keeps its default.
  static func ranking(_ arguments: Arguments) throws -> Ranking {
    var ranking = Ranking()
    // Without a weight of its own, the words of the best documents have none.
    var feedback = RelevanceFeedback(weight: 0)
    for part in arguments.string(Options.ranking)?.split(separator: ",") ?? [] {
      let halves = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard halves.count == 2, let value = Float(halves[1]), value >= 0, value.isFinite else {
        throw Failure(
          "--ranking takes NAME=NUMBER, not '\(Sanitizer.visible(String(part)))'",
          hint: "as in k1=1.2,stop=0.3; NUMBER is at least 0")
      }
      switch halves[0] {
      case "k1": ranking.bm25.k1 = value
      case "b" where value <= 1: ranking.bm25.b = value
      case "stop": ranking.stopWordWeight = value
      case "form": ranking.writtenFormWeight = value
      case "part": ranking.partWeight = value
      case "adjacency": ranking.adjacencyWeight = value
      case "nearness": ranking.nearnessWeight = value
      case "opening": ranking.openingWeight = value
      case "slip": ranking.slipWeight = value
      case "feedback" where value < 1: feedback.weight = value
      case "feedback-documents" where value >= 1 && value <= 1_000:
        feedback.documentCount = Int(value)
      case "feedback-terms" where value >= 1 && value <= 1_000: feedback.termCount = Int(value)
      case "rescored" where value <= 1_000_000: ranking.rescoredCount = Int(value)
      default:
        throw Failure(
          "--ranking does not know '\(Sanitizer.visible(String(part)))'",
          hint: "it takes k1, b (at most 1), stop, form, part, adjacency, nearness, opening,"
            + " slip, rescored, feedback (below 1), feedback-documents and feedback-terms")
      }
    }
    if feedback.weight > 0 { ranking.feedback = feedback }
    return ranking
  }

  /// The order of `--sort`; `nil` where it is that of the scores.
  static func sort(_ arguments: Arguments) throws -> SortOrder? {
    guard let text = arguments.string(Options.sort) else { return nil }
    let halves = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let field = halves.first, !field.isEmpty, halves.count <= 2,
      let isDescending = ["asc": false, "desc": true][halves.count == 2 ? halves[1] : "asc"]
    else {
      throw Failure(
        "--sort takes FIELD, FIELD:asc or FIELD:desc, not '\(Sanitizer.visible(text))'")
    }
    return SortOrder(by: field, isDescending: isDescending)
  }
}
