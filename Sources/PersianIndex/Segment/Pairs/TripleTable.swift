// SPDX-License-Identifier: Apache-2.0

/// In how many documents some numbers occur, the frequent ones of them: where there are too many, those
/// counted least are forgotten (Manku and Motwani, "Approximate frequency counts over data streams",
/// 2002).
///
/// It owns memory, which its one owner frees.
package struct TripleTable {
  private static let size = 1 << 16
  private static let mostEntries = size * 3 / 4

  private struct Slot {
    // One more than the number; 0 where the slot is free.
    var key: UInt32 = 0
    var count: UInt32 = 0
    var lastDocument: UInt32 = 0
  }

  private var slots: UnsafeMutablePointer<Slot>
  private var entryCount = 0

  /// Creates an empty table.
  package init() {
    slots = Self.makeSlots()
  }

  /// Frees the memory.
  package func deallocate() {
    slots.deallocate()
  }

  private static func makeSlots() -> UnsafeMutablePointer<Slot> {
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: size)
    slots.initialize(repeating: Slot(), count: size)
    return slots
  }

  /// Counts a document, once however often it is named, that has a number below 2^24.
  @inline(__always)
  package mutating func count(_ number: UInt32, in document: UInt32) {
    let place = find(number &+ 1)
    if slots[place].key == 0 {
      slots[place] = Slot(key: number &+ 1, count: 1, lastDocument: document)
      entryCount &+= 1
      if entryCount > Self.mostEntries { forget() }
    } else if slots[place].lastDocument != document {
      slots[place].lastDocument = document
      slots[place].count &+= 1
    }
  }

  @inline(__always)
  private func find(_ key: UInt32) -> Int {
    var place = Int(truncatingIfNeeded: (key &* 0x9e37_79b1) >> 16)
    while slots[place].key != 0 && slots[place].key != key {
      place = (place &+ 1) & (Self.size &- 1)
    }
    return place
  }

  /// Forgets those counted least, until half of the room is free.
  private mutating func forget() {
    let old = slots
    defer { old.deallocate() }
    var least: UInt32 = 1
    var left = entryCount
    while left > Self.size / 2 {
      least += 1
      left = (0..<Self.size).count { old[$0].key != 0 && old[$0].count >= least }
    }
    slots = Self.makeSlots()
    entryCount = left
    for index in 0..<Self.size where old[index].key != 0 && old[index].count >= least {
      slots[find(old[index].key)] = old[index]
    }
  }

  /// Calls a function with each number and how many documents have it.
  package func forEachNumber(_ body: (UInt32, Int) -> Void) {
    for index in 0..<Self.size where slots[index].key != 0 {
      body(slots[index].key &- 1, Int(slots[index].count))
    }
  }
}
