// SPDX-License-Identifier: Apache-2.0

/// A term of an index with the way to its posting list.
///
/// It belongs to the searcher it came from and keeps that one's snapshot readable.
public struct IndexedTerm: Sendable {
  /// What of a text field is meant.
  public enum Form: Sendable, Hashable {
    /// The terms that words are searched by: lemmas, in an index of Persian text.
    case term
    /// The words as they were written, normalised; they are kept without positions.
    case writtenForm
  }

  /// One document of a term's posting list.
  public struct Posting: Sendable, Hashable {
    /// Where the document stands in the snapshot.
    public let address: DocumentAddress
    /// How often the term occurs in the field of the document; 1 or more.
    public let frequency: Int
    /// Where it occurs, counted in tokens from 0; empty for keywords and written forms.
    public let positions: [Int]
  }

  /// The term's text.
  public let text: String
  /// How many documents hold the term, those included that are deleted and not yet dropped.
  public let documentFrequency: Int
  /// How often the term occurs in these documents.
  public let occurrenceCount: Int

  let field: UInt8
  let hasPositions: Bool
  let entries: [(segment: SegmentSnapshot, number: Int, info: TermInfo)]

  /// Reads the term's posting list, without deleted documents.
  ///
  /// - Returns: The documents, in the order of ``Searcher/forEachDocument(_:)``.
  /// - Throws: `.corrupt` where the list is damaged.
  /// - Complexity: O(*n*) in the occurrences of the term.
  public func postings() throws(IndexError) -> [Posting] {
    var postings: [Posting] = []
    var list = DecodedPostings()
    for (segment, number, info) in entries {
      let reader = segment.reader
      try reader.postings.decode(
        info, lengths: reader.searchFields[Int(field)].lengths, hasPositions: hasPositions,
        into: &list)
      var start = 0
      for (document, frequency) in zip(list.documents, list.frequencies) {
        let end = hasPositions ? start + Int(frequency) : start
        if segment.live?.isLive(document) ?? true {
          postings.append(
            Posting(
              address: DocumentAddress(segment: number, document: document),
              frequency: Int(frequency), positions: list.positions[start..<end].map { Int($0) }))
        }
        start = end
      }
    }
    return postings
  }
}
