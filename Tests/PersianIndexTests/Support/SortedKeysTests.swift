// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct SortedKeysTests {
  private static func sorted(_ numbers: [UInt64]) -> [UInt64] {
    let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * numbers.count + 1)
    defer { keys.deallocate() }
    for (index, number) in numbers.enumerated() { (keys + index).initialize(to: number) }
    let result = SortedKeys.sort(
      keys, count: numbers.count, scratch: keys + numbers.count)
    return Array(UnsafeBufferPointer(start: result, count: numbers.count))
  }

  @Test
  func `numbers of every count are sorted`() {
    var random = SeededGenerator(seed: 5)
    for count in 0...300 {
      for most in [1, 9, UInt64.max] {
        let numbers = (0..<count).map { _ in UInt64.random(in: 0...most, using: &random) }
        #expect(Self.sorted(numbers) == numbers.sorted())
      }
    }
  }

  @Test
  func `every order of eight ones and zeros is sorted, and so every order of eight numbers`() {
    for bits in UInt64(0)..<256 {
      let numbers = (0..<8).map { bits >> UInt64($0) & 1 }
      #expect(Self.sorted(numbers) == numbers.sorted())
    }
  }
}
