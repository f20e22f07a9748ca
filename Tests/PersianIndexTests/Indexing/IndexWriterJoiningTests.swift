// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct IndexWriterJoiningTests {
  private let schema = Schema(.text("title", weight: 2), .text("body"), .integer("year"))

  private func index(_ documents: [Document], deleting keys: [DocumentKey] = []) throws
    -> SearchIndex
  {
    let index = try SearchIndex.inMemory(schema: schema)
    for document in documents { try index.write { try $0.add(document) } }
    if !keys.isEmpty { try index.write { for key in keys { try $0.delete(key: key) } } }
    return index
  }

  private func document(_ key: DocumentKey, _ body: String, year: Int64 = 1399) -> Document {
    Document(key: key, ["title": "عنوان", "body": .text(body), "year": .integer(year)])
  }

  private func contents(of index: SearchIndex) throws -> [DocumentKey: String] {
    var contents: [DocumentKey: String] = [:]
    try index.searcher().forEachDocument { document in
      contents[document.key] = document["body"]?.description
    }
    return contents
  }

  @Test func `The documents of another index come along with their values`() throws {
    let target = try index([document("a", "یک")])
    let source = try index([document("b", "دو", year: 1398), document("c", "سه")])
    let count = try target.write { try $0.add(contentsOf: source) }
    #expect(count == 2)
    #expect(try contents(of: target) == ["a": "یک", "b": "دو", "c": "سه"])
    let found = try target.searcher().document(for: "b")
    #expect(found == document("b", "دو", year: 1398))
  }

  @Test func `A document added later wins over one of the same key`() throws {
    let target = try index([document("a", "کهنه"), document("b", "مانده")])
    let source = try index([document("a", "تازه")])
    try target.write { try $0.add(contentsOf: source) }
    #expect(try contents(of: target) == ["a": "تازه", "b": "مانده"])
    try target.write { try $0.add(document("a", "تازه‌تر")) }
    #expect(try contents(of: target) == ["a": "تازه‌تر", "b": "مانده"])
    #expect(try target.statistics().documentCount == 2)
  }

  @Test func `What was deleted in the other index stays away`() throws {
    let source = try index(
      [document("a", "یک"), document("b", "دو"), document("c", "سه")], deleting: ["b"])
    let target = try index([document("b", "از پیش")])
    try target.write { try $0.add(contentsOf: source) }
    #expect(try contents(of: target) == ["a": "یک", "b": "از پیش", "c": "سه"])
  }

  @Test func `An index whose documents are all deleted adds nothing`() throws {
    let source = try index([document("a", "یک")], deleting: ["a"])
    let target = try index([])
    #expect(try target.write { try $0.add(contentsOf: source) } == 0)
    #expect(try target.searcher().documentCount == 0)
  }

  @Test func `Nothing is added when the changes are taken back`() throws {
    let target = try index([document("a", "یک")])
    let source = try index([document("a", "دو"), document("b", "سه")])
    let writer = try target.writer()
    try writer.add(contentsOf: source)
    try writer.rollback()
    try writer.commit()
    writer.close()
    #expect(try contents(of: target) == ["a": "یک"])
  }

  @Test func `Deleting before joining spares what is joined after`() throws {
    let target = try index([document("a", "یک")])
    let source = try index([document("a", "دو")])
    try target.write { writer in
      try writer.delete(key: "a")
      try writer.add(contentsOf: source)
    }
    #expect(try contents(of: target) == ["a": "دو"])
  }

  @Test func `Merging makes one index, in which the last of equal keys stays`() throws {
    let folder = try TemporaryDirectory()
    let first = try index([document("a", "یک"), document("b", "دو")])
    let second = try index([document("b", "دوی تازه"), document("c", "سه")])
    let path = folder.path + "/merged"
    let merged = try SearchIndex.merge([first, second], into: path)
    #expect(try contents(of: merged) == ["a": "یک", "b": "دوی تازه", "c": "سه"])
    #expect(throws: IndexError.self) { try SearchIndex.merge([first], into: path) }
  }

  @Test func `Another schema is refused, and nothing is added`() throws {
    let target = try index([document("a", "یک")])
    let other = try SearchIndex.inMemory(schema: Schema(.text("body")))
    try other.write { try $0.add(Document(key: "x", ["body": "متن"])) }
    let error = #expect(throws: IndexError.self) {
      try target.write { try $0.add(contentsOf: other) }
    }
    #expect(error?.code == .invalidArgument)
    #expect(try contents(of: target) == ["a": "یک"])
  }

  @Test func `Another analyzer is refused`() throws {
    let target = try index([])
    let other = try SearchIndex.inMemory(schema: schema, analyzer: WhitespaceAnalyzer())
    let error = #expect(throws: IndexError.self) {
      try target.write { try $0.add(contentsOf: other) }
    }
    #expect(error?.code == .analyzerMismatch)
  }
}
