// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct CIFFTests {
  private let schema = Schema(.text("text"))

  private func index(_ texts: [(DocumentKey, String)]) throws -> SearchIndex {
    let index = try SearchIndex.inMemory(schema: schema, analyzer: WhitespaceAnalyzer())
    try index.write { writer in
      for (key, text) in texts { try writer.add(Document(key: key, ["text": .text(text)])) }
    }
    return index
  }

  private func exported(_ index: SearchIndex) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try index.searcher().exportCIFF(of: "text", description: "t") { bytes += $0 }
    return bytes
  }

  private func imported(_ bytes: [UInt8]) throws -> SearchIndex {
    let folder = try TemporaryDirectory()
    try folder.directory.write("file.ciff", bytes)
    let index = try SearchIndex.inMemory(schema: schema, analyzer: WhitespaceAnalyzer())
    try index.importCIFF(at: folder.path + "/file.ciff", into: "text")
    return index
  }

  /// What `x y x` and `y` are in CIFF, by hand from the specification.
  private let example: [UInt8] = [
    0x18, 0x08, 1, 0x10, 2, 0x18, 2, 0x20, 2, 0x28, 2, 0x30, 4,
    0x39, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x42, 1, 0x74,
    0x0B, 0x0A, 1, 0x78, 0x10, 1, 0x18, 2, 0x22, 2, 0x10, 2,
    0x11, 0x0A, 1, 0x79, 0x10, 2, 0x18, 2, 0x22, 2, 0x10, 1, 0x22, 4, 0x08, 1, 0x10, 1,
    0x05, 0x12, 1, 0x61, 0x18, 3,
    0x07, 0x08, 1, 0x12, 1, 0x62, 0x18, 1,
  ]

  @Test func `The file is byte for byte what the specification asks for`() throws {
    #expect(try exported(index([("a", "x y x"), ("b", "y")])) == example)
  }

  private func texts(_ count: Int, seed: UInt64) -> [(DocumentKey, String)] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      let words = (0..<Int.random(in: 0...150, using: &generator)).map { _ in
        "w\(min(Int.random(in: 0..<40, using: &generator), Int.random(in: 0..<40, using: &generator)))"
      }
      return (DocumentKey("d\(number)"), words.joined(separator: " "))
    }
  }

  @Test func `An index that was exported and imported again answers the same`() throws {
    let source = try index(texts(400, seed: 3))
    let (whole, copy) = (try source.searcher(), try imported(exported(source)).searcher())
    #expect(copy.documentCount == 400)
    for query in ["w0", "w3 w17", "w39 w38 w1", "w5 w6 w7 w8"] {
      // The file has no positions, by which the best are told apart further.
      var options = SearchOptions(limit: 50)
      options.ranking.rescoredCount = 0
      let expected = try whole.best(.words(query), options: options).documents
      let found = try copy.best(.words(query), options: options).documents
      #expect(
        try found.map { try copy.key(at: $0.address) }
          == expected.map { try whole.key(at: $0.address) })
      #expect(found.map(\.score) == expected.map(\.score))
    }
    #expect(try exported(imported(exported(source))) == exported(source))
  }

  @Test func `Deleted documents stay behind`() throws {
    let source = try index([("a", "x y x"), ("gone", "z y"), ("b", "y")])
    try source.write { try $0.delete(key: "gone") }
    #expect(try exported(source) == example)
  }

  @Test func `A file that is cut off anywhere is refused, and nothing is imported`() throws {
    let folder = try TemporaryDirectory()
    let target = try index([("kept", "x")])
    for length in 0..<example.count {
      let name = "cut\(length).ciff"
      try folder.directory.write(name, Array(example[..<length]))
      let error = #expect(throws: IndexError.self) {
        try target.importCIFF(at: "\(folder.path)/\(name)", into: "text")
      }
      #expect(error?.code == .corrupt)
    }
    #expect(try target.searcher().documentCount == 1)
  }

  @Test(arguments: [
    (26, 0x08), (36, 9), (29, 0x78 - 0x40), (33, 2), (51, 7), (54, 0), (57, 0x61 + 0x80),
    (59, 0x10),
    (2, 2), (4, 3), (6, 1), (64, 0x61),
  ])
  func `A file that contradicts itself is refused or taken without a trap`(
    place: Int, value: Int
  ) throws {
    var bytes = example
    bytes[place] = UInt8(value)
    do {
      _ = try imported(bytes).searcher().best(.words("x y"))
    } catch let error as IndexError {
      #expect(error.code == .corrupt)
    }
  }

  @Test func `Lists in another order are sorted, and a term with two lists is refused`() throws {
    let (header, x, y, rest) = (example[..<25], example[25..<37], example[37..<55], example[55...])
    let swapped = try imported(Array(header + y + x + rest))
    #expect(try exported(swapped).dropFirst(25) == example.dropFirst(25))
    #expect(throws: IndexError.self) { try imported(Array(header + x + x + rest)) }
  }

  @Test func `Two documents of one key are refused`() {
    var bytes = example
    bytes[bytes.count - 3] = 0x61
    #expect(throws: IndexError.self) { try imported(bytes) }
  }
}
