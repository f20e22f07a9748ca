// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// Failures that users of other search libraries have met, where no other suite has them already.
struct KnownFailureTests {
  @Test func `a key is taken as it is, whatever an analyzer would make of it`() throws {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("body")), analyzer: PersianAnalyzer())
    let keys: [DocumentKey] = ["خبر/۱ A-b", "خبر/1 A-b", "خبر/۱ a-b", "کتاب ها", "کتاب‌ها", "كتاب"]
    try index.write { writer in
      for key in keys { try writer.add(Document(key: key, ["body": "متن"])) }
    }
    #expect(try index.searcher().documentCount == keys.count)
    // Deleting takes effect with the commit, and for the one key alone.
    try index.write { try $0.delete(key: "کتاب ها") }
    let searcher = try index.searcher()
    #expect(try searcher.address(of: "کتاب ها") == nil)
    #expect(try keys.count { try searcher.document(for: $0) != nil } == keys.count - 1)
    #expect(try searcher.count(.words("متن")) == keys.count - 1)
  }

  @Test func `a writer begins with the commit that it finds, not with one read before`() throws {
    let directory = MemoryDirectory()
    let early = try SmallIndex.write(to: directory)
    let other = try SearchIndex.open(in: directory, analyzer: SmallIndex.analyzer)
    let count = try early.statistics().documentCount
    for (number, index) in [other, early, other, early].enumerated() {
      try index.write(options: SmallIndex.options) { try $0.add(SmallIndex.document(number + 100)) }
    }
    #expect(try early.statistics().documentCount == count + 4)
    #expect(try early.check().isWhole)
    #expect(try early.check().leftOverFiles.isEmpty)
  }

  @Test func `empty and strange files that a killed writer left are cleared by the next`() throws {
    let directory = MemoryDirectory()
    let index = try SmallIndex.write(to: directory)
    let names: [IndexFileName] = [
      .segment(id: 4), .segment(id: 77), .liveDocs(segment: 1, generation: 9),
      .temporaryManifest(generation: 5), .temporaryManifest(generation: 99),
    ]
    for name in names { directory.replace(name.description, with: []) }
    let count = try index.searcher().documentCount
    #expect(try index.check().isWhole)
    #expect(try Set(index.check().leftOverFiles) == Set(names.map(\.description)))
    try index.write(options: SmallIndex.options) { try $0.add(SmallIndex.document(100)) }
    #expect(try index.searcher().documentCount == count + 1)
    #expect(try index.check().leftOverFiles.isEmpty)
  }

  @Test(arguments: [0, 100])
  func `a segment that a crash of the machine left empty or short is told and recovered from`(
    length: Int
  ) throws {
    let directory = MemoryDirectory()
    _ = try SmallIndex.write(to: directory)
    let name = try #require(directory.list().filter { $0.hasSuffix(".seg") }.min())
    directory.replace(name, with: try directory.bytes(of: name).prefix(length))
    let error = #expect(throws: IndexError.self) {
      try SearchIndex.open(in: directory, analyzer: SmallIndex.analyzer).searcher()
    }
    #expect(error?.code == .corrupt)
    #expect(error?.path?.contains(name) == true)
    var recovery = IndexRecovery(directory)
    let report = try recovery.run()
    #expect(report.losses.map(\.file) == [name])
    let index = try SearchIndex.open(in: directory, analyzer: SmallIndex.analyzer)
    #expect(try index.check().isWhole)
    #expect(try index.searcher().documentCount == report.documentCount)
    #expect(report.documentCount > 0)
  }

  // Over networks and on failing devices the same bytes are not always the same.
  @Test func `a byte that has changed since it was written is told with its file and place`()
    throws
  {
    let directory = MemoryDirectory()
    let index = try SmallIndex.write(to: directory)
    let name = try #require(directory.list().filter { $0.hasSuffix(".seg") }.max())
    var bytes = try directory.bytes(of: name)
    bytes[bytes.count / 2] ^= 0x10
    directory.replace(name, with: bytes)
    let report = try index.check()
    #expect(!report.isWhole)
    let problem = try #require(report.problems.first)
    #expect(problem.path?.contains(name) == true)
    #expect(problem.offset != nil)
  }
}
