// SPDX-License-Identifier: Apache-2.0
import PersianIndex
import Testing

struct WordBoundaryTests {
  private func count(_ query: Query, analyzer: any Analyzer) throws -> Int {
    let index = try SearchIndex.inMemory(schema: Schema(.text("body")), analyzer: analyzer)
    try index.write { writer in
      try writer.add(Document(key: "1", ["body": "سرای آن ها"]))
      try writer.add(Document(key: "2", ["body": "سرای آنها"]))
    }
    return try index.searcher().count(query)
  }

  @Test func `an analyzer that only splits at spaces finds «آن ها» only where the space is`() throws
  {
    #expect(try count(.phrase("آن ها"), analyzer: WhitespaceAnalyzer()) == 1)
    #expect(try count(.words("آن ها"), analyzer: WhitespaceAnalyzer()) == 1)
    #expect(try count(.words("آنها"), analyzer: WhitespaceAnalyzer()) == 1)
  }

  @Test func `the Persian analyzer finds «آن ها» with and without the space`() throws {
    #expect(try count(.words("آن ها"), analyzer: PersianAnalyzer()) == 2)
  }
}
