// SPDX-License-Identifier: Apache-2.0

/// A small hash table from words of letter codes to lists of values.
struct LetterTable<Value: Sendable>: Sendable {
  private struct Node: Sendable {
    var key: UInt64
    var length: UInt32
    var next: Int32
    var value: Value
  }

  private var nodes: [Node] = []
  private var heads: [Int32]
  private let mask: Int

  /// Creates an empty table.
  ///
  /// - Parameter capacity: The number of chains, a power of two.
  init(capacity: Int) {
    heads = [Int32](repeating: -1, count: capacity)
    mask = capacity - 1
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
    nodes.append(
      Node(key: hash, length: UInt32(word.count), next: heads[slot], value: value))
    heads[slot] = Int32(nodes.count - 1)
  }

  /// Calls a closure with each value of a word, known by its finished hash and length.
  ///
  /// Words are told apart by 64 bits of hash; the tables are fixed, and a test shows that no two of
  /// their words collide.
  @inline(__always)
  func forEach(_ hash: UInt64, _ length: Int, _ body: (Value) -> Void) {
    var index = heads[Int(truncatingIfNeeded: hash >> 32) & mask]
    while index >= 0 {
      let node = nodes[Int(index)]
      if node.key == hash, node.length == UInt32(truncatingIfNeeded: length) { body(node.value) }
      index = node.next
    }
  }
}
