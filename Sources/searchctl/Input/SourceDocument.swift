// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// A document as a file gave it, before it meets the schema of an index.
struct SourceDocument: Sendable {
  var key: String
  var title: String?
  var text: String
  var published: Timestamp?
  /// The file it came from, as named in the index; `nil` for standard input.
  var path: String?
  /// What else a record holds.
  var members: [JSONValue.Member] = []

  /// The longest title that is kept, in characters.
  static let titleLength = 120

  /// The first line that says something, cut at a word where it is long.
  static func title(ofText text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline).lazy {
      // A heading of Markdown is a title without its signs.
      let content = Sanitizer.running(String(line.drop { $0 == "#" || $0.isWhitespace }))
      if !content.isEmpty { return shortened(content, to: titleLength) }
    }
    return nil
  }

  /// Cuts a text at a space before the limit, and says so with an ellipsis.
  static func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit else { return text }
    let head = text.prefix(limit)
    if let space = head.lastIndex(of: " "), space > head.startIndex {
      return head[..<space] + "…"
    }
    return head + "…"
  }
}
