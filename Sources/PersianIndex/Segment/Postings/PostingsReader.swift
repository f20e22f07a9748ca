// SPDX-License-Identifier: Apache-2.0

/// Reads the postings section of a segment.
///
/// It is a view of mapped bytes: whoever holds it keeps the mapping alive. The bytes never change,
/// so any number of threads may read.
package struct PostingsReader: @unchecked Sendable {
  package let bytes: UnsafeRawBufferPointer

  /// Creates a reader of a whole section, including the zero bytes of padding at its end.
  package init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// Decodes one whole list, for merging.
  ///
  /// - Parameters:
  ///   - info: The term, from the dictionary of the same segment.
  ///   - lengths: The codes of the field's length, by doc id; they bound the doc ids.
  ///   - hasPositions: Whether the field has positions.
  ///   - list: Receives the list; emptied first.
  /// - Throws: `.corrupt` when the bytes do not hold such a list.
  package func decode(
    _ info: TermInfo, lengths: UnsafeBufferPointer<UInt8>, hasPositions: Bool,
    into list: inout DecodedPostings
  ) throws(IndexError) {
    throw IndexError(.corrupt, "unfinished")
  }
}

/// A whole posting list in flat arrays, reused from list to list.
package struct DecodedPostings {
  /// The doc ids, ascending.
  package var documents: [UInt32] = []
  /// The frequency in each document.
  package var frequencies: [UInt32] = []
  /// The positions of each document in turn; empty for a field without positions.
  package var positions: [UInt32] = []

  /// Creates an empty list.
  package init() {}
}
