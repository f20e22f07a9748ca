// SPDX-License-Identifier: Apache-2.0

/// Uninitialised memory for plain values that grows and is kept from use to use.
package struct GrowingStorage<Element: BitwiseCopyable>: ~Copyable {
  /// The first element.
  package private(set) var start: UnsafeMutablePointer<Element>
  private var capacity: Int

  /// Takes memory.
  ///
  /// - Parameter capacity: The number of elements.
  package init(capacity: Int) {
    self.capacity = capacity
    start = .allocate(capacity: capacity)
  }

  deinit { start.deallocate() }

  /// Makes room.
  ///
  /// - Parameters:
  ///   - count: The number of elements that must fit.
  ///   - kept: How many elements at the start keep their values.
  package mutating func reserve(_ count: Int, keeping kept: Int = 0) {
    guard count > capacity else { return }
    let larger = max(count, capacity * 2)
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    copy.initialize(from: start, count: kept)
    start.deallocate()
    start = copy
    capacity = larger
  }
}
