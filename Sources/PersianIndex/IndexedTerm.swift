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
  ///
  /// For a written form that is also a term, this is an estimate: of the documents that have the term
  /// in other forms, half are taken to have it in its own. ``postings()`` tells exactly.
  public let documentFrequency: Int
  /// How often the term occurs in these documents.
  public let occurrenceCount: Int

  /// A list of one segment that tells of the term.
  struct List {
    let segment: SegmentSnapshot
    let number: Int
    let info: TermInfo
    /// The indexed field that the list belongs to.
    let field: UInt8
    /// Whether what it lists are not occurrences but exceptions, see ``WrittenFormKeys``.
    var isRemoved = false
  }

  let hasPositions: Bool
  /// In the order of the segments.
  let lists: [List]

  /// Reads the term's posting list, without deleted documents.
  ///
  /// - Returns: The documents, in the order of ``Searcher/forEachDocument(_:)``.
  /// - Throws: `.corrupt` where the list is damaged.
  /// - Complexity: O(*n* log *n*) in the occurrences of the term.
  public func postings() throws(IndexError) -> [Posting] {
    var postings: [Posting] = []
    var read = DecodedPostings()
    var next = 0
    while next < lists.count {
      let (segment, number) = (lists[next].segment, lists[next].number)
      var occurrences: [UInt32: (count: Int, positions: [Int])] = [:]
      while next < lists.count, lists[next].number == number {
        try decode(lists[next], into: &read)
        add(read, of: lists[next], to: &occurrences)
        next += 1
      }
      for (document, found) in occurrences.sorted(by: { $0.key < $1.key })
      where found.count > 0 && segment.live?.isLive(document) ?? true {
        postings.append(
          Posting(
            address: DocumentAddress(segment: number, document: document),
            frequency: found.count, positions: found.positions))
      }
    }
    return postings
  }

  private func decode(
    _ list: List, into read: inout DecodedPostings
  ) throws(IndexError) {
    let field = list.segment.reader.searchFields[Int(list.field)]
    try list.segment.reader.postings.decode(
      list.info, lengths: field.lengths, hasPositions: field.hasPositions, into: &read)
  }

  private func add(
    _ read: DecodedPostings, of list: List,
    to occurrences: inout [UInt32: (count: Int, positions: [Int])]
  ) {
    var start = 0
    for (document, frequency) in zip(read.documents, read.frequencies) {
      let end = hasPositions ? start + Int(frequency) : start
      occurrences[document, default: (0, [])].count +=
        list.isRemoved ? -Int(frequency) : Int(frequency)
      if hasPositions {
        occurrences[document]?.positions = read.positions[start..<end].map { Int($0) }
      }
      start = end
    }
  }
}
