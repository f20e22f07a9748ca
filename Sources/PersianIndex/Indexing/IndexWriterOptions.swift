// SPDX-License-Identifier: Apache-2.0

/// How a writer uses memory and threads, and when it merges segments.
public struct IndexWriterOptions: Sendable, Hashable {
  /// The bytes of memory that documents not yet written to segments may take, over all threads.
  ///
  /// A buffer is flushed when it reaches its share. At least 1 MiB.
  public var memoryBudget: Int
  /// The number of threads that analyse documents, 1 to 64.
  ///
  /// The thread that adds documents is one of them: it analyses whenever the others have enough to do,
  /// and with 1 always.
  public var threadCount: Int
  /// When and which segments are merged.
  public var mergePolicy: MergePolicy
  /// Whether segments are merged in the background, while documents are added.
  public var mergesInBackground: Bool
  /// The number of documents from which on a merge puts similar documents next to each other; `nil` to
  /// keep the order of insertion always.
  ///
  /// It makes an index smaller whose documents come in no particular order, and costs about as much
  /// time again as indexing. Documents that are sorted by source or date gain next to nothing.
  public var reorderingThreshold: Int?

  /// The number of threads that analyse documents by default: one per core, at most 8.
  public static var defaultThreadCount: Int { min(System.availableCores, 8) }

  /// Creates options.
  ///
  /// - Parameters:
  ///   - memoryBudget: The bytes of memory for documents not yet written, over all threads; at
  ///     least 1 MiB, less is raised to it.
  ///   - threadCount: The number of analysing threads, 1 to 64; other values are brought into that
  ///     range.
  ///   - mergePolicy: When and which segments are merged.
  ///   - mergesInBackground: Whether segments are merged while documents are added.
  ///   - reorderingThreshold: The number of documents from which on a merge reorders them; `nil`
  ///     to keep the order of insertion always.
  public init(
    memoryBudget: Int = 256 << 20, threadCount: Int = Self.defaultThreadCount,
    mergePolicy: MergePolicy = MergePolicy(),
    mergesInBackground: Bool = true, reorderingThreshold: Int? = 1_000_000
  ) {
    self.memoryBudget = max(memoryBudget, 1 << 20)
    self.threadCount = min(max(threadCount, 1), 64)
    self.mergePolicy = mergePolicy
    self.mergesInBackground = mergesInBackground
    self.reorderingThreshold = reorderingThreshold
  }
}
