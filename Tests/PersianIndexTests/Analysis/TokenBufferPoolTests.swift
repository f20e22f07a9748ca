// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct TokenBufferPoolTests {
  private final class Memory {}

  /// Uses a buffer for a text of some size, and returns what was remembered from the time before.
  private func scratch(
    _ buffer: borrowing LentTokenBuffer, size: Int = 1, then memory: Memory? = nil
  ) -> AnyObject? {
    buffer.use(forTextOf: size) { buffer in
      defer { if let memory { buffer.scratch = memory } }
      return buffer.scratch
    }
  }

  @Test
  func `what an analyzer remembers is there at the next query`() {
    let pool = TokenBufferPool()
    let memory = Memory()
    #expect(scratch(LentTokenBuffer(from: pool), then: memory) == nil)
    #expect(scratch(LentTokenBuffer(from: pool)) === memory)
    #expect(scratch(LentTokenBuffer(from: pool)) === memory)
  }

  @Test
  func `a buffer that is taken is not given to another, and both are kept`() {
    let pool = TokenBufferPool()
    let (first, second) = (Memory(), Memory())
    do {
      let one = LentTokenBuffer(from: pool)
      let two = LentTokenBuffer(from: pool)
      #expect(scratch(one, then: first) == nil)
      #expect(scratch(two, then: second) == nil)
    }
    let one = LentTokenBuffer(from: pool)
    let two = LentTokenBuffer(from: pool)
    let kept = [scratch(one), scratch(two)]
    #expect(kept.contains { $0 === first } && kept.contains { $0 === second })
    #expect(scratch(LentTokenBuffer(from: pool)) == nil)
  }

  @Test
  func `no more buffers are kept than there are places`() {
    final class Counter {
      var freed = 0
    }
    final class Counted {
      let counter: Counter
      init(_ counter: Counter) { self.counter = counter }
      deinit { counter.freed += 1 }
    }
    let pool = TokenBufferPool()
    let counter = Counter()
    func hold(_ count: Int) {
      if count == 0 { return }
      let buffer = LentTokenBuffer(from: pool)
      buffer.use(forTextOf: 1) { $0.scratch = Counted(counter) }
      hold(count - 1)
    }
    hold(TokenBufferPool.placeCount + 3)
    #expect(counter.freed == 3)
  }

  @Test
  func `a buffer is freed with the pool, and when much text went through it`() {
    weak var remembered: Memory?
    do {
      let pool = TokenBufferPool()
      do {
        let memory = Memory()
        remembered = memory
        _ = scratch(LentTokenBuffer(from: pool), size: TokenBufferPool.mostBytes - 1, then: memory)
      }
      #expect(remembered != nil)
      _ = scratch(LentTokenBuffer(from: pool), size: 1)
      #expect(remembered == nil)
      do {
        let memory = Memory()
        remembered = memory
        _ = scratch(LentTokenBuffer(from: pool), then: memory)
      }
      #expect(remembered != nil)
    }
    #expect(remembered == nil)
  }

  @Test
  func `queries of many tasks at once are what they are one after another`() async throws {
    let words = ["تعاونی‌ها", "کتاب‌های", "می‌روم", "کارورفاه", "خانه‌ام", "دانشجویان"]
    let texts = words.enumerated().flatMap { [String](repeating: $1, count: $0 + 1) }
    let searcher = try TextIndex.searcher(texts)
    let expected = try words.map { try searcher.count(.words($0)) }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in 0..<8 {
        group.addTask {
          var isSame = true
          for round in 0..<300 {
            let place = (task + round) % words.count
            isSame = try searcher.count(.words(words[place])) == expected[place] && isSame
          }
          return isSame
        }
      }
      for try await isSame in group { #expect(isSame) }
    }
  }
}
