// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct DamagedDictionaryTests {
  // A search that starts again from the top comes back to where it was.
  @Test(.timeLimit(.minutes(5)))
  func `a dictionary out of order does not lead a query round and round`() throws {
    let directory = MemoryDirectory()
    let index = try SmallIndex.write(to: directory)
    var manifest = try #require(try ManifestStore(directory).newest())
    let file = try SegmentFile(try #require(manifest.segments.first), in: directory)
    var writer = TermDictionaryWriter()
    let terms =
      (10..<42).map { "a\($0)" } + (10..<42).map { "z\($0)" } + (50..<82).map { "a\($0)" }
    for term in terms {
      ([2] + Array(term.utf8)).withUnsafeBufferPointer {
        writer.add(
          key: $0, TermInfo(documentFrequency: 1, totalTermFrequency: 1, offset: 0))
      }
    }
    let resealed = try file.resealed(replacing: .termDictionary, with: writer.finish())
    directory.replace(
      IndexFileName.segment(id: file.segmentID).description, with: resealed.bytes)
    manifest.segments[0].checksum = resealed.checksum
    manifest.segments[0].sizeInBytes = UInt64(resealed.bytes.bytes.count)
    directory.replace(
      IndexFileName.manifest(generation: manifest.generation).description,
      with: manifest.encoded())
    let searcher = try index.searcher()
    for query: Query in [
      .fuzzy("bbbb", distance: 1), .fuzzy("bbbb", distance: 2), .wildcard("*1?"), .prefix("a"),
    ] {
      _ = try? searcher.count(.field("body", query))
    }
    #expect(try !index.check().isWhole)
  }
}
