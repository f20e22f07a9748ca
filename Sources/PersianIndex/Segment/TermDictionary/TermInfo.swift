// SPDX-License-Identifier: Apache-2.0

/// What the dictionary knows of a term in one segment: its counts and where its postings are.
package struct TermInfo: Sendable, Hashable {
  /// The number of documents that hold the term, at least 1; deleted ones are not subtracted.
  package var documentFrequency: UInt32
  /// The number of times that the term occurs in all of them.
  package var totalTermFrequency: UInt64
  /// The offset of the term's record in the postings section.
  package var offset: UInt64
  /// The term's only document, where ``documentFrequency`` is 1; 0 otherwise.
  package var singleDocument: UInt32

  /// Creates a value.
  package init(
    documentFrequency: UInt32, totalTermFrequency: UInt64, offset: UInt64,
    singleDocument: UInt32 = 0
  ) {
    self.documentFrequency = documentFrequency
    self.totalTermFrequency = totalTermFrequency
    self.offset = offset
    self.singleDocument = singleDocument
  }
}
