// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct EveryDamageTests {
  private static func write(to directory: MemoryDirectory) throws {
    let index = try SearchIndex.create(
      in: directory, schema: Schema(.text("body"), .keyword("tag"), .integer("number")),
      analyzer: WhitespaceAnalyzer())
    try index.write(options: SmallIndex.options) { writer in
      for number in 0..<4 {
        try writer.add(
          Document(
            key: DocumentKey("k\(number)"),
            ["body": "یک دو \(number)", "tag": "t", "number": .integer(Int64(number))]))
      }
    }
    try index.write(options: SmallIndex.options) { try $0.delete(key: "k2") }
    // The manifest before the newest is no part of the newest commit.
    let newest = try #require(try ManifestStore(directory).newest())
    try ManifestStore(directory).collectGarbage(keeping: newest)
    for name in try directory.list() {
      if case .manifest(let generation)? = IndexFileName(name), generation < newest.generation {
        try directory.remove(name)
      }
    }
  }

  /// Uses the index; only a trap or a hang would be a failure.
  private static func use(_ directory: MemoryDirectory) -> Bool {
    guard let index = try? SearchIndex.open(in: directory, analyzer: WhitespaceAnalyzer()),
      let searcher = try? index.searcher()
    else { return false }
    let found = try? searcher.search(.words("یک 1"), options: SearchOptions(limit: 3))
    let isRead: ()? = try? searcher.forEachDocument { _ in }
    return found != nil && isRead != nil
  }

  @Test func `every prefix and every flipped bit of every file is noticed by the check`() throws {
    let original = MemoryDirectory()
    try Self.write(to: original)
    let names = try original.list().sorted()
    #expect(names.count == 3)
    #expect(Self.use(original))
    let directory = MemoryDirectory()
    for name in names { directory.replace(name, with: try original.open(name)) }
    #expect(try IndexChecker(directory).check().isWhole)
    for name in names {
      try forEachDamage(of: try original.bytes(of: name)) { (damaged, what) throws(IndexError) in
        directory.replace(name, with: damaged)
        _ = Self.use(directory)
        let isWhole = try IndexChecker(directory).check().isWhole
        #expect(!isWhole, "\(name) \(what)")
      }
      directory.replace(name, with: try original.open(name))
    }
  }

  @Test func `every prefix and every flipped bit behind valid checksums is survived`() throws {
    let original = MemoryDirectory()
    try Self.write(to: original)
    var manifest = try #require(try ManifestStore(original).newest())
    let file = try SegmentFile(try #require(manifest.segments.first), in: original)
    let directory = try SmallIndex.copy(of: original)
    for section in file.sections {
      try forEachDamage(of: Array(section.bytes)) { (damaged, _) throws(IndexError) in
        guard
          let resealed = try? file.resealed(
            replacing: section.kind, field: section.field, with: damaged)
        else { return }
        directory.replace(
          IndexFileName.segment(id: file.segmentID).description, with: resealed.bytes)
        manifest.segments[0].checksum = resealed.checksum
        manifest.segments[0].sizeInBytes = UInt64(resealed.bytes.bytes.count)
        directory.replace(
          IndexFileName.manifest(generation: manifest.generation).description,
          with: manifest.encoded())
        _ = Self.use(directory)
        _ = try IndexChecker(directory).check()
      }
    }
  }
}
