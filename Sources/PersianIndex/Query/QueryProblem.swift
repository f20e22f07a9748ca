// SPDX-License-Identifier: Apache-2.0

/// Something in the text of a query that could not be understood.
public struct QueryProblem: Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and what was done about it, in one line.
  public let message: String
  /// The part of the query's text concerned.
  public let fragment: String
  /// Where the fragment begins, in bytes of the text's UTF-8.
  public let offset: Int

  /// The message with the fragment and its offset.
  public var description: String {
    "\(message): «\(fragment)» (at byte \(offset))"
  }
}

/// A query made from text, with what was left out of it.
public struct ParsedQuery: Sendable, Hashable {
  /// The query.
  public let query: Query
  /// What was ignored or read otherwise than written, in text order; empty when all was understood.
  public let problems: [QueryProblem]
}
