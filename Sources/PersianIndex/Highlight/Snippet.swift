// SPDX-License-Identifier: Apache-2.0

/// The passages of a text that best show why a document was found.
///
///     for hit in try searcher.search("تعاونی‌ها", limit: 10) {
///       print(hit.snippet(of: "body").marked(with: "<b>", "</b>"))
///     }
///
/// A match marks the whole written word with its affixes and half-spaces, in whatever spelling the
/// text has it.
public struct Snippet: Sendable, Hashable {
  /// A run of text that is marked or is not.
  public struct Piece: Sendable, Hashable {
    /// The text, each run of white space in it one space.
    public let text: String
    /// Whether the query found this.
    public let isMatch: Bool
    /// The bytes of the original text's UTF-8 that it came from; `nil` for an ellipsis.
    public let utf8Range: Range<Int>?
  }

  /// The pieces in text order; their texts joined are the snippet.
  public let pieces: [Piece]

  /// The snippet without marks.
  public var text: String {
    pieces.map(\.text).joined()
  }

  /// Whether anything in the snippet was found by the query.
  public var hasMatch: Bool {
    pieces.contains(where: \.isMatch)
  }

  /// Returns the snippet with its matches between two marks.
  ///
  /// - Parameters:
  ///   - opening: What stands before each match.
  ///   - closing: What stands after each match.
  ///   - isIsolated: Whether the whole is put between U+2068 and U+2069, which keeps text of
  ///     another direction around it in place.
  /// - Returns: The marked text. The text itself is not escaped for HTML; see ``pieces`` for that.
  public func marked(
    with opening: String, _ closing: String, isIsolated: Bool = false
  ) -> String {
    let body = pieces.map { $0.isMatch ? opening + $0.text + closing : $0.text }.joined()
    return isIsolated ? "\u{2068}" + body + "\u{2069}" : body
  }
}

extension Snippet: CustomStringConvertible {
  /// The snippet with its matches in square brackets.
  public var description: String {
    marked(with: "[", "]")
  }
}
