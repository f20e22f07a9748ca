// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct DocumentKeysTests {
  private static func write(_ keys: [[UInt8]]) throws(IndexError) -> SegmentFile {
    let directory = MemoryDirectory()
    let file = try SegmentFileWriter(directory, segmentID: 1)
    var writer = DocumentKeysWriter()
    for key in keys { key.withRawBytes { writer.append($0) } }
    try writer.finish(to: file)
    _ = try file.finish()
    return try SegmentFile(directory.open(IndexFileName.segment(id: 1).description))
  }

  private static func document(
    of key: [UInt8], in reader: DocumentKeysReader
  ) throws(IndexError) -> UInt32? {
    try key.withRawBytes { (bytes) throws(IndexError) in try reader.document(forKey: bytes) }
  }

  @Test(arguments: [0, 1, 3, 31, 32, 33, 1000])
  func `keys are found and given back`(count: Int) throws {
    let keys = (0..<count).map { Array("خبر/\($0 * 7)".utf8) }
    let reader = try DocumentKeysReader(Self.write(keys))
    #expect(reader.documentCount == count)
    for (document, key) in keys.enumerated() {
      #expect(try reader.key(of: UInt32(document)) == key)
      #expect(try Self.document(of: key, in: reader) == UInt32(document))
    }
    for absent in ["", "خبر/", "خبر/3", "x"] {
      #expect(try Self.document(of: Array(absent.utf8), in: reader) == nil)
    }
    try reader.verify()
  }

  @Test func `of equal keys the last document is found`() throws {
    let keys = (0..<200).map { Array("k\($0 % 50)".utf8) }
    let reader = try DocumentKeysReader(Self.write(keys))
    for number in 0..<50 {
      #expect(
        try Self.document(of: Array("k\(number)".utf8), in: reader) == UInt32(150 + number))
    }
  }

  @Test(arguments: 0..<10)
  func `any bytes of any length can be keys`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let keys = (0..<300).map { _ in
      [UInt8].random(upTo: 40, alphabet: 0...(seed < 5 ? 1 : 255), using: &generator)
    }
    var last: [[UInt8]: UInt32] = [:]
    for (document, key) in keys.enumerated() { last[key] = UInt32(document) }
    let reader = try DocumentKeysReader(Self.write(keys))
    for (document, key) in keys.enumerated() {
      #expect(try reader.key(of: UInt32(document)) == key)
      #expect(try Self.document(of: key, in: reader) == last[key])
    }
  }

  @Test func `numbered keys take less than eight bytes a document`() throws {
    let file = try Self.write((0..<100_000).map { Array(String($0).utf8) })
    let size =
      try file.requiredSection(.documentKeys).count
      + file.requiredSection(.documentKeyIndex).count
    #expect(size < 800_000)
  }

  @Test(arguments: [SectionKind.documentKeys, .documentKeyIndex])
  func `damage behind valid checksums gives an error or another key, never a trap`(
    kind: SectionKind
  ) throws {
    let keys = (0..<40).map { Array("key\($0)".utf8) }
    let file = try Self.write(keys)
    forEachDamage(of: Array(try file.requiredSection(kind))) { damaged, what in
      do throws(IndexError) {
        let reader = try DocumentKeysReader(file.resealed(replacing: kind, with: damaged))
        for document in 0..<UInt32(min(reader.documentCount, 50)) {
          _ = try reader.key(of: document)
        }
        for key in keys { _ = try Self.document(of: key, in: reader) }
        try reader.verify()
      } catch {
        #expect(error.code == .corrupt, "\(what)")
      }
    }
  }
}
