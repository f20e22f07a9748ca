// SPDX-License-Identifier: Apache-2.0

/// Memory for the positions of one document.
package struct PositionBuffer {
  /// The positions.
  package private(set) var base: UnsafeMutablePointer<UInt32>
  private var capacity: Int

  // Where a buffer without memory points to; never written.
  private nonisolated(unsafe) static let nothing = UnsafeMutablePointer<UInt32>.allocate(
    capacity: 1)

  /// Creates a buffer without memory; its owner calls ``deallocate()``.
  package init() {
    capacity = 0
    base = Self.nothing
  }

  /// Makes room for a number of positions; what was there is lost.
  @inline(__always)
  package mutating func reserve(_ count: Int) {
    if count > capacity {
      deallocate()
      capacity = max(256, count)
      base = .allocate(capacity: capacity)
    }
  }

  /// Frees the memory.
  package func deallocate() {
    if capacity > 0 { base.deallocate() }
  }
}
