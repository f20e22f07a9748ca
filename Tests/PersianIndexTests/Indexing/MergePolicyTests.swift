// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

struct MergePolicyTests {
  private func candidates(
    _ sizes: [UInt64], deleted: [Int] = []
  ) -> [MergePolicy.Candidate] {
    sizes.enumerated().map { index, size in
      MergePolicy.Candidate(
        id: UInt64(index), byteCount: size, documentCount: 100,
        liveCount: 100 - (deleted.indices.contains(index) ? deleted[index] : 0))
    }
  }

  @Test func `Segments of one tier are merged once there are enough`() {
    let policy = MergePolicy(segmentsPerTier: 3, smallestTier: 10)
    #expect(policy.merge(of: candidates([5, 5])) == nil)
    #expect(policy.merge(of: candidates([5, 5, 9])) == [0, 1, 2])
    #expect(policy.merge(of: candidates([5, 100, 5, 1000, 2])) == [0, 2, 4])
    #expect(policy.merge(of: candidates([5, 100, 1000, 10_000])) == nil)
  }

  @Test func `Segments above the limit are left alone`() {
    let policy = MergePolicy(segmentsPerTier: 2, smallestTier: 1, largestSegment: 1000)
    #expect(policy.merge(of: candidates([1000, 1000, 5])) == nil)
  }

  @Test func `A segment with many deletions is rewritten alone`() {
    let policy = MergePolicy(segmentsPerTier: 3, smallestTier: 1, deletedShare: 0.25)
    #expect(policy.merge(of: candidates([50, 5], deleted: [24])) == nil)
    #expect(policy.merge(of: candidates([50, 5], deleted: [0, 25])) == [1])
  }

  @Test func `A document is rewritten as often as the logarithm of the index's size`() {
    let policy = MergePolicy(segmentsPerTier: 4, smallestTier: 1)
    var sizes: [UInt64] = []
    var rewritten: UInt64 = 0
    for _ in 0..<1024 {
      sizes.append(1)
      while let ids = policy.merge(of: candidates(sizes)) {
        let sum = ids.reduce(0) { $0 + sizes[Int($1)] }
        rewritten += sum
        sizes = sizes.enumerated().filter { !ids.contains(UInt64($0.offset)) }.map(\.element)
        sizes.append(sum)
      }
      #expect(sizes.count <= 3 * 6)
    }
    #expect(rewritten <= 1024 * 5)
  }
}
