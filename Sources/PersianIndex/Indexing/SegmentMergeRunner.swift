// SPDX-License-Identifier: Apache-2.0

/// Carries out merges of a writer's segments, on a thread of its own or on the caller's.
struct SegmentMergeRunner: Sendable {
  let directory: any StorageDirectory
  let segments: Monitor<SegmentSet>
  let options: IndexWriterOptions

  /// Carries out one merge after another until the writer is closed.
  func run() {
    while let merge = segments.wait({ next(&$0) }) {
      // The failure is kept in the set; the segments stay as they were.
      try? perform(merge)
    }
  }

  // `nil` to go on waiting, `.some(nil)` to end.
  private func next(_ set: inout SegmentSet) -> SegmentSet.Merge?? {
    if set.isClosing { return .some(nil) }
    guard let merge = set.nextMerge(options.mergePolicy) else { return nil }
    return .some(merge)
  }

  /// Carries out a merge.
  func perform(_ merge: SegmentSet.Merge) throws(IndexError) {
    // Only when its last file has been removed: another writer may use the same numbers.
    defer { segments.withLock { $0.mergesUnderWay -= 1 } }
    do {
      var merger = try SegmentMerger(
        merge.inputs.map { .init($0.reader, live: $0.live.deletedCount > 0 ? $0.live : nil) })
      var reader: SegmentReader?
      let isCancelled = { segments.withLock { $0.epoch != merge.epoch || $0.isClosing } }
      if let threshold = options.reorderingThreshold, merger.documentCount >= threshold {
        try merger.reorder(isCancelled: isCancelled)
      }
      if merger.documentCount > 0 {
        let entry = try merger.write(
          to: directory, segmentID: merge.segmentID, isCancelled: isCancelled)
        reader = try SegmentReader(entry, in: directory)
      }
      let unneeded = segments.withLock {
        [places = merger.newDocuments] in $0.finish(merge, reader, newDocuments: places)
      }
      for id in unneeded {
        try? directory.remove(IndexFileName.segment(id: id).description)
      }
    } catch {
      segments.withLock { $0.fail(merge, error) }
      throw error
    }
  }
}
