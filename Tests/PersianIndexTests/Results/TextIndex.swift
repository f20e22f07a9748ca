// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// An index in memory of texts in one field, each under its number.
enum TextIndex {
  /// Indexes some texts.
  ///
  /// - Parameters:
  ///   - texts: The texts; the key of each is its place.
  ///   - step: After how many of them there is a commit, and with it a new segment.
  /// - Returns: A searcher of all.
  /// - Throws: What the writer throws.
  static func searcher(_ texts: [String], commitEvery step: Int = .max) throws -> Searcher {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("body")), analyzer: PersianAnalyzer())
    let writer = try index.writer()
    for (number, text) in texts.enumerated() {
      try writer.add(Document(key: DocumentKey("\(number)"), ["body": .text(text)]))
      if number % step == step - 1 { try writer.commit() }
    }
    try writer.commit()
    writer.close()
    return try index.searcher()
  }
}
