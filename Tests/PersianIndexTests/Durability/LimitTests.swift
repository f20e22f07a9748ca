// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

// Scripts/{disk-full,limits,strace}-test.sh bring the real limits of a process and a device about.
struct LimitTests {
  @Test func `when there is no room for another mapping, opening says so and nothing else fails`()
    throws
  {
    let temporary = try TemporaryDirectory()
    let path = temporary.path + "/huge"
    try temporary.directory.write("huge", [1])
    // No byte of it is there; a file system that cannot do that has no such limit to be met.
    guard truncate(path, 15 << 40) == 0 else { return }
    var mapped: [MappedFile] = []
    var failure: IndexError?
    while failure == nil, mapped.count < 64 {
      do throws(IndexError) {
        mapped.append(try MappedFile(path))
      } catch {
        failure = error
      }
    }
    #expect(failure?.code == .outOfResources)
    #expect(failure?.path == path)
    #expect(mapped.count > 1)
    mapped = []
    #expect(try temporary.directory.open("huge").withBytes { $0.first } == 1)
  }

  @Test(arguments: [
    (IndexError.Code.outOfSpace), .outOfResources, .notPermitted, .io,
  ])
  func `whatever keeps a commit from being written has its code, and the next one succeeds`(
    code: IndexError.Code
  ) throws {
    let directory = FaultInjectingDirectory()
    let index = try SmallIndex.write(to: directory)
    let count = try index.statistics().documentCount
    let writer = try index.writer(options: SmallIndex.options)
    try writer.add(SmallIndex.document(100))
    directory.fail(FaultInjectingDirectory.Fault(call: directory.calls + 1, code: code))
    let error = #expect(throws: IndexError.self) { try writer.commit() }
    #expect(error?.code == code)
    #expect(try index.searcher().documentCount == count)
    try writer.rollback()
    try writer.add(SmallIndex.document(100))
    try writer.commit()
    #expect(try index.searcher().documentCount == count + 1)
    writer.close()
  }

  @Test func `a full memory budget makes segments, and a merge takes a bounded number`() throws {
    let index = try SearchIndex.inMemory(
      schema: Schema(.text("body", isStored: false)), analyzer: WhitespaceAnalyzer())
    let policy = MergePolicy(segmentsPerTier: 1000, smallestTier: 1 << 40)
    #expect(policy.segmentsPerTier == 64)
    let candidates = (0..<500).map {
      MergePolicy.Candidate(id: UInt64($0), byteCount: 100, documentCount: 1, liveCount: 1)
    }
    #expect(policy.merge(of: candidates)?.count == 64)
    let writer = try index.writer(
      options: IndexWriterOptions(
        memoryBudget: 1 << 20, threadCount: 1, mergePolicy: policy, mergesInBackground: false))
    for number in 0..<600 {
      let words = (0..<100).map { "و\(number * 100 + $0)" }.joined(separator: " ")
      try writer.add(Document(key: DocumentKey("\(number)"), ["body": .text(words)]))
    }
    try writer.commit()
    #expect(try index.statistics().segmentCount > 2)
    #expect(try index.statistics().documentCount == 600)
    // However many there are, optimizing joins at most 64 at a time.
    try writer.optimize()
    try writer.commit()
    #expect(try index.statistics().segmentCount == 1)
    writer.close()
  }
}
