// SPDX-License-Identifier: Apache-2.0

/// Positions of many documents, one after another.
///
/// It owns memory: its one owner calls ``deallocate()``.
struct PositionPool {
  /// The positions; moves when they grow.
  private(set) var base: UnsafeMutablePointer<UInt32>
  /// How many they are.
  private(set) var count = 0
  private var capacity = 512

  init() {
    base = .allocate(capacity: capacity)
  }

  /// Makes room for further positions at the end and counts them as written.
  ///
  /// - Parameter number: How many.
  /// - Returns: Where they are to be written.
  @inline(__always)
  mutating func append(_ number: Int) -> UnsafeMutablePointer<UInt32> {
    if count + number > capacity { grow(to: count + number) }
    count += number
    return base + (count - number)
  }

  @inline(never)
  private mutating func grow(to minimum: Int) {
    capacity = max(minimum, 2 * capacity)
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    larger.initialize(from: base, count: count)
    base.deallocate()
    base = larger
  }

  func deallocate() {
    base.deallocate()
  }
}
