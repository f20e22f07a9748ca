// SPDX-License-Identifier: Apache-2.0

/// A term of a query in one segment: one or more lists that are scored as one, and what it can score
/// in the current window.
struct GroupScorer {
  /// The first of the group's lists among the evaluation's.
  let firstList: Int
  /// The number of lists.
  let listCount: Int
  /// The weight, as an integer score.
  let weight: Float
  /// What the group can score at most in each stripe of the window.
  let bounds: UnsafeMutablePointer<Int32>
  /// What this group and those looked up after it can score in each stripe.
  let remaining: UnsafeMutablePointer<Int32>
  /// The greatest of `bounds`.
  var windowBound: Int32 = 0
  /// The documents of all lists, with repetitions.
  let documentFrequency: Int
}

/// The groups of a query in one segment, and the memory to evaluate them in.
///
/// It owns memory, which its one owner frees.
struct GroupSet {
  let lists: UnsafeMutablePointer<ListScorer>
  private(set) var listCount = 0
  let groups: UnsafeMutablePointer<GroupScorer>
  private(set) var groupCount = 0
  private let boundMemory: UnsafeMutablePointer<Int32>
  private let capacity: Int

  /// Opens the lists of some groups of a plan; groups that the segment does not hold are left out.
  ///
  /// - Parameters:
  ///   - indices: The groups.
  ///   - plan: The query.
  ///   - searcher: The snapshot.
  ///   - segment: The segment's index.
  /// - Throws: `.corrupt` when a list lies outside its section.
  init(
    _ indices: [Int], of plan: borrowing QueryPlan, _ searcher: SegmentSearcher,
    segment: Int
  ) throws(IndexError) {
    capacity = max(1, indices.count)
    let listCapacity = indices.reduce(1) { $0 + plan.groups[$1].lists.count }
    lists = .allocate(capacity: listCapacity)
    groups = .allocate(capacity: capacity)
    boundMemory = .allocate(capacity: capacity * 2 * Window.stripeCount)
    do throws(IndexError) {
      for index in indices {
        let group = plan.groups[index]
        let weight = group.weight * plan.scale
        let firstList = listCount
        var frequency = 0
        for list in group.lists {
          guard let info = list.infos[segment] else { continue }
          (lists + listCount).initialize(
            to: try ListScorer(list, info, searcher, segment: segment, weight: weight))
          listCount += 1
          frequency += Int(info.documentFrequency)
        }
        if listCount == firstList { continue }
        (groups + groupCount).initialize(
          to: GroupScorer(
            firstList: firstList, listCount: listCount - firstList, weight: weight,
            bounds: boundMemory + groupCount * 2 * Window.stripeCount,
            remaining: boundMemory + (groupCount * 2 + 1) * Window.stripeCount,
            documentFrequency: frequency))
        groupCount += 1
      }
    } catch {
      deallocate()
      throw error
    }
  }

  func deallocate() {
    for index in 0..<listCount { lists[index].deallocate() }
    lists.deallocate()
    groups.deallocate()
    boundMemory.deallocate()
  }

  /// Whether a damaged block was met in any list.
  var isCorrupt: Bool {
    for index in 0..<listCount where lists[index].cursor.isCorrupt { return true }
    return false
  }

  /// Computes a group's bounds in a window.
  ///
  /// - Returns: The stripes that it may have documents in.
  @inline(__always)
  func computeBounds(_ group: Int, start: UInt32) -> UInt64 {
    let state = groups + group
    state.pointee.bounds.update(repeating: 0, count: Window.stripeCount)
    var seen: UInt64 = 0
    for list in 0..<state.pointee.listCount {
      seen |= lists[state.pointee.firstList &+ list].addBounds(
        start: start, to: state.pointee.bounds)
    }
    var greatest = SIMD4<Int32>(repeating: 0)
    state.pointee.bounds.withMemoryRebound(to: SIMD4<Int32>.self, capacity: 16) { rows in
      for row in 0..<16 {
        greatest.replace(with: rows[row], where: rows[row] .> greatest)
      }
    }
    state.pointee.windowBound = greatest.max()
    return seen
  }
}
