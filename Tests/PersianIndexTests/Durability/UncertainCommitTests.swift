// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct UncertainCommitTests {
  private static func keys(_ searcher: Searcher) throws -> Set<String> {
    var keys: Set<String> = []
    try searcher.forEachDocument { keys.insert($0.key.text) }
    return keys
  }

  // A commit can become visible and fail all the same; a rollback takes it back.
  @Test func `a searcher refreshed over a failed commit sees what a new one sees`() throws {
    var wasVisible = false
    for call in 0..<60 {
      let directory = FaultInjectingDirectory()
      let index = try SmallIndex.write(to: directory)
      let writer = try index.writer(options: SmallIndex.options)
      directory.fail(FaultInjectingDirectory.Fault(call: directory.calls + call, code: .io))
      try writer.delete(key: "2")
      let isCommitted = (try? writer.commit()) != nil
      directory.fail(nil)
      let visible = try index.searcher()
      if !isCommitted {
        let sees = try Self.keys(visible).contains("2")
        wasVisible = wasVisible || !sees
        try writer.rollback()
      }
      try writer.delete(key: "3")
      try writer.commit()
      writer.close()
      let refreshed = try index.searcher(refreshing: visible)
      #expect(try Self.keys(refreshed) == Self.keys(index.searcher()), "call \(call)")
      #expect(try index.check().isWhole)
    }
    #expect(wasVisible)
  }
}
