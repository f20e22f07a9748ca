// SPDX-License-Identifier: Apache-2.0

/// What to search for: a value that programs build and that ``QueryParser`` makes from text.
///
///     let query = Query.boolean(
///       must: [.phrase("تعاونی توسعه و عمران")],
///       should: [.field("title", .words("اصفهان"))],
///       mustNot: [.words("ورزش")])
///
/// Texts in a query are analysed by the index's own analyzer, so any spelling of a word finds every
/// other. A query without a field searches all text fields of the schema.
public enum Query: Sendable, Hashable {
  /// Every document, with the score 0.
  case all
  /// Documents with any of the words of a text, ranked by how well they match them all.
  case words(String)
  /// Documents where the words of a text stand in this order, with at most `slop` words between
  /// or out of place; 0 asks for the exact phrase.
  case phrase(String, slop: Int = 0)
  /// Documents with a term that begins with a text.
  case prefix(String)
  /// Documents with a term that matches a pattern: `*` stands for any letters, `?` for one.
  case wildcard(String)
  /// Documents with a term at most `distance` letters away: letters inserted, left out, replaced
  /// or swapped with their neighbour; 1 or 2.
  case fuzzy(String, distance: Int = 1)
  /// Documents whose integer, number or date field lies between two values, both included; `nil`
  /// leaves that end open. Its score is 0.
  case range(String, from: FieldValue?, through: FieldValue?)
  /// Documents whose keyword field holds exactly this value.
  case keyword(String, String)
  /// A query that searches only the named text field.
  indirect case field(String, Query)
  /// A combination of queries.
  ///
  /// A document matches when it matches all of `must` and `filter`, none of `mustNot`, and, where
  /// `must` and `filter` are empty, at least one of `should`. The scores of `must` and `should`
  /// add up; `filter` and `mustNot` do not score.
  case boolean(
    must: [Query] = [], should: [Query] = [], mustNot: [Query] = [], filter: [Query] = [])
  /// A query whose score is multiplied by a factor of at least 0.
  indirect case boosted(Query, by: Double)
}
