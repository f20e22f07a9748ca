// SPDX-License-Identifier: Apache-2.0

/// Reads the term dictionary of a segment.
///
/// It is a view of mapped bytes: whoever holds it keeps the mapping alive.
package struct TermDictionaryReader: @unchecked Sendable {
  /// The number of terms.
  package let count: Int

  /// Opens a dictionary and checks its top index.
  ///
  /// - Throws: `.corrupt` when lengths or offsets of the section do not agree.
  package init(bytes: UnsafeRawBufferPointer) throws(IndexError) { count = 0 }

  /// Finds a key.
  ///
  /// - Returns: What is known of the term; `nil` when the segment does not hold it.
  /// - Throws: `.corrupt` when the block that should hold it is damaged.
  package func find(_ key: UnsafeBufferPointer<UInt8>) throws(IndexError) -> TermInfo? { nil }

  /// Returns a cursor that stands before the first key not less than the given one.
  package func cursor(from key: UnsafeBufferPointer<UInt8>) throws(IndexError)
    -> TermDictionaryCursor
  {
    TermDictionaryCursor()
  }
}

/// Walks over the terms of a dictionary in ascending order.
package struct TermDictionaryCursor {
  /// The current key; empty before the first call of ``next()``.
  package private(set) var key: [UInt8] = []
  /// What is known of the current term.
  package private(set) var info = TermInfo(
    documentFrequency: 0, totalTermFrequency: 0, offset: 0)

  /// Moves to the next term.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: `.corrupt` when a block is damaged.
  package mutating func next() throws(IndexError) -> Bool { false }
}
