// SPDX-License-Identifier: Apache-2.0

/// A small hash table from words of letter codes to lists of values, filled once and then read.
///
/// Words are told apart by 64 bits of hash and their length. The tables are fixed, and a test shows
/// that no two of their words collide.
struct LetterTable<Value>: @unchecked Sendable {
  // Unchecked because of the pointers: nothing is written after `freeze()`.

  /// One value of a word's list.
  struct Node {
    var key: UInt64
    var length: Int32
    var next: Int32
    var value: Value
  }

  private var building: [Node] = []
  private var chains: [Int32]
  private let mask: Int
  /// The nodes; a list is walked by ``first(_:_:)`` and ``next(_:)``.
  private(set) var nodes: UnsafeMutablePointer<Node>
  private var heads: UnsafeMutablePointer<Int32>

  /// Creates an empty table.
  ///
  /// - Parameter capacity: The number of chains, a power of two.
  init(capacity: Int) {
    chains = [Int32](repeating: -1, count: capacity)
    mask = capacity - 1
    nodes = .allocate(capacity: 1)
    heads = .allocate(capacity: 1)
  }

  /// Adds a value to a word's list; the newest comes first.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - word: Letter codes.
  mutating func add(_ value: Value, for word: [UInt8]) {
    var hash = LetterHash.seed
    for code in word { hash = LetterHash.extend(hash, code) }
    hash = LetterHash.finish(hash)
    let slot = Int(truncatingIfNeeded: hash >> 32) & mask
    building.append(Node(key: hash, length: Int32(word.count), next: chains[slot], value: value))
    chains[slot] = Int32(building.count - 1)
  }

  /// Makes the table ready for reading.
  mutating func freeze() {
    deallocate()
    nodes = .allocate(capacity: max(building.count, 1))
    nodes.initialize(from: building, count: building.count)
    heads = .allocate(capacity: chains.count)
    heads.initialize(from: chains, count: chains.count)
    building = []
    chains = []
  }

  /// Frees the table's memory; it must not be read any more.
  func deallocate() {
    nodes.deallocate()
    heads.deallocate()
  }

  /// The first node of a word, known by its finished hash and length; -1 where there is none.
  @inline(__always)
  func first(_ hash: UInt64, _ length: Int) -> Int {
    match(Int(heads[Int(truncatingIfNeeded: hash >> 32) & mask]), hash, length)
  }

  /// The node after another of the same word; -1 at the end.
  @inline(__always)
  func next(_ index: Int) -> Int {
    let node = nodes[index]
    return match(Int(node.next), node.key, Int(node.length))
  }

  @inline(__always)
  private func match(_ start: Int, _ hash: UInt64, _ length: Int) -> Int {
    var index = start
    while index >= 0 {
      if nodes[index].key == hash, nodes[index].length == Int32(truncatingIfNeeded: length) {
        return index
      }
      index = Int(nodes[index].next)
    }
    return -1
  }
}
