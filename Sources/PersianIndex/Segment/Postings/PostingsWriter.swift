// SPDX-License-Identifier: Apache-2.0

/// Codes posting lists, one whole list after another, for the postings section of a segment.
///
///     var writer = PostingsWriter()
///     writer.beginField(lengths: lengths, totalLength: total, hasPositions: true)
///     let info = try writer.write(documents: documents, frequencies: frequencies, positions: positions)
///     file.write(writer.output)          // the bytes of this list
///     dictionary.add(key: key, info)
///
/// The layout is described in docs/FORMAT.md.
package struct PostingsWriter: ~Copyable {
  /// The bytes of the list written last, valid until the next call.
  package var output: UnsafeRawBufferPointer { fatalError() }

  /// Creates a writer whose first list stands at offset 0 of the section.
  package init() {}

  /// Sets the field whose lists follow.
  ///
  /// - Parameters:
  ///   - lengths: The code of the field's length in every document of the segment, by doc id; kept
  ///     by reference until the next call. A code's ``FieldLengthCode/universe(_:)`` must be greater
  ///     than every position of the field in that document.
  ///   - totalLength: The sum of the field's lengths in tokens, over all documents.
  ///   - hasPositions: Whether positions are written.
  package mutating func beginField(
    lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64, hasPositions: Bool
  ) {}

  /// Codes one list and leaves its bytes in ``output``.
  ///
  /// - Parameters:
  ///   - documents: The doc ids, ascending, at least one.
  ///   - frequencies: How often the term occurs in each, at least once.
  ///   - positions: The positions of each document in turn, ascending within a document; empty for
  ///     a field without positions.
  /// - Returns: What the dictionary has to know of the list.
  /// - Throws: `.invalidDocument` when a position is not below the document's field length, or when
  ///   one term's list exceeds 4 GB.
  /// - Complexity: O(*n*) in documents and positions.
  package mutating func write(
    documents: UnsafeBufferPointer<UInt32>, frequencies: UnsafeBufferPointer<UInt32>,
    positions: UnsafeBufferPointer<UInt32>
  ) throws(IndexError) -> TermInfo {
    throw IndexError(.io, "unfinished")
  }
}
