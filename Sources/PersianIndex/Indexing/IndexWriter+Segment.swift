// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension IndexWriter {
  /// Adds a segment that the caller writes.
  ///
  /// - Parameters:
  ///   - documentCount: The number of its documents, at least 1.
  ///   - write: Writes the segment into the directory under a number, with insertion numbers that
  ///     ascend from the one given, and returns its entry.
  /// - Throws: `.corrupt` where two of its documents have the same key, and as ``commit()``. Nothing
  ///   has been added then.
  package func addSegment(
    documentCount: Int,
    _ write: (
      _ directory: any StorageDirectory, _ segmentID: UInt64, _ base: UInt64
    ) throws(IndexError) -> Manifest.SegmentEntry
  ) throws(IndexError) {
    try state.withLock { (state) throws(IndexError) in
      try check(state)
      try flush(&state, synchronizing: false)
      let id = segments.withLock { $0.beginSegment() }
      do throws(IndexError) {
        let reader = try SegmentReader(
          write(directory, id, state.nextSequence), in: directory)
        try Self.requireUniqueKeys(reader)
        try segments.withLock { (set) throws(IndexError) in
          let live = LiveDocs(documentCount: reader.documentCount)
          try set.add(SegmentSet.Member(reader, live: live))
        }
      } catch {
        _ = segments.withLock { $0.inProgress.remove(id) }
        try? directory.remove(IndexFileName.segment(id: id).description)
        throw error
      }
      state.nextSequence += UInt64(documentCount)
    }
  }

  private static func requireUniqueKeys(_ reader: SegmentReader) throws(IndexError) {
    for document in 0..<UInt32(reader.documentCount) {
      let key = try reader.keys.key(of: document)
      let found = try key.withUnsafeBufferPointer { (key) throws(IndexError) in
        try reader.keys.document(forKey: UnsafeRawBufferPointer(key))
      }
      guard found == document else {
        throw IndexError(
          .corrupt, "two documents have the key '\(String(decoding: key, as: UTF8.self))'",
          path: reader.file.path)
      }
    }
  }
}
