// SPDX-License-Identifier: Apache-2.0

/// The counts and sizes of one commit of an index.
public struct IndexStatistics: Sendable, Hashable {
  /// The number of documents that can be found.
  public let documentCount: Int
  /// The number of documents that are deleted but still take space; a merge drops them.
  public let deletedDocumentCount: Int
  /// The number of segments.
  public let segmentCount: Int
  /// The bytes of all segment files.
  public let sizeInBytes: Int
  /// The version of the format that the commit was written in.
  public let formatVersion: Int
  /// The number of the commit; later ones have higher numbers.
  public let generation: UInt64
  /// The identity of the analyzer, as in `persian/1-8f3a12c4`.
  public let analyzer: String

  init(_ manifest: Manifest) {
    let deleted = manifest.segments.reduce(0) { $0 + Int($1.deletedCount) }
    documentCount = manifest.segments.reduce(0) { $0 + Int($1.documentCount) } - deleted
    deletedDocumentCount = deleted
    segmentCount = manifest.segments.count
    sizeInBytes = manifest.segments.reduce(0) { $0 + Int(clamping: $1.sizeInBytes) }
    formatVersion = Int(manifest.formatVersion)
    generation = manifest.generation
    analyzer = manifest.analyzerIdentity
  }
}
