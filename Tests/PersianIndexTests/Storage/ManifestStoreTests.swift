// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct ManifestStoreTests {
  private let directory = MemoryDirectory()
  private var store: ManifestStore { ManifestStore(directory) }

  private func manifest(_ generation: UInt64, segments: [UInt64] = []) -> Manifest {
    Manifest(
      generation: generation, schema: [], analyzerIdentity: "a", nextSegmentID: 100,
      segments: segments.map { .init(id: $0, documentCount: 1, sizeInBytes: 1, checksum: 0) })
  }

  @Test func `an empty directory has no commit`() throws {
    #expect(try store.newest() == nil)
    let error = #expect(throws: IndexError.self) { try store.withNewest { _ in } }
    #expect(error?.code == .notFound)
  }

  @Test func `the highest generation is the newest`() throws {
    for generation: UInt64 in [1, 2, 0x1f, 0x20] { try store.publish(manifest(generation)) }
    #expect(try store.newest()?.generation == 0x20)
    #expect(try store.generations() == [1, 2, 0x1f, 0x20])
  }

  @Test func `a damaged newest commit is an error and not skipped`() throws {
    try store.publish(manifest(1))
    try store.publish(manifest(2))
    directory.replace(IndexFileName.manifest(generation: 2).description, with: [1, 2, 3])
    let error = #expect(throws: IndexError.self) { try store.newest() }
    #expect(error?.code == .corrupt)
    #expect(error?.path?.hasSuffix("manifest-0000000000000002") == true)
  }

  @Test func `a manifest under the name of another is corrupt`() throws {
    directory.replace(
      IndexFileName.manifest(generation: 3).description, with: manifest(2).encoded())
    #expect(#expect(throws: IndexError.self) { try store.newest() }?.code == .corrupt)
  }

  @Test func `garbage is what no commit, writer or stranger needs`() throws {
    let names: [IndexFileName] = [
      .segment(id: 1), .segment(id: 2), .segment(id: 3), .segment(id: 4),
      .liveDocs(segment: 2, generation: 1), .liveDocs(segment: 9, generation: 1),
      .temporaryManifest(generation: 9),
    ]
    for name in names { try directory.write(name.description, []) }
    try directory.write("notes.txt", [])
    for generation: UInt64 in 1...3 { try store.publish(manifest(generation)) }
    let newest = manifest(4, segments: [2])
    try store.publish(newest)
    try store.collectGarbage(keeping: newest, pending: [.segment(id: 3)])
    #expect(
      try Set(directory.list()) == [
        "notes.txt", IndexFileName.segment(id: 2).description,
        IndexFileName.segment(id: 3).description,
        IndexFileName.manifest(generation: 3).description,
        IndexFileName.manifest(generation: 4).description,
      ])
  }

  @Test func `a reader whose file was collected opens the commit that took its place`() throws {
    try store.publish(manifest(1))
    var attempts = 0
    let generation = try store.withNewest { (found) throws(IndexError) in
      attempts += 1
      if found.generation == 1 {
        try store.publish(manifest(2))
        throw IndexError(.notFound, "collected")
      }
      return found.generation
    }
    #expect(generation == 2)
    #expect(attempts == 2)
  }

  @Test func `a file that is missing for good is corruption`() throws {
    try store.publish(manifest(1))
    let error = #expect(throws: IndexError.self) {
      try store.withNewest { (_) throws(IndexError) in
        _ = try directory.open("segment-0000000000000001.seg")
      }
    }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("recover") == true)
  }

  @Test func `a temporary manifest of a crashed writer is no obstacle`() throws {
    try directory.write(IndexFileName.temporaryManifest(generation: 1).description, [1])
    try store.publish(manifest(1))
    #expect(try store.newest()?.generation == 1)
  }
}
