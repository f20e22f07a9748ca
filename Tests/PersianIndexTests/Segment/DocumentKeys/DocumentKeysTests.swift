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

  @Test func `numbers that ascend evenly take next to nothing and need no index`() throws {
    let file = try Self.write((0..<100_000).map { Array(String($0 * 10 + 7).utf8) })
    #expect(try file.requiredSection(.documentKeys).count < 3000)
    #expect(file.section(.documentKeyIndex) == nil)
  }

  @Test(arguments: 0..<20)
  func `numbers in any order are found and given back`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let largest: UInt64 = [9, 5000, 1 << 40, 9_999_999_999_999_999][Int(seed % 4)]
    var numbers = (0..<Int.random(in: 1...2500, using: &generator)).map { _ in
      UInt64.random(in: 0...largest, using: &generator)
    }
    if seed % 3 == 0 { numbers = Set(numbers).sorted() }
    // One key that is no number makes texts of all.
    var keys = numbers.map { Array(String($0).utf8) }
    if seed % 5 == 4 { keys.append(Array("007".utf8)) }
    var last: [[UInt8]: UInt32] = [:]
    for (document, key) in keys.enumerated() { last[key] = UInt32(document) }
    let file = try Self.write(keys)
    #expect((file.section(.documentKeyIndex) == nil) == (seed % 3 == 0 && seed % 5 != 4))
    let reader = try DocumentKeysReader(file)
    for (document, key) in keys.enumerated() {
      #expect(try reader.key(of: UInt32(document)) == key)
      #expect(try Self.document(of: key, in: reader) == last[key])
    }
    let absent = ["", "00", "01", "-1", "x", "12345678901234567", "18446744073709551615"]
    let near = numbers.prefix(300).flatMap { [String($0 + 1), "0\($0)"] }
    for text in absent + near where last[Array(text.utf8)] == nil {
      #expect(try Self.document(of: Array(text.utf8), in: reader) == nil)
    }
    try reader.verify()
  }

  @Test func `texts that ascend need no index`() throws {
    let keys = (0..<500).map { Array("کلید/\(1000 + $0 * 3)".utf8) }
    let file = try Self.write(keys)
    #expect(file.section(.documentKeyIndex) == nil)
    let reader = try DocumentKeysReader(file)
    for (document, key) in keys.enumerated() {
      #expect(try Self.document(of: key, in: reader) == UInt32(document))
    }
    for number in 0..<3000 where number < 1000 || number % 3 != 1 {
      #expect(try Self.document(of: Array("کلید/\(number)".utf8), in: reader) == nil)
    }
  }

  @Test func `keys that are said to ascend but do not are reported`() throws {
    let file = try Self.write(["1", "2", "4", "3"].map { Array($0.utf8) })
    var bytes = Array(try file.requiredSection(.documentKeys))
    bytes[5] = 1
    let reader = try DocumentKeysReader(file.resealed(replacing: .documentKeys, with: bytes))
    #expect(throws: IndexError.self) { try reader.verify() }
  }

  enum Shape: CaseIterable {
    case texts, ascendingTexts, numbers, ascendingNumbers

    var keys: [[UInt8]] {
      (0..<40).map { number in
        switch self {
        case .texts: Array("key\(number)".utf8)
        case .ascendingTexts: Array("key\(number + 10)".utf8)
        case .numbers: Array(String(number * number % 37).utf8)
        case .ascendingNumbers: Array(String(number * number).utf8)
        }
      }
    }
  }

  @Test(arguments: Shape.allCases, [SectionKind.documentKeys, .documentKeyIndex])
  func `damage behind valid checksums gives an error or another key, never a trap`(
    shape: Shape, kind: SectionKind
  ) throws {
    let keys = shape.keys
    let file = try Self.write(keys)
    guard file.section(kind) != nil else { return }
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
