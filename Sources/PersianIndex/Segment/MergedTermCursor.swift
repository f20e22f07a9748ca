// SPDX-License-Identifier: Apache-2.0

/// Walks over the terms of one indexed field in several segments at once, in ascending order.
package struct MergedTermCursor {
  /// The dictionary key of the current term.
  package private(set) var key: [UInt8] = []
  /// The segments that hold the current term, ascending, and what their dictionaries know of it.
  package private(set) var entries: [(segment: Int, info: TermInfo)] = []

  private let field: UInt8
  private var cursors: [TermDictionaryCursor] = []
  private var isActive: [Bool] = []

  /// Creates a cursor before the first term.
  ///
  /// - Parameters:
  ///   - dictionaries: The dictionaries of the segments.
  ///   - field: The number of the indexed field.
  ///   - start: The bytes of the least term that is wanted.
  /// - Throws: `.corrupt` where a dictionary is damaged.
  package init(
    _ dictionaries: [TermDictionaryReader], field: UInt8, from start: [UInt8] = []
  ) throws(IndexError) {
    self.field = field
    for dictionary in dictionaries {
      var cursor = try ([field] + start).withUnsafeBufferPointer { (key) throws(IndexError) in
        try dictionary.cursor(from: key)
      }
      isActive.append(try cursor.next() && cursor.key.first == field)
      cursors.append(cursor)
    }
  }

  /// Moves to the next term.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: `.corrupt` where a dictionary is damaged.
  package mutating func next() throws(IndexError) -> Bool {
    for entry in entries {
      isActive[entry.segment] =
        try cursors[entry.segment].next() && cursors[entry.segment].key.first == field
    }
    entries.removeAll(keepingCapacity: true)
    for index in cursors.indices where isActive[index] {
      let other = cursors[index].key
      if entries.isEmpty || other.lexicographicallyPrecedes(key) {
        entries.removeAll(keepingCapacity: true)
        key = other
      } else if other != key {
        continue
      }
      entries.append((index, cursors[index].info))
    }
    return !entries.isEmpty
  }
}
