// SPDX-License-Identifier: Apache-2.0

package import PersianIndex

/// The index that every format version keeps a copy of, written by the build that introduced it.
///
/// The copies are in Tests/Fixtures/index-format-N and stay for ever; what they hold is described
/// here and must not change. A new version gets its copy by
/// `RECORD_FIXTURES=1 swift test --filter GoldenIndexTests`, which never replaces one.
package enum GoldenIndex {
  package static let schema = Schema(
    .text("title", weight: 2), .text("body"), .keyword("tag"), .integer("number"),
    .number("share"), .date("published"), .stored("note"))
  package static let analyzer = WhitespaceAnalyzer()
  package static let userData = Array("آنچه برنامه گذاشت".utf8)

  /// The documents of each segment, before the deletions.
  package static var segments: [[Document]] {
    [(0..<1060).map(common), (0..<48).map(rare), (48..<52).map(rare)]
  }

  /// The keys of the documents that are deleted.
  package static var deletedKeys: Set<String> {
    Set((0..<1060).filter { $0 % 53 == 7 }.map { "\($0)" } + ["خبر/3", "خبر/40"])
  }

  /// The documents of the index.
  package static var documents: [Document] {
    segments.joined().filter { !deletedKeys.contains($0.key.text) }
  }

  /// The folder of a version's copy.
  package static func path(formatVersion: Int) -> String {
    let folders = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    return folders.joined(separator: "/") + "/Fixtures/index-format-\(formatVersion)"
  }

  // So many that the pairs of common words have lists, and full blocks.
  private static func common(_ number: Int) -> Document {
    Document(
      key: DocumentKey("\(number)"),
      ["body": .text(number % 3 == 0 ? "از این کتاب" : "این از کتاب \(number % 5)")])
  }

  // Every kind of field, and keys that are texts.
  private static func rare(_ number: Int) -> Document {
    Document(
      key: DocumentKey("خبر/\(number)"),
      [
        "title": .text("عنوان \(number)"),
        "body": .text((0...number % 7).map { "واژه\(number * $0 % 11)" }.joined(separator: " ")),
        "tag": .text("گروه \(number % 4)"), "number": .integer(Int64(number) * 1_000_003 - 7),
        "share": .number(Double(number) / 8),
        "published": .date(Timestamp(secondsSince1970: Int64(number) * 86_400 * 31)),
        "note": .text("یادداشت \(number)"),
      ])
  }

  /// Writes the index.
  ///
  /// - Parameter directory: An empty directory.
  /// - Throws: What the directory throws.
  package static func write(to directory: any StorageDirectory) throws(IndexError) {
    let index = try SearchIndex.create(in: directory, schema: schema, analyzer: analyzer)
    let writer = try index.writer(options: SmallIndex.options)
    for segment in segments {
      for document in segment { try writer.add(document) }
      try writer.commit()
    }
    for key in deletedKeys.sorted() { try writer.delete(key: DocumentKey(key)) }
    try writer.setUserData(userData)
    try writer.commit()
    writer.close()
    let store = ManifestStore(directory)
    guard let newest = try store.newest() else { return }
    for generation in try store.generations() where generation < newest.generation {
      try directory.remove(IndexFileName.manifest(generation: generation).description)
    }
    for name in try directory.list() where IndexFileName(name) == nil {
      try directory.remove(name)
    }
  }
}
