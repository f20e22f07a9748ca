// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct PackedIntegersTests {
  @Test(arguments: 0...PackedIntegers.mostBits)
  func `numbers of every width come back`(width: Int) {
    var generator = SeededGenerator(seed: UInt64(width))
    let largest = width == 0 ? 0 : UInt64.max >> UInt64(64 - width)
    let numbers = (0..<100).map { _ in UInt64.random(in: 0...largest, using: &generator) }
    var writer = ByteWriter()
    PackedIntegers.append(numbers, width: width, to: &writer)
    #expect(writer.count == PackedIntegers.byteCount(of: 100, width: width))
    #expect(PackedIntegers.width(for: largest) == width)
    writer.append(UInt64.max)
    writer.withBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      let packed = PackedIntegers(start, width: width)
      #expect((0..<100).map { packed[$0] } == numbers)
    }
  }
}
