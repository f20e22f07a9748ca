// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct StoredFieldsTests {
  private static func write(
    _ documents: [[UInt8]], slots: [UInt32]? = nil, draining: Bool = false, id: UInt64 = 1
  ) throws(IndexError) -> SegmentFile {
    let directory = MemoryDirectory()
    let file = try SegmentFileWriter(directory, segmentID: id)
    var writer = StoredFieldsWriter()
    for document in documents {
      document.withRawBytes { _ = writer.append($0) }
      if draining { try writer.drain(to: file) }
    }
    try writer.finish(to: file, slots: slots)
    _ = try file.finish()
    return try SegmentFile(directory.open(IndexFileName.segment(id: id).description))
  }

  private static func documents(
    _ count: Int, longest: Int, using generator: inout SeededGenerator
  ) -> [[UInt8]] {
    (0..<count).map { _ in [UInt8].random(upTo: longest, alphabet: 0...9, using: &generator) }
  }

  @Test(arguments: [0, 1, 2, 500], [false, true])
  func `documents come back in any order`(count: Int, draining: Bool) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let documents = Self.documents(count, longest: 1000, using: &generator)
    let reader = try StoredFieldsReader(Self.write(documents, draining: draining))
    #expect(reader.documentCount == count)
    #expect(count < 500 || reader.blockCount > 3)
    for document in (0..<count).shuffled(using: &generator) {
      #expect(try reader.document(UInt32(document)) == documents[document])
    }
    var cursor = StoredFieldsCursor(reader)
    for document in 0..<count {
      #expect(try cursor.document(UInt32(document)) == documents[document])
    }
    try reader.verify()
  }

  @Test func `empty documents and a document larger than a block come back`() throws {
    var documents = [[], [1], [], [UInt8](repeating: 3, count: 500_000), [], []]
    var reader = try StoredFieldsReader(Self.write(documents))
    for (number, document) in documents.enumerated() {
      #expect(try reader.document(UInt32(number)) == document)
    }
    documents = [[], [], []]
    reader = try StoredFieldsReader(Self.write(documents))
    #expect(try reader.document(2) == [])
    try reader.verify()
  }

  @Test(arguments: [false, true])
  func `where no document stores anything nothing is written for them`(shuffled: Bool) throws {
    var generator = SeededGenerator(seed: 3)
    let slots = (0..<1000).map { UInt32($0) }.shuffled(using: &generator)
    let file = try Self.write(
      [[UInt8]](repeating: [], count: 1000), slots: shuffled ? slots : nil)
    #expect(try file.requiredSection(.storedFields).isEmpty)
    #expect(try file.requiredSection(.storedFieldsIndex).count == 24)
    let reader = try StoredFieldsReader(file)
    #expect(reader.documentCount == 1000)
    #expect(try reader.document(999) == [])
    var cursor = StoredFieldsCursor(reader)
    #expect(try cursor.document(17) == [])
    try reader.verify()
  }

  @Test func `documents may be in another order than their slots`() throws {
    var generator = SeededGenerator(seed: 5)
    let documents = Self.documents(300, longest: 500, using: &generator)
    let slots = (0..<300).map { UInt32($0) }.shuffled(using: &generator)
    let reader = try StoredFieldsReader(Self.write(documents, slots: slots))
    for document in 0..<300 {
      #expect(try reader.document(UInt32(document)) == documents[Int(slots[document])])
    }
  }

  @Test(arguments: 0..<12)
  func `a merge keeps the live documents in the new order`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var sources: [(documents: [[UInt8]], reader: StoredFieldsReader, live: LiveDocs?)] = []
    var order: [(source: Int, document: UInt32)] = []
    for source in 0..<4 {
      let count = Int.random(in: 0...200, using: &generator)
      let isEmpty = Int.random(in: 0..<4, using: &generator) == 0
      let documents = Self.documents(count, longest: isEmpty ? 0 : 2000, using: &generator)
      var slots = (0..<count).map { UInt32($0) }
      if Bool.random(using: &generator) { slots.shuffle(using: &generator) }
      let reader = try StoredFieldsReader(Self.write(documents, slots: slots))
      var live = LiveDocs(documentCount: count)
      if source > 0, count > 0 {
        for _ in 0..<source * 3 {
          live.delete(UInt32.random(in: 0..<UInt32(count), using: &generator))
        }
      }
      let inDocumentOrder = slots.map { documents[Int($0)] }
      sources.append((inDocumentOrder, reader, live.deletedCount == 0 ? nil : live))
      order += (0..<UInt32(count)).filter { live.isLive($0) }.map { (source, $0) }
    }
    if seed % 2 == 1 { order.shuffle(using: &generator) }
    let directory = MemoryDirectory()
    let file = try SegmentFileWriter(directory, segmentID: 9)
    var merger = StoredFieldsMerger()
    for source in sources {
      try merger.append(source.reader, live: source.live, to: file)
    }
    try merger.finish(to: file, documents: order)
    _ = try file.finish()
    let merged = try StoredFieldsReader(
      SegmentFile(directory.open(IndexFileName.segment(id: 9).description)))
    #expect(merged.documentCount == order.count)
    for (document, origin) in order.enumerated() {
      #expect(
        try merged.document(UInt32(document))
          == sources[origin.source].documents[Int(origin.document)])
    }
  }

  @Test(arguments: [SectionKind.storedFields, .storedFieldsIndex])
  func `damage behind valid checksums gives an error or bytes, never a trap`(
    kind: SectionKind
  ) throws {
    var generator = SeededGenerator(seed: 8)
    let documents = Self.documents(12, longest: 30, using: &generator)
    try Self.damageEverywhere(Self.write(documents, slots: (0..<12).reversed()), kind)
    try Self.damageEverywhere(Self.write([[UInt8]](repeating: [], count: 12)), kind)
  }

  private static func damageEverywhere(_ file: SegmentFile, _ kind: SectionKind) throws {
    forEachDamage(of: Array(try file.requiredSection(kind))) { damaged, what in
      do throws(IndexError) {
        let reader = try StoredFieldsReader(file.resealed(replacing: kind, with: damaged))
        for document in 0..<UInt32(min(reader.documentCount, 50)) {
          _ = try reader.document(document)
        }
        try reader.verify()
        #expect(kind == .storedFieldsIndex, "\(what): the block's checksum should differ")
      } catch {
        #expect(error.code == .corrupt, "\(what)")
      }
    }
  }
}
