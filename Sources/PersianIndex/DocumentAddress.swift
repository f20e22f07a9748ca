// SPDX-License-Identifier: Apache-2.0

/// Where a document stands in one snapshot; it means nothing in another.
public struct DocumentAddress: Sendable, Hashable {
  let segment: Int
  let document: UInt32
}

/// A document found, with nothing read but its place.
///
/// ``Searcher/key(at:)`` and ``Searcher/document(at:)`` give the rest.
public struct ScoredDocument: Sendable, Hashable {
  /// Where the document stands in the snapshot that was searched.
  public let address: DocumentAddress
  /// How well the document matches; only comparable within one search.
  public let score: Double
}
