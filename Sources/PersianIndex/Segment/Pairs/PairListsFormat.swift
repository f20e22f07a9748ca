// SPDX-License-Identifier: Apache-2.0

/// The layout of a section *pair lists*; docs/FORMAT.md has it byte by byte.
///
/// A phrase of two words that are in most documents is found by comparing positions in almost all
/// of them. The commonest words of a field therefore have, for every two of them, the list of the
/// documents where the one stands right before the other (Williams, Zobel and Bahle, "Fast phrase
/// querying with combined indexes", 2004). A segment makes the lists anew whenever it is written.
package enum PairListsFormat {
  /// The most words whose pairs have lists.
  static let mostMembers = 24
  /// The least documents that a member is in.
  package static let leastFrequency = 1024
  /// A member is in at least one of so many documents.
  static let leastShare = 4
  /// The most bytes of members' lists that are kept while a segment is written.
  static let mostBytes = 256 << 20
  /// The greatest length of a document, in positions, that lists are made for.
  package static let mostPlaces = 1 << 24
  /// The number of members, then that of pairs: 4 bytes each.
  static let headerSize = 8
  /// The offset of a member's record in the postings section.
  static let memberSize = 8
  /// Two members, two zero bytes, the pair's documents (4) and occurrences (8), and the place of
  /// its list or, of a single document, that document (8).
  static let entrySize = 24
}
