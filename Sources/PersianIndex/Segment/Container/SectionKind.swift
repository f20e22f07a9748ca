// SPDX-License-Identifier: Apache-2.0

/// What a section of a segment file holds; the numbers are part of the format.
package struct SectionKind: RawRepresentable, Sendable, Hashable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// Counts and settings of the whole segment.
  package static let segmentInfo = SectionKind(rawValue: 1)
  /// Compressed blocks of stored documents.
  package static let storedFields = SectionKind(rawValue: 2)
  /// Where each of those blocks starts.
  package static let storedFieldsIndex = SectionKind(rawValue: 3)
  /// The keys of the documents, in document order.
  package static let documentKeys = SectionKind(rawValue: 4)
  /// The hash table from a key to its document.
  package static let documentKeyIndex = SectionKind(rawValue: 5)
  /// One column of numbers; the field is the column.
  package static let docValues = SectionKind(rawValue: 6)
  /// The insertion number of each document.
  package static let sequence = SectionKind(rawValue: 7)
  /// One byte of length for each document; the field is the indexed field.
  package static let fieldLengths = SectionKind(rawValue: 8)
  /// The terms and what is known of each.
  package static let termDictionary = SectionKind(rawValue: 9)
  /// Documents, frequencies and positions of the terms.
  package static let postings = SectionKind(rawValue: 10)
  /// Totals of each indexed field, for scoring.
  package static let fieldStatistics = SectionKind(rawValue: 11)
  /// Where the commonest words of a text field stand next to each other; the field is the place in
  /// the schema.
  package static let pairLists = SectionKind(rawValue: 12)
}

extension SectionKind: CustomStringConvertible {
  package var description: String {
    switch self {
    case .segmentInfo: "segment information"
    case .storedFields: "stored fields"
    case .storedFieldsIndex: "stored fields index"
    case .documentKeys: "document keys"
    case .documentKeyIndex: "document key index"
    case .docValues: "doc values"
    case .sequence: "sequence"
    case .fieldLengths: "field lengths"
    case .termDictionary: "term dictionary"
    case .postings: "postings"
    case .fieldStatistics: "field statistics"
    case .pairLists: "pair lists"
    default: "section kind \(rawValue)"
    }
  }
}
