// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct IndexRecoveryTests {
  private let directory = MemoryDirectory()

  private func recover() throws(IndexError) -> RecoveryReport {
    var recovery = IndexRecovery(directory)
    return try recovery.run()
  }

  private func keys() throws -> Set<String> {
    var keys: Set<String> = []
    let index = try SearchIndex.open(in: directory, analyzer: SmallIndex.analyzer)
    try index.searcher().forEachDocument { keys.insert($0.key.text) }
    return keys
  }

  private func damage(_ name: String) throws(IndexError) {
    var bytes = try directory.bytes(of: name)
    bytes[bytes.count / 3] ^= 1
    bytes[bytes.count * 2 / 3] ^= 1
    directory.replace(name, with: bytes)
  }

  private func names(_ suffix: String) throws(IndexError) -> [String] {
    try directory.list().filter { $0.hasSuffix(suffix) }.sorted()
  }

  private func expectWhole() throws {
    let report = try IndexChecker(directory).check()
    #expect(report.isWhole, "\(report.problems)")
    // And a writer goes on.
    let index = try SearchIndex.open(in: directory, analyzer: SmallIndex.analyzer)
    let before = try keys()
    try index.write { try $0.add(SmallIndex.document(1000)) }
    #expect(try keys() == before.union(["1000"]))
  }

  @Test func `a whole index is left as it is`() throws {
    _ = try SmallIndex.write(to: directory)
    let before = try Set(directory.list())
    let report = try recover()
    #expect(!report.isChanged)
    #expect(report.losses.isEmpty)
    #expect(report.documentCount == 32)
    #expect(try Set(directory.list()) == before)
  }

  @Test func `a damaged segment is set aside and the others stay`() throws {
    _ = try SmallIndex.write(to: directory)
    let all = try keys()
    let name = try names(".seg")[1]
    try damage(name)
    let report = try recover()
    #expect(report.isChanged)
    #expect(report.losses.map(\.file) == [name])
    #expect(report.losses.first?.documentCount == 11)
    #expect(report.documentCount == 21)
    #expect(report.setAside == [name + ".damaged"])
    #expect(try keys() == all.filter { !(12..<24).contains(Int($0) ?? 0) })
    try expectWhole()
    #expect(try directory.list().contains(name + ".damaged"))
  }

  @Test func `a missing segment is a loss without a file`() throws {
    _ = try SmallIndex.write(to: directory)
    try directory.remove(try names(".seg")[0])
    let report = try recover()
    #expect(report.losses.count == 1)
    #expect(report.setAside.isEmpty)
    try expectWhole()
  }

  @Test func `damaged deletions come back and that is said`() throws {
    _ = try SmallIndex.write(to: directory)
    let name = try names(".live")[0]
    try damage(name)
    let report = try recover()
    #expect(report.losses.first?.file == name)
    #expect(report.losses.first?.reason.contains("2 deleted documents come back") == true)
    #expect(report.documentCount == 34)
    try expectWhole()
  }

  @Test func `one damaged copy of the manifest costs nothing`() throws {
    _ = try SmallIndex.write(to: directory)
    let all = try keys()
    let name = IndexFileName.manifest(generation: 5).description
    var bytes = try directory.bytes(of: name)
    bytes[30] ^= 1
    directory.replace(name, with: bytes)
    #expect(try keys() == all)
    let report = try recover()
    #expect(report.isChanged)
    #expect(report.losses.isEmpty)
    #expect(try keys() == all)
    try expectWhole()
  }

  @Test func `a lost manifest is replaced by the one before and the segments found`() throws {
    let index = try SmallIndex.write(to: directory)
    let all = try keys()
    // The last commit merges everything, so that the manifest before lists files that are gone.
    let writer = try index.writer(options: SmallIndex.options)
    try writer.update(SmallIndex.document(2))
    try writer.commit()
    try writer.optimize()
    try writer.commit()
    writer.close()
    let newest = try #require(try ManifestStore(directory).generations().last)
    try damage(IndexFileName.manifest(generation: newest).description)
    #expect(throws: IndexError.self) { try keys() }
    let report = try recover()
    #expect(report.isChanged)
    #expect(report.losses.contains { $0.file.hasPrefix("manifest") })
    #expect(try keys() == all)
    try expectWhole()
  }

  @Test func `without any manifest the schema is lost and that is said`() throws {
    _ = try SmallIndex.write(to: directory)
    for generation in try ManifestStore(directory).generations() {
      try damage(IndexFileName.manifest(generation: generation).description)
    }
    let error = #expect(throws: IndexError.self) { try recover() }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("index the documents anew") == true)
  }

  @Test func `a writer at work is not disturbed`() throws {
    _ = try SmallIndex.write(to: directory)
    let lock = try directory.lock(waitingUpTo: 0)
    #expect(#expect(throws: IndexError.self) { try recover() }?.code == .locked)
    withExtendedLifetime(lock) {}
  }

  @Test(arguments: 0..<60)
  func `random damage leaves an index that is whole after recovery`(seed: UInt64) throws {
    _ = try SmallIndex.write(to: directory)
    let all = try keys()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let names = try directory.list().filter { IndexFileName($0) != nil }.sorted()
      guard let name = names.randomElement(using: &generator) else { continue }
      var bytes = try directory.bytes(of: name)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: try directory.remove(name)
      case 1:
        bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
        directory.replace(name, with: bytes)
      case 2: directory.replace(name, with: [])
      default:
        if !bytes.isEmpty { bytes[Int.random(in: bytes.indices, using: &generator)] ^= 0xff }
        directory.replace(name, with: bytes)
      }
    }
    do throws(IndexError) {
      _ = try recover()
    } catch {
      #expect(error.code == .corrupt || error.code == .notFound, "\(error)")
      return
    }
    // Deleted documents may come back, nothing else may appear.
    #expect(try keys().isSubset(of: all.union(["1", "11", "21", "31"])))
    try expectWhole()
  }
}
