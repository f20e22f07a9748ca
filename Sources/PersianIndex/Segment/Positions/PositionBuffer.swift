// SPDX-License-Identifier: Apache-2.0

/// Memory for the positions of one document.
package struct PositionBuffer {
  /// The positions.
  package private(set) var base: UnsafeMutablePointer<UInt32>
  private var capacity: Int

  /// Creates a buffer; its owner calls ``deallocate()``.
  package init() {
    capacity = 256
    base = .allocate(capacity: capacity)
  }

  /// Makes room for a number of positions; what was there is lost.
  @inline(__always)
  package mutating func reserve(_ count: Int) {
    if count > capacity {
      base.deallocate()
      capacity = count
      base = .allocate(capacity: capacity)
    }
  }

  /// Frees the memory.
  package func deallocate() {
    base.deallocate()
  }
}
