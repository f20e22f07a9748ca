// SPDX-License-Identifier: Apache-2.0

/// What a check of an index has found.
///
///     let report = try SearchIndex.check(at: "news.index")
///     for problem in report.problems { print(problem) }
public struct CheckReport: Sendable {
  /// What was found in one segment.
  public struct Segment: Sendable {
    /// The number of the segment, which is a part of its file's name.
    public let id: UInt64
    /// The path of the segment's file.
    public let path: String
    /// The number of documents that the manifest counts, the deleted ones included.
    public let documentCount: Int
    /// How many of them are deleted.
    public let deletedDocumentCount: Int
    /// The bytes of the segment's file, as the manifest has them.
    public let sizeInBytes: Int
    /// The number of terms of all fields; 0 where the term dictionary cannot be read.
    public internal(set) var termCount = 0
    /// The number of postings, a term's occurrence in a document each, that were read.
    public internal(set) var postingCount = 0
    /// What is wrong, each with the file and, where it is known, the offset; empty for a segment
    /// that is whole.
    public internal(set) var problems: [IndexError] = []

    init(_ entry: Manifest.SegmentEntry, path: String) {
      id = entry.id
      self.path = path
      documentCount = Int(entry.documentCount)
      deletedDocumentCount = Int(entry.deletedCount)
      sizeInBytes = Int(clamping: entry.sizeInBytes)
    }
  }

  /// The path of the index.
  public let path: String
  /// The number of the newest commit; `nil` where its manifest cannot be read.
  public internal(set) var generation: UInt64?
  /// The segments of the newest commit, in its order.
  public internal(set) var segments: [Segment] = []
  /// What is wrong with the manifest, or between segments.
  public internal(set) var manifestProblems: [IndexError] = []
  /// The names of files that the index does not need.
  ///
  /// An interrupted writer has left them behind and the next one removes them; they are no problem.
  public internal(set) var leftOverFiles: [String] = []

  /// Everything that is wrong, the manifest first; empty for an index that is whole.
  public var problems: [IndexError] { manifestProblems + segments.flatMap(\.problems) }

  /// Whether nothing is wrong.
  public var isWhole: Bool { problems.isEmpty }

  init(path: String) {
    self.path = path
  }
}
