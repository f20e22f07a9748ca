// SPDX-License-Identifier: Apache-2.0

/// Finds places among numbers in ascending order.
enum LowerBound {
  /// Finds the first number that is not less than another.
  ///
  /// - Parameters:
  ///   - value: The number looked for.
  ///   - numbers: The numbers, ascending.
  ///   - range: The places to look at.
  /// - Returns: The place; the end of the range where all numbers are less.
  /// - Complexity: O(log *n*).
  @inline(__always)
  static func index(
    of value: UInt32, in numbers: UnsafePointer<UInt32>, _ range: Range<Int>
  ) -> Int {
    var low = range.lowerBound
    var length = range.upperBound &- low
    while length > 0 {
      let half = length >> 1
      if numbers[low &+ half] < value {
        low = low &+ half &+ 1
        length = length &- half &- 1
      } else {
        length = half
      }
    }
    return low
  }
}
