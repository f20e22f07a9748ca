// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension IndexWriter {
  /// Makes all changes since the last commit durable, together.
  ///
  /// When it returns, they survive a crash of the process and of the machine, and searchers opened
  /// from now on see them. Without changes it does nothing.
  ///
  ///     try writer.add(document)
  ///     try writer.commit()
  ///
  /// - Throws: `.outOfSpace`, `.io` and other failures of the device: nothing is committed
  ///   then, and the changes are kept for another try, or are lost where a segment could not be
  ///   written; then every call throws until ``rollback()``.
  /// - Complexity: It writes what is buffered and waits for the device. Other calls wait meanwhile;
  ///   merges go on.
  public func commit() throws(IndexError) {
    try state.withLock { (state) throws(IndexError) in
      try check(state)
      try flush(&state, synchronizing: true)
      try synchronize(&state)
      let nextSequence = state.nextSequence
      try segments.withLock { (set) throws(IndexError) in
        try publish(&set, nextSequence: nextSequence)
      }
    }
  }

  /// Takes back all changes since the last commit.
  ///
  /// After it the writer is as good as new, whatever failed before.
  ///
  /// - Throws: `.closed` after ``close()``; failures of the device, where an earlier commit had
  ///   failed half-way and must be undone.
  /// - Complexity: O(1), apart from waiting for the analysing threads.
  public func rollback() throws(IndexError) {
    try state.withLock { (state) throws(IndexError) in
      state.failure = nil
      try check(state)
      pipeline.discard()
      state.batch.removeAll()
      state.deletions.removeAll()
      let nextSequence = state.nextSequence
      try segments.withLock { (set) throws(IndexError) in
        set.rollback()
        if set.isCommitUncertain { try republish(&set, nextSequence: nextSequence) }
        collectGarbage(set)
      }
    }
  }

  /// Ends the writer and lets another one open the index; changes since the last commit are lost.
  ///
  /// Further calls do nothing; all other methods throw `.closed` from now on. A merge under way,
  /// that of ``optimize()`` on another thread included, is given up and waited for.
  public func close() {
    state.withLock { state in
      guard state.lock != nil else { return }
      stop()
      segments.withLock { set in
        set.rollback()
        if !set.isCommitUncertain { collectGarbage(set) }
      }
      state.lock = nil
    }
  }

  /// Leaves bytes with the next commit, for the program's own bookkeeping.
  ///
  /// They become durable together with the documents, and every searcher gives them back; see
  /// ``Searcher/userData``. Commits keep them until they are replaced.
  ///
  ///     try writer.setUserData(Array("read up to 1399/08/28".utf8))
  ///
  /// - Parameter bytes: The bytes, at most 64 MiB; they are written anew with every commit.
  /// - Throws: `.invalidArgument` where they are too many, `.closed` after ``close()``.
  public func setUserData(_ bytes: [UInt8]) throws(IndexError) {
    guard bytes.count <= 64 << 20 else {
      throw IndexError(
        .invalidArgument, "\(bytes.count) bytes of user data; at most 64 MiB can be kept",
        path: directory.path)
    }
    try state.withLock { (state) throws(IndexError) in
      try check(state)
      segments.withLock { set in
        set.userData = bytes
        set.isChanged = true
      }
    }
  }

  /// Brings all documents into one segment, without those deleted, which makes searching fastest.
  ///
  /// It takes effect with the next ``commit()``.
  ///
  ///     try writer.optimize()
  ///     try writer.commit()
  ///
  /// - Throws: As ``commit()``; a merge that fails leaves the segments as they were.
  /// - Complexity: It rewrites the whole index, unless that is one segment without deletions whose
  ///   documents need no reordering.
  public func optimize() throws(IndexError) {
    try state.withLock { (state) throws(IndexError) in
      try check(state)
      try flush(&state, synchronizing: false)
    }
    while let merge = segments.wait({ nextFullMerge(&$0) }) {
      try merges.perform(merge)
      // Documents that reordering leaves where they are would be merged for ever.
      if merge.inputs.count == 1 { break }
    }
    if segments.withLock({ $0.isClosing }) { throw closed }
  }

  /// Waits until no merge is under way or due.
  ///
  /// - Throws: Why the last merge failed, where one did; the segments are as before it.
  public func waitForMerges() throws(IndexError) {
    if !merges.options.mergesInBackground {
      while let merge = segments.withLock({ $0.nextMerge(merges.options.mergePolicy) }) {
        try merges.perform(merge)
      }
      return
    }
    let policy = merges.options.mergePolicy
    let failure = segments.wait { set -> IndexError?? in
      if set.isClosing || set.mergeFailure != nil { return set.mergeFailure }
      return set.merging.isEmpty && !set.wantsMerge(policy) ? .some(nil) : nil
    }
    if let failure { throw failure }
  }

  /// Returns what a searcher sees that takes uncommitted changes into account.
  ///
  /// - Complexity: It writes what is buffered to a segment, without waiting for the device.
  package func snapshot() throws(IndexError) -> IndexSnapshot {
    try state.withLock { (state) throws(IndexError) in
      try check(state)
      try flush(&state, synchronizing: false)
      return segments.withLock { $0.snapshot() }
    }
  }

  /// Deletes documents that are found in the writer's own state.
  ///
  /// - Parameter find: Returns, for each segment of a snapshot, the documents to delete. No change
  ///   can come between the snapshot and the deletion.
  /// - Returns: The number of documents deleted.
  /// - Throws: As ``add(_:)``, and what `find` throws.
  package func delete(
    _ find: (IndexSnapshot) throws(IndexError) -> [[UInt32]]
  ) throws(IndexError) -> Int {
    try state.withLock { (state) throws(IndexError) in
      try check(state)
      try flush(&state, synchronizing: false)
      // Keys, not doc ids, because a merge may finish meanwhile.
      let snapshot = segments.withLock { $0.snapshot() }
      var deletions: [SegmentSet.Deletion] = []
      for (segment, documents) in zip(snapshot.segments, try find(snapshot)) {
        for document in documents where segment.live?.isLive(document) ?? true {
          let key = try segment.reader.keys.key(of: document)
          deletions.append(SegmentSet.Deletion(key: key, sequence: state.nextSequence))
        }
      }
      try segments.withLock { (set) throws(IndexError) in try set.delete(deletions) }
      return deletions.count
    }
  }

  /// Waits until the segments that only searchers have needed so far are on the medium.
  private func synchronize(_ state: inout State) throws(IndexError) {
    // Merges go on meanwhile: they can take segments away, and what they add is synchronized.
    let files = segments.withLock { $0.current.compactMap(\.unsynchronized) }
    do throws(IndexError) {
      for file in files { try file.synchronize() }
    } catch {
      state.failure = error
      throw error
    }
    segments.withLock { set in
      for index in set.current.indices { set.current[index].unsynchronized = nil }
    }
  }

  private func nextFullMerge(_ set: inout SegmentSet) -> SegmentSet.Merge?? {
    if set.isClosing { return .some(nil) }
    guard set.merging.isEmpty else { return nil }
    let isWhole = set.current.allSatisfy { $0.live.deletedCount == 0 }
    let isOrdered = set.current.allSatisfy { self.isOrdered($0.reader) }
    if set.current.count <= 1, isWhole, isOrdered { return .some(nil) }
    // Small segments first, so that a large index is not rewritten more often than needed.
    let bySize = set.current.sorted { $0.reader.entry.sizeInBytes < $1.reader.entry.sizeInBytes }
    return set.beginMerge(of: bySize.prefix(64).map(\.id))
  }

  // A segment whose documents are not in the order of insertion has been reordered.
  private func isOrdered(_ reader: SegmentReader) -> Bool {
    guard let threshold = merges.options.reorderingThreshold else { return true }
    return reader.documentCount < threshold || !reader.sequences.isAscending
  }

  private func publish(
    _ set: inout SegmentSet, nextSequence: UInt64
  ) throws(IndexError) {
    guard set.isChanged || set.isCommitUncertain || nextSequence != set.manifest.nextSequence
    else { return }
    var members = set.current.filter { $0.live.liveCount > 0 }
    let generation = set.nextGeneration
    set.nextGeneration += 1
    for index in members.indices where members[index].isChanged {
      try members[index].live.write(
        to: directory, segment: members[index].id, generation: generation)
      members[index].liveGeneration = generation
      members[index].isChanged = false
    }
    var manifest = set.manifest
    manifest.generation = generation
    manifest.nextSegmentID = set.nextSegmentID
    manifest.nextSequence = nextSequence
    manifest.segments = members.map(\.entry)
    if let userData = set.userData { manifest.userData = userData }
    set.isCommitUncertain = true
    try ManifestStore(directory).publish(manifest)
    set.isCommitUncertain = false
    set.manifest = manifest
    set.committed = members
    set.current = members
    set.userData = nil
    set.isChanged = false
    collectGarbage(set)
  }

  /// Puts the last commit that is known to have succeeded in the place of one that may have.
  private func republish(
    _ set: inout SegmentSet, nextSequence: UInt64
  ) throws(IndexError) {
    var manifest = set.manifest
    manifest.generation = set.nextGeneration
    set.nextGeneration += 1
    manifest.nextSegmentID = set.nextSegmentID
    manifest.nextSequence = nextSequence
    try ManifestStore(directory).publish(manifest)
    set.isCommitUncertain = false
    set.manifest = manifest
  }

  // Files that stay behind cost only space, so failures do not matter.
  private func collectGarbage(_ set: SegmentSet) {
    let pending = Set(set.inProgress.map { IndexFileName.segment(id: $0) })
    try? ManifestStore(directory).collectGarbage(keeping: set.manifest, pending: pending)
  }
}
