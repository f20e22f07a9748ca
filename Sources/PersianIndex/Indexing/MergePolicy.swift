// SPDX-License-Identifier: Apache-2.0

/// Decides which segments are merged: always several of about the same size, so that a document is
/// rewritten only as often as the logarithm of the index's size.
public struct MergePolicy: Sendable, Hashable {
  /// How many segments of about the same size there may be before they are merged, and the most
  /// that one merge takes: 2 to 64.
  public var segmentsPerTier: Int
  /// Segments below this size in bytes count as one of this size.
  public var smallestTier: UInt64
  /// The size in bytes above which a segment is no longer merged with others of its own accord.
  public var largestSegment: UInt64
  /// The share of deleted documents, 0 to 1, from which on a segment is rewritten without them.
  public var deletedShare: Double

  /// Creates a policy.
  ///
  /// - Parameters:
  ///   - segmentsPerTier: How many segments of about the same size there may be before they are
  ///     merged; 2 to 64, other values are brought into that range.
  ///   - smallestTier: Segments below this size in bytes count as one of this size.
  ///   - largestSegment: The size in bytes above which a segment is no longer merged.
  ///   - deletedShare: The share of deleted documents, 0 to 1, from which on a segment is
  ///     rewritten without them.
  public init(
    segmentsPerTier: Int = 10, smallestTier: UInt64 = 1 << 20, largestSegment: UInt64 = 5 << 30,
    deletedShare: Double = 1 / 3
  ) {
    self.segmentsPerTier = min(max(segmentsPerTier, 2), 64)
    self.smallestTier = max(smallestTier, 1)
    self.largestSegment = largestSegment
    self.deletedShare = deletedShare
  }

  /// What the policy looks at in a segment.
  package struct Candidate {
    /// The number of the segment.
    package var id: UInt64
    /// The size of its file.
    package var byteCount: UInt64
    /// The number of its documents.
    package var documentCount: Int
    /// The number of its documents that are not deleted.
    package var liveCount: Int

    package init(id: UInt64, byteCount: UInt64, documentCount: Int, liveCount: Int) {
      self.id = id
      self.byteCount = byteCount
      self.documentCount = documentCount
      self.liveCount = liveCount
    }

    /// The size that it would have without its deleted documents.
    var liveByteCount: UInt64 {
      UInt64(Double(byteCount) * Double(liveCount) / Double(max(documentCount, 1)))
    }
  }

  /// Returns the numbers of segments that should become one; `nil` where all is well.
  ///
  /// - Parameter candidates: The segments that no merge has in hand, in the order of insertion.
  /// - Returns: The numbers of the segments.
  package func merge(of candidates: [Candidate]) -> [UInt64]? {
    let small = candidates.filter { $0.liveByteCount < largestSegment }
    var tiers: [Int: [Candidate]] = [:]
    for candidate in small { tiers[tier(of: candidate), default: []].append(candidate) }
    for (_, tier) in tiers.sorted(by: { $0.key < $1.key }) where tier.count >= segmentsPerTier {
      return tier.prefix(segmentsPerTier).map(\.id)
    }
    let wasteful = small.first { candidate in
      let deleted = candidate.documentCount - candidate.liveCount
      return deleted > 0 && Double(deleted) >= deletedShare * Double(candidate.documentCount)
    }
    return wasteful.map { [$0.id] }
  }

  private func tier(of candidate: Candidate) -> Int {
    var tier = 0
    var limit = smallestTier
    while candidate.liveByteCount > limit, tier < 64 {
      tier += 1
      let next = limit.multipliedReportingOverflow(by: UInt64(segmentsPerTier))
      limit = next.overflow ? .max : next.partialValue
    }
    return tier
  }
}
