// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct IndexCheckerTests {
  private let directory = MemoryDirectory()

  private func flip(_ name: String, byte: Int) throws(IndexError) {
    var bytes = try directory.bytes(of: name)
    bytes[byte < 0 ? bytes.count + byte : byte] ^= 0x10
    directory.replace(name, with: bytes)
  }

  private func segmentNames() throws(IndexError) -> [String] {
    try directory.list().filter { $0.hasSuffix(".seg") }.sorted()
  }

  @Test func `a whole index has no problems and everything is counted`() throws {
    let index = try SmallIndex.write(to: directory)
    let report = try index.check()
    #expect(report.isWhole, "\(report.problems)")
    #expect(report.generation == 5)
    #expect(report.segments.map(\.documentCount) == [12, 12, 12])
    #expect(report.segments.map(\.deletedDocumentCount) == [2, 1, 1])
    #expect(report.segments.allSatisfy { $0.termCount > 20 && $0.postingCount > 50 })
    #expect(report.leftOverFiles.isEmpty)
  }

  @Test func `nothing there is not found`() {
    let error = #expect(throws: IndexError.self) { try IndexChecker(directory).check() }
    #expect(error?.code == .notFound)
  }

  @Test func `damage is reported for its segment alone, with file and offset`() throws {
    let index = try SmallIndex.write(to: directory)
    let names = try segmentNames()
    try flip(names[1], byte: 100)
    let report = try index.check()
    #expect(report.segments.map(\.problems.isEmpty) == [true, false, true])
    let problem = report.segments[1].problems.first
    #expect(problem?.code == .corrupt)
    #expect(problem?.path?.hasSuffix(names[1]) == true)
    #expect(problem?.offset != nil)
  }

  @Test func `a missing segment, live file or manifest copy is a problem`() throws {
    let index = try SmallIndex.write(to: directory)
    let live = try #require(try directory.list().first { $0.hasSuffix(".live") })
    try directory.remove(live)
    try directory.remove(try segmentNames()[2])
    try flip(IndexFileName.manifest(generation: 5).description, byte: -1)
    let report = try index.check()
    #expect(report.manifestProblems.count == 1)
    #expect(report.segments.filter { !$0.problems.isEmpty }.count >= 1)
    #expect(report.problems.count >= 3)
  }

  @Test func `files that nobody needs are named but no problem`() throws {
    let index = try SmallIndex.write(to: directory)
    let spare = IndexFileName.segment(id: 99).description
    try directory.write(spare, [1])
    try directory.write("notes.txt", [1])
    let report = try index.check()
    #expect(report.isWhole)
    #expect(report.leftOverFiles == [spare])
  }

  @Test func `a key that is live twice is a problem`() throws {
    let index = try SmallIndex.write(to: directory)
    let store = ManifestStore(directory)
    var manifest = try #require(try store.newest())
    // The second segment once more, under another number.
    let entry = manifest.segments[1]
    let original = try SegmentFile(entry, in: directory)
    let writer = try SegmentFileWriter(directory, segmentID: manifest.nextSegmentID)
    for section in original.sections {
      try writer.writeSection(section.kind, field: section.field, Array(section.bytes))
    }
    let summary = try writer.finish()
    manifest.segments.append(
      .init(
        id: summary.segmentID, documentCount: entry.documentCount,
        sizeInBytes: summary.sizeInBytes, checksum: summary.checksum))
    manifest.nextSegmentID += 1
    manifest.generation += 1
    try store.publish(manifest)
    let report = try index.check()
    #expect(report.manifestProblems.first?.message.contains("live in segment") == true)
  }

  @Test(arguments: [
    SectionKind.termDictionary, .postings, .sequence, .documentKeys, .storedFieldsIndex,
  ])
  func `damage behind valid checksums is found in most places`(kind: SectionKind) throws {
    _ = try SmallIndex.write(to: directory)
    let manifest = try #require(try ManifestStore(directory).newest())
    let file = try SegmentFile(manifest.segments[0], in: directory)
    let section = Array(try file.requiredSection(kind))
    var found = 0
    for byte in section.indices {
      var damaged = section
      damaged[byte] ^= 1
      let resealed = try file.resealed(replacing: kind, with: damaged)
      let copy = try SmallIndex.copy(of: directory)
      copy.replace(IndexFileName.segment(id: file.segmentID).description, with: resealed.bytes)
      var changed = manifest
      changed.segments[0].checksum = resealed.checksum
      changed.generation += 1
      try ManifestStore(copy).publish(changed)
      if try !IndexChecker(copy).check().isWhole { found += 1 }
    }
    #expect(found > section.count / 6, "\(found) of \(section.count)")
  }
}
