// SPDX-License-Identifier: Apache-2.0

/// The lists of several words, read side by side from document to document.
///
///     let walks = MemberWalks(lists, lengths: codes)
///     defer { walks.deallocate() }
///     for member in 0..<walks.count where walks.each[member].advance(to: document) { … }
///
/// It owns memory, which its one owner frees.
struct MemberWalks {
  /// The number of lists.
  let count: Int
  /// The walk of each list.
  let each: UnsafeMutablePointer<MemberWalk>
  private let positionTable: UnsafeMutablePointer<UInt16>

  init(_ lists: [PostingList], lengths: UnsafePointer<UInt8>) {
    count = lists.count
    each = .allocate(capacity: count)
    positionTable = .allocate(capacity: PositionCode.table.count)
    positionTable.initialize(from: PositionCode.table, count: PositionCode.table.count)
    for (member, list) in lists.enumerated() {
      (each + member).initialize(
        to: MemberWalk(list, lengths: lengths, positionTable: positionTable))
    }
  }

  func deallocate() {
    for member in 0..<count { each[member].deallocate() }
    each.deallocate()
    positionTable.deallocate()
  }
}
