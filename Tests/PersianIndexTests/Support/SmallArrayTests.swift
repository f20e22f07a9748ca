// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import Testing

struct SmallArrayTests {
  @Test(arguments: 0...5)
  func `it holds what an array holds, however it came there`(count: Int) {
    let numbers = Array(0..<count)
    var grown = SmallArray<Int>()
    for number in numbers { grown.append(number) }
    let copied = SmallArray(numbers)
    for small in [grown, copied] {
      #expect(Array(small) == numbers)
      #expect(small.count == count && small.indices == 0..<count)
      for (index, number) in numbers.enumerated() { #expect(small[index] == number) }
    }
    #expect(grown == copied && grown.hashValue == copied.hashValue)
    grown.append(-1)
    #expect(Array(grown) == numbers + [-1] && Array(copied) == numbers)
  }

  @Test
  func `a literal is equal to the same array, and no other is`() {
    let seven: SmallArray = [7]
    #expect(seven == SmallArray([7]) && SmallArray<Int>() == [])
    #expect(seven != [7, 7] && seven != [8] && seven != [])
    #expect(Array(SmallArray<Int?>([nil])) == [nil])
  }
}
