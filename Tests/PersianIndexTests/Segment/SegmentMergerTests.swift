// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct SegmentMergerTests {
  private struct Sample {
    var key: String
    var sequence: UInt64
    var body: [String]
    var tag: String
    var number: Int64?
  }

  private static let fields = IndexedFields(kinds: [.text, .keyword, .integer])

  private func samples(_ count: Int, seed: UInt64) -> [Sample] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      Sample(
        key: "document \(index)", sequence: UInt64(index * 3 + 1),
        body: (0..<Int.random(in: 0...30, using: &generator)).map { _ in
          let rank = Double.random(in: 0..<1, using: &generator)
          return "w\(Int(rank * rank * 60))"
        },
        tag: "t\(Int.random(in: 0..<4, using: &generator))",
        number: Bool.random(using: &generator) ? Int64(index) * 10 : nil)
    }
  }

  private func segment(
    _ samples: [Sample], in directory: MemoryDirectory, id: UInt64
  ) throws -> SegmentReader {
    var buffer = IndexingBuffer(fields: Self.fields, capacity: 0, seed: id)
    var tokens = TokenBuffer()
    for sample in samples {
      Array(sample.key.utf8).withUnsafeBytes { key in
        buffer.beginDocument(key: key, sequence: sample.sequence, stored: key)
      }
      tokens.removeAll()
      for word in sample.body {
        Array(word.utf8).withUnsafeBufferPointer {
          tokens.append(term: $0, form: $0, range: 0..<1)
        }
      }
      buffer.addText(tokens, field: 0)
      Array(sample.tag.utf8).withUnsafeBufferPointer { buffer.addKeyword($0, field: 1) }
      if let number = sample.number { buffer.setColumn(number, field: 2) }
    }
    return try SegmentReader(buffer.flush(to: directory, segmentID: id).entry, in: directory)
  }

  /// Every posting of a segment as text, with the document's key in place of its number.
  private func postings(of reader: SegmentReader) throws -> Set<String> {
    var result: Set<String> = []
    var cursor = try reader.dictionary.cursor(from: UnsafeBufferPointer(start: nil, count: 0))
    var list = DecodedPostings()
    while try cursor.next() {
      let field = cursor.key[0]
      try reader.postings.decode(
        cursor.info, lengths: reader.searchFields[Int(field)].lengths,
        hasPositions: Self.fields.hasPositions(field), into: &list)
      #expect(list.documents == list.documents.sorted())
      var start = 0
      for (document, frequency) in zip(list.documents, list.frequencies) {
        let end = list.positions.isEmpty ? start : start + Int(frequency)
        let key = String(decoding: try reader.keys.key(of: document), as: UTF8.self)
        result.insert("\(cursor.key) \(key) \(frequency) \(list.positions[start..<end])")
        start = end
      }
    }
    return result
  }

  /// What a segment holds of every document besides its postings, in the order of the keys.
  private func documents(of reader: SegmentReader) throws -> [String] {
    try (0..<UInt32(reader.documentCount)).map { document in
      let key = String(decoding: try reader.keys.key(of: document), as: UTF8.self)
      let stored = String(decoding: try reader.stored.document(document), as: UTF8.self)
      let length = reader.lengths(of: 0)[Int(document)]
      let column = reader.column(2, document: document).map { "\($0)" } ?? "none"
      return "\(key) \(stored) \(length) \(column) \(reader.sequences[document])"
    }.sorted()
  }

  @Test(arguments: [false, true])
  func `A merged segment is what indexing the live documents at once gives`(
    reordered: Bool
  ) throws {
    let directory = MemoryDirectory()
    let all = samples(400, seed: 5)
    // Every third document goes to one segment each, so that the orders interleave; a block of
    // its own comes last.
    let parts = (0..<3).map { part in all[..<300].enumerated().filter { $0.offset % 3 == part } }
    var readers = try parts.enumerated().map { index, part in
      try segment(part.map(\.element), in: directory, id: UInt64(index + 1))
    }
    readers.append(try segment(Array(all[300...]), in: directory, id: 4))
    var live = readers.map { LiveDocs(documentCount: $0.documentCount) }
    var expected = all
    for (source, document) in [(0, 0), (0, 99), (1, 50), (3, 10), (3, 11)] {
      live[source].delete(UInt32(document))
      let key = String(
        decoding: try readers[source].keys.key(of: UInt32(document)), as: UTF8.self)
      expected.removeAll { $0.key == key }
    }
    var merger = try SegmentMerger(
      zip(readers, live).map { SegmentMerger.Source($0, live: $1) })
    #expect(merger.documentCount == expected.count)
    if reordered { try merger.reorder() }
    let merged = try SegmentReader(
      merger.write(to: directory, segmentID: 9), in: directory)
    let whole = try segment(expected, in: directory, id: 10)
    #expect(try postings(of: merged) == postings(of: whole))
    #expect(try documents(of: merged) == documents(of: whole))
    #expect(merged.dictionary.count == whole.dictionary.count)
    #expect(merged.sequences.isAscending == !reordered)
    try merged.file.verify()
    for (source, reader) in readers.enumerated() {
      for document in 0..<UInt32(reader.documentCount) {
        let place = merger.newDocuments[source][Int(document)]
        guard live[source].isLive(document) else {
          #expect(place == SegmentMerger.dropped)
          continue
        }
        #expect(try merged.keys.key(of: place) == reader.keys.key(of: document))
      }
    }
  }

  @Test func `Reordering brings documents of one subject together`() throws {
    let directory = MemoryDirectory()
    var generator = SeededGenerator(seed: 3)
    let documents = (0..<512).map { index in
      Sample(
        key: "\(index % 4)", sequence: UInt64(index),
        body: (0..<20).map { _ in "s\(index % 4)w\(Int.random(in: 0..<30, using: &generator))" },
        tag: "t")
    }
    let reader = try segment(documents, in: directory, id: 1)
    var merger = try SegmentMerger([SegmentMerger.Source(reader, live: nil)])
    try merger.reorder()
    let merged = try SegmentReader(merger.write(to: directory, segmentID: 2), in: directory)
    let subjects = try (0..<512).map { try merged.keys.key(of: UInt32($0)) }
    let changes = zip(subjects, subjects.dropFirst()).filter { $0 != $1 }.count
    #expect(changes == 3)
    #expect(merged.file.section(.postings)?.count ?? 0 < reader.file.section(.postings)?.count ?? 0)
  }

  @Test func `A merge can be cancelled and leaves no file`() throws {
    let directory = MemoryDirectory()
    let words = (0..<3000).map { "w\($0)" }
    let sample = Sample(key: "a", sequence: 0, body: words, tag: "t")
    let reader = try segment([sample], in: directory, id: 1)
    let merger = try SegmentMerger([SegmentMerger.Source(reader, live: nil)])
    #expect(throws: IndexError.self) {
      _ = try merger.write(to: directory, segmentID: 2, isCancelled: { true })
    }
    #expect(try directory.list() == ["segment-0000000000000001.seg"])
  }
}
