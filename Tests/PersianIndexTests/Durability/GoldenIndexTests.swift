// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct GoldenIndexTests {
  private static let versions = Array(
    SearchIndex.oldestFormatVersion...SearchIndex.formatVersion)

  @Test(.enabled(if: System.environment("RECORD_FIXTURES") != nil))
  func `the newest format version gets its copy, which stays for ever`() throws {
    let path = GoldenIndex.path(formatVersion: SearchIndex.formatVersion)
    guard !FileSystem.exists(path) else { return }
    let directory = FileDirectory(path)
    try directory.createFolder()
    try GoldenIndex.write(to: directory)
  }

  @Test(arguments: versions)
  func `an index of every format version is whole and gives everything back`(version: Int) throws {
    let path = GoldenIndex.path(formatVersion: version)
    let index = try SearchIndex.open(at: path)
    let report = try index.check()
    #expect(report.isWhole, "\(report.problems)")
    #expect(report.leftOverFiles.isEmpty)
    #expect(index.schema == GoldenIndex.schema)
    let searcher = try index.searcher()
    #expect(searcher.userData == GoldenIndex.userData)
    var read: [String: Document] = [:]
    try searcher.forEachDocument { read[$0.key.text] = $0 }
    let expected = GoldenIndex.documents
    #expect(read.count == expected.count)
    for document in expected {
      #expect(read[document.key.text]?.fields == document.fields)
      #expect(try searcher.document(for: document.key)?.fields == document.fields)
    }
    for key in GoldenIndex.deletedKeys {
      #expect(try searcher.address(of: DocumentKey(key)) == nil)
    }
  }

  @Test(arguments: versions)
  func `an index of every format version answers every kind of query`(version: Int) throws {
    let searcher = try SearchIndex.open(at: GoldenIndex.path(formatVersion: version)).searcher()
    let questions: [(Query, (Document) -> Bool)] = [
      (.all, { _ in true }),
      (.words("کتاب واژه3"), { Self.words($0).contains { ["کتاب", "واژه3"].contains($0) } }),
      (.phrase("از این"), { Self.has("از", "این", $0) }),
      (.phrase("این از"), { Self.has("این", "از", $0) }),
      (.phrase("واژه0 واژه5"), { Self.has("واژه0", "واژه5", $0) }),
      (.prefix("واژه1"), { Self.words($0).contains { $0.hasPrefix("واژه1") } }),
      (.keyword("tag", "گروه 2"), { $0.fields["tag"] == "گروه 2" }),
      (
        .range("number", from: .integer(5_000_000), through: .integer(20_000_000)),
        { document in
          guard case .integer(let number)? = document.fields["number"] else { return false }
          return (5_000_000...20_000_000).contains(number)
        }
      ),
      (
        .range("published", from: nil, through: .date(Timestamp(secondsSince1970: 86_400 * 31))),
        { ["خبر/0", "خبر/1"].contains($0.key.text) }
      ),
      (
        .range("share", from: .number(5), through: .number(5.25)),
        { ["خبر/40", "خبر/41", "خبر/42"].contains($0.key.text) }
      ),
      (
        .boolean(must: [.words("کتاب")], mustNot: [.words("4")]),
        { Self.words($0).contains("کتاب") && !Self.words($0).contains("4") }
      ),
    ]
    for (query, matches) in questions {
      let expected = Set(GoldenIndex.documents.filter(matches).map(\.key))
      let found = try searcher.search(query, options: SearchOptions(limit: 5000)).hits.map(\.key)
      #expect(Set(found) == expected, "\(query)")
      #expect(!expected.isEmpty)
      #expect(try searcher.count(query) == expected.count, "\(query)")
    }
  }

  @Test(arguments: versions)
  func `an index of every format version can be written to`(version: Int) throws {
    let copy = try SmallIndex.copy(
      of: FileDirectory(GoldenIndex.path(formatVersion: version)))
    let index = try SearchIndex.open(in: copy, analyzer: nil)
    try index.write { writer in
      try writer.update(Document(key: "خبر/1", ["title": "تازه"]))
      try writer.optimize()
    }
    #expect(try index.check().isWhole)
    let searcher = try index.searcher()
    #expect(searcher.documentCount == GoldenIndex.documents.count)
    #expect(try searcher.search("تازه").hits.map(\.key) == ["خبر/1"])
  }

  private static func words(_ document: Document) -> [Substring] {
    ["title", "body"].flatMap { document.fields[$0]?.description.split(separator: " ") ?? [] }
  }

  private static func has(_ first: String, _ second: String, _ document: Document) -> Bool {
    let words = document.fields["body"]?.description.split(separator: " ") ?? []
    return zip(words, words.dropFirst()).contains { $0 == first && $1 == second }
  }
}
