// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension IndexWriter {
  /// Takes over the documents of another index as they are, without analysing them again.
  ///
  /// They count as added now, in their order: a document whose key is here already replaces it.
  ///
  /// - Parameter other: A snapshot of the other index, whose schema and analyzer the caller has
  ///   checked.
  /// - Returns: The number of documents taken over.
  /// - Throws: As ``commit()``, and `.corrupt` where the other index is damaged. The changes made
  ///   before stand, and nothing of the other index has been added.
  package func join(_ other: IndexSnapshot) throws(IndexError) -> Int {
    try state.withLock { (state) throws(IndexError) in
      try check(state)
      try flush(&state, synchronizing: false)
      let base = state.nextSequence
      var members: [SegmentSet.Member] = []
      var ids: [UInt64] = []
      do throws(IndexError) {
        for group in groups(of: other) {
          let id = segments.withLock { $0.beginSegment() }
          ids.append(id)
          let merger = try SegmentMerger(
            group.map { .init($0.reader, live: $0.live, sequenceOffset: base) })
          guard merger.documentCount > 0 else { continue }
          let entry = try merger.write(to: directory, segmentID: id)
          let reader = try SegmentReader(entry, in: directory)
          members.append(
            SegmentSet.Member(reader, live: LiveDocs(documentCount: reader.documentCount)))
        }
        let (added, taken) = (members, Set(members.map(\.id)))
        try segments.withLock { (set) throws(IndexError) in
          let before = set.current
          do throws(IndexError) {
            for member in added { try set.add(member) }
          } catch {
            set.current = before
            throw error
          }
          // A number that was taken for a group without live documents has no file.
          set.inProgress.subtract(ids.filter { !taken.contains($0) })
        }
      } catch {
        segments.withLock { $0.inProgress.subtract(ids) }
        for id in ids { try? directory.remove(IndexFileName.segment(id: id).description) }
        throw error
      }
      state.nextSequence = base &+ other.manifest.nextSequence
      return members.reduce(0) { $0 + $1.reader.documentCount }
    }
  }

  // Segments that one merge may join are joined at once, so that no merge follows.
  private func groups(of snapshot: IndexSnapshot) -> [[SegmentSnapshot]] {
    let largest = merges.options.mergePolicy.largestSegment
    var groups: [[SegmentSnapshot]] = []
    var (size, documents) = (UInt64(0), 0)
    for segment in snapshot.segments {
      size += segment.reader.entry.sizeInBytes
      documents += segment.reader.documentCount
      if groups.isEmpty || size > largest || documents > SegmentInfo.maximumDocumentCount {
        groups.append([segment])
        size = segment.reader.entry.sizeInBytes
        documents = segment.reader.documentCount
      } else {
        groups[groups.count - 1].append(segment)
      }
    }
    return groups
  }
}
