// SPDX-License-Identifier: Apache-2.0

/// What a searcher sees: the segments of one commit, or of a writer's state between two.
///
/// It never changes, and everything it needs stays readable as long as it lives, whatever the writer
/// does meanwhile.
package struct IndexSnapshot: Sendable {
  /// The commit; for a writer's uncommitted state, the last commit before it.
  package let manifest: Manifest
  /// The segments, in the order of insertion.
  package let segments: [SegmentSnapshot]

  /// The number of documents that are not deleted.
  package var documentCount: Int { segments.reduce(0) { $0 + $1.liveCount } }

  package init(manifest: Manifest, segments: [SegmentSnapshot]) {
    self.manifest = manifest
    self.segments = segments
  }

  /// Opens the newest commit of a directory.
  ///
  /// - Parameters:
  ///   - directory: The directory.
  ///   - other: An older snapshot, whose segments are shared where they have not changed.
  /// - Returns: The snapshot.
  /// - Throws: `.notFound` where there is no commit, `.corrupt` where a file is damaged or missing,
  ///   and what the directory throws.
  package static func newest(
    in directory: any StorageDirectory, reusing other: IndexSnapshot? = nil
  ) throws(IndexError) -> IndexSnapshot {
    try ManifestStore(directory).withNewest { (manifest) throws(IndexError) in
      try IndexSnapshot(manifest, in: directory, reusing: other)
    }
  }

  /// Opens the segments of a commit.
  package init(
    _ manifest: Manifest, in directory: any StorageDirectory, reusing other: IndexSnapshot? = nil
  ) throws(IndexError) {
    var segments: [SegmentSnapshot] = []
    for entry in manifest.segments {
      let known = other?.segments.first { $0.reader.entry.hasSameFile(as: entry) }
      let reader: SegmentReader
      if let known {
        reader = known.reader
      } else {
        reader = try SegmentReader(entry, in: directory)
      }
      // Equal counts are not enough: a rollback can undo the deletions of a commit that failed after
      // it had become visible. A writer's uncommitted state has more deletions than its manifest.
      let isSame =
        other?.manifest.segments.contains(entry) == true
        && known?.liveCount == Int(entry.documentCount - entry.deletedCount)
      if let known, isSame {
        segments.append(known)
      } else {
        segments.append(SegmentSnapshot(reader, live: try LiveDocs(entry, in: directory)))
      }
    }
    self.init(manifest: manifest, segments: segments)
  }
}

extension Manifest.SegmentEntry {
  /// Whether both entries name one file, whatever is deleted in it.
  fileprivate func hasSameFile(as other: Manifest.SegmentEntry) -> Bool {
    id == other.id && sizeInBytes == other.sizeInBytes && checksum == other.checksum
  }
}
