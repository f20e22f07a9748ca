// SPDX-License-Identifier: Apache-2.0

/// The layout of a section *pair lists*; docs/FORMAT.md has it byte by byte.
///
/// A phrase of words that are in most documents is found by comparing positions in almost all of
/// them. The commonest words of a field therefore have, for two of them, the list of the documents
/// where the one stands right before the other, and those three words that many documents have one
/// after another have a list, too (Williams, Zobel and Bahle, "Fast phrase querying with combined
/// indexes", 2004). Which pairs get a list is a matter of bytes: a list spares a search the documents
/// that both words have, and is asked for as often as the words stand so. A segment makes the lists
/// anew whenever it is written.
package enum PairListsFormat {
  /// The most words of which every two may have a list.
  static let mostPaired = 24
  /// The lists of pairs of a field take at most one of so many bytes of its postings.
  package static let listShare = 25
  /// What the lists of pairs may take of a small field.
  package static let leastListBytes = 1 << 10
  /// A paired word is in at least one of so many documents.
  static let leastPairedShare = 4
  /// The most members: words that stand in lists.
  static let mostMembers = 64
  /// The most words of which three may get a list.
  static let mostCandidates = 255
  /// The least documents that a candidate is in.
  package static let leastFrequency = 1024
  /// A candidate, and three words with a list, are in at least one of so many documents.
  static let leastShare = 64
  /// The most lists of three words.
  static let mostTriples = 128
  /// The documents of all lists of three words come to about so many times those of the segment.
  static let tripleDocuments = 6
  /// Three words get a list by how many of about so many documents have them.
  static let sampleSize = 4096
  /// The most bytes of members' lists that are kept while a segment is written.
  package static let mostBytes = 256 << 20
  /// The greatest length of a document, in positions, that lists are made for.
  package static let mostPlaces = 1 << 24
  /// The numbers of paired members, of members, of pairs and of threes: 4 bytes each.
  static let headerSize = 16
  /// The offset of a member's record in the postings section.
  static let memberSize = 8
  /// Two or three members, zeros up to the fourth byte, the documents (4) and occurrences (8), and the
  /// place of the list or, of a single document, that document (8).
  static let entrySize = 24
}
