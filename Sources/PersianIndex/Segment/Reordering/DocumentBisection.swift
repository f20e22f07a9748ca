// SPDX-License-Identifier: Apache-2.0

/// Orders documents so that similar ones are next to each other: recursive graph bisection.
///
/// A range of documents is split in halves; documents then change sides as long as that makes the
/// gaps in the lists of their terms cheaper to code, and each half is treated likewise. The method is
/// that of Dhulipala et al., "Compressing graphs and indexes with recursive graph bisection" (KDD
/// 2016), with the estimate of the gain by one number per term and the selection of the best half, in
/// place of sorted swaps, that Mackenzie, Petri and Moffat describe in "Faster index reordering with
/// bipartite graph partitioning" (SIGIR 2021).
struct DocumentBisection: ~Copyable {
  private static let smallestPartition = 32
  private static let mostRounds = 12

  private let forward: ForwardLists
  // For each term, the documents of the left and the right half that hold it, and how much it pulls
  // a document to the left.
  private let left: UnsafeMutablePointer<Int32>
  private let right: UnsafeMutablePointer<Int32>
  private let pull: UnsafeMutablePointer<Float>
  private let logarithms: UnsafeMutablePointer<Float>
  private let touched: UnsafeMutablePointer<UInt32>
  private let keys: UnsafeMutablePointer<UInt64>
  private let order: UnsafeMutablePointer<UInt32>

  private init(_ forward: consuming ForwardLists) {
    let (terms, documents) = (forward.termCount, forward.documentCount)
    self.forward = forward
    left = .allocate(capacity: terms)
    left.initialize(repeating: 0, count: terms)
    right = .allocate(capacity: terms)
    right.initialize(repeating: 0, count: terms)
    pull = .allocate(capacity: terms)
    pull.initialize(repeating: 0, count: terms)
    touched = .allocate(capacity: terms)
    logarithms = .allocate(capacity: documents + 2)
    for count in 0..<documents + 2 {
      (logarithms + count).initialize(to: Float(naturalLogarithm(Double(count + 1))))
    }
    keys = .allocate(capacity: documents)
    order = .allocate(capacity: documents)
    for document in 0..<documents { (order + document).initialize(to: UInt32(document)) }
  }

  deinit {
    left.deallocate()
    right.deallocate()
    pull.deallocate()
    touched.deallocate()
    logarithms.deallocate()
    keys.deallocate()
    order.deallocate()
  }

  /// Returns the documents in their new order.
  ///
  /// - Parameters:
  ///   - forward: The terms of each document.
  ///   - isCancelled: Asked now and then.
  /// - Returns: The number of each document in its old order, by new place; `nil` where the
  ///   work was cancelled.
  /// - Complexity: O(*p* log *n*) in the pairs *p* of documents and terms and the documents *n*.
  static func order(
    _ forward: consuming ForwardLists, isCancelled: () -> Bool
  ) -> [UInt32]? {
    let count = forward.documentCount
    let bisection = DocumentBisection(forward)
    guard bisection.split(0..<count, isCancelled) else { return nil }
    return Array(UnsafeBufferPointer(start: bisection.order, count: count))
  }

  /// Orders a range; `false` where the work was cancelled.
  private func split(_ range: Range<Int>, _ isCancelled: () -> Bool) -> Bool {
    guard range.count > Self.smallestPartition else {
      var documents = UnsafeMutableBufferPointer(
        start: order + range.lowerBound, count: range.count)
      documents.sort()
      return true
    }
    let middle = range.lowerBound + range.count / 2
    let terms = count(range, middle: middle)
    for _ in 0..<Self.mostRounds {
      if range.count > 4096, isCancelled() { return false }
      for index in 0..<terms {
        let term = Int(touched[index])
        pull[term] = logarithms[Int(left[term])] - logarithms[Int(right[term])]
      }
      // A round in which hardly a document changes sides is the last.
      if exchange(range, middle: middle) * 256 < range.count { break }
    }
    for index in 0..<terms {
      left[Int(touched[index])] = 0
      right[Int(touched[index])] = 0
    }
    return split(range.lowerBound..<middle, isCancelled)
      && split(middle..<range.upperBound, isCancelled)
  }

  /// Counts the documents of each term in both halves, and returns how many terms there are.
  private func count(_ range: Range<Int>, middle: Int) -> Int {
    var terms = 0
    for place in range {
      let half = place < middle ? left : right
      for term in forward.terms(of: order[place]) {
        if left[Int(term)] | right[Int(term)] == 0 {
          touched[terms] = term
          terms &+= 1
        }
        half[Int(term)] &+= 1
      }
    }
    return terms
  }

  /// Puts the documents that are pulled furthest to the left into the left half, and returns how many
  /// have changed sides.
  private func exchange(_ range: Range<Int>, middle: Int) -> Int {
    for place in range {
      let document = order[place]
      var sum: Float = 0
      for term in forward.terms(of: document) { sum += pull[Int(term)] }
      // The bits of a float in the order of its value, the greatest first; documents that were on the
      // left win ties.
      let bits = sum.bitPattern
      let ascending = bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
      keys[place] = UInt64(~ascending) << 32 | UInt64(place)
    }
    Self.select(keys + range.lowerBound, count: range.count, smallest: middle - range.lowerBound)
    var moved = 0
    for place in range {
      let old = Int(truncatingIfNeeded: keys[place] & 0xffff_ffff)
      let document = order[old]
      let isLeft = place < middle
      if isLeft != (old < middle) {
        moved &+= 1
        let delta: Int32 = isLeft ? 1 : -1
        for term in forward.terms(of: document) {
          left[Int(term)] &+= delta
          right[Int(term)] &-= delta
        }
      }
      keys[place] = UInt64(document)
    }
    for place in range { order[place] = UInt32(truncatingIfNeeded: keys[place]) }
    return moved
  }

  /// Brings the smallest keys to the front: Hoare's selection.
  private static func select(
    _ keys: UnsafeMutablePointer<UInt64>, count: Int, smallest: Int
  ) {
    var low = 0
    var high = count - 1
    while low < high {
      let pivot = medianOfThree(keys[low], keys[(low + high) / 2], keys[high])
      var (first, last) = (low, high)
      while first <= last {
        while keys[first] < pivot { first &+= 1 }
        while keys[last] > pivot { last &-= 1 }
        if first <= last {
          (keys[first], keys[last]) = (keys[last], keys[first])
          first &+= 1
          last &-= 1
        }
      }
      if smallest <= last {
        high = last
      } else if smallest >= first {
        low = first
      } else {
        return
      }
    }
  }

  private static func medianOfThree(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    max(min(a, b), min(max(a, b), c))
  }
}
