// SPDX-License-Identifier: Apache-2.0

extension SegmentSet {
  /// A merge that is under way.
  struct Merge: Sendable {
    /// The segments to be merged, as they were when it began.
    let inputs: [Member]
    /// The number of the segment it makes.
    let segmentID: UInt64
    /// The rollbacks before it began.
    let epoch: Int
  }

  /// Begins the merge that a policy asks for; `nil` where it asks for none.
  mutating func nextMerge(_ policy: MergePolicy) -> Merge? {
    guard mergeFailure == nil else { return nil }
    return policy.merge(of: candidates).map { beginMerge(of: $0) }
  }

  /// Whether a policy asks for a merge.
  func wantsMerge(_ policy: MergePolicy) -> Bool {
    policy.merge(of: candidates) != nil
  }

  private var candidates: [MergePolicy.Candidate] {
    current.filter { !merging.contains($0.id) }.map { member in
      MergePolicy.Candidate(
        id: member.id, byteCount: member.reader.entry.sizeInBytes,
        documentCount: member.reader.documentCount, liveCount: member.live.liveCount)
    }
  }

  /// Begins a merge of some segments.
  mutating func beginMerge(of ids: [UInt64]) -> Merge {
    merging.formUnion(ids)
    mergesUnderWay += 1
    return Merge(
      inputs: current.filter { ids.contains($0.id) }, segmentID: beginSegment(), epoch: epoch)
  }

  /// Puts the result of a merge in the place of its inputs, less what was deleted meanwhile.
  ///
  /// - Parameters:
  ///   - merge: The merge.
  ///   - reader: Its result; `nil` where no document was live.
  ///   - newDocuments: For each input, where its documents have gone.
  /// - Returns: The numbers of the segments whose files nobody needs any more: inputs that no commit
  ///   has, or the result, where a rollback has taken the inputs away.
  mutating func finish(
    _ merge: Merge, _ reader: SegmentReader?, newDocuments: [[UInt32]]
  ) -> [UInt64] {
    inProgress.remove(merge.segmentID)
    guard merge.epoch == epoch else { return reader == nil ? [] : [merge.segmentID] }
    let ids = merge.inputs.map(\.id)
    merging.subtract(ids)
    var result = reader.map { Member($0, live: LiveDocs(documentCount: $0.documentCount)) }
    for (input, places) in zip(merge.inputs, newDocuments) {
      // A commit drops segments of which nothing is left: all that they had is deleted then.
      let now = current.first { $0.id == input.id }?.live
      if now == input.live { continue }
      for document in 0..<UInt32(input.reader.documentCount)
      where input.live.isLive(document) && now?.isLive(document) != true {
        result?.delete(places[Int(document)])
      }
    }
    let place = current.firstIndex { ids.contains($0.id) } ?? current.endIndex
    current.removeAll { ids.contains($0.id) }
    if let result { current.insert(result, at: min(place, current.endIndex)) }
    isChanged = true
    // A commit that failed half-way may list any of them, and be what a crash leaves.
    if isCommitUncertain { return [] }
    let kept = Set(manifest.segments.map(\.id))
    return ids.filter { !kept.contains($0) }
  }

  /// Gives up a merge.
  mutating func fail(_ merge: Merge, _ error: IndexError) {
    inProgress.remove(merge.segmentID)
    guard merge.epoch == epoch else { return }
    merging.subtract(merge.inputs.map(\.id))
    mergeFailure = error
  }
}
