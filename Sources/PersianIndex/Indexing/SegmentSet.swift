// SPDX-License-Identifier: Apache-2.0

/// The segments of a writer: those of the last commit and those it has made since.
struct SegmentSet {
  /// One segment, and what is deleted in it.
  struct Member {
    let reader: SegmentReader
    var live: LiveDocs
    /// The generation of the file that holds ``live``; 0 where nothing is deleted.
    var liveGeneration: UInt64
    /// Whether ``live`` has changed since that file was written.
    var isChanged: Bool
    /// The file where it may not be on the medium yet, as it must be before a commit lists it.
    var unsynchronized: UnsynchronizedFile?

    var id: UInt64 { reader.entry.id }

    init(
      _ reader: SegmentReader, live: LiveDocs, liveGeneration: UInt64 = 0,
      unsynchronized: UnsynchronizedFile? = nil
    ) {
      self.reader = reader
      self.live = live
      self.liveGeneration = liveGeneration
      isChanged = liveGeneration == 0 && live.deletedCount > 0
      self.unsynchronized = unsynchronized
    }

    /// The entry in a manifest; the file of the live documents must be written.
    var entry: Manifest.SegmentEntry {
      var entry = reader.entry
      entry.deletedCount = UInt32(live.deletedCount)
      entry.liveDocsGeneration = liveGeneration
      return entry
    }

    mutating func delete(_ document: UInt32) {
      if live.delete(document) { isChanged = true }
    }
  }

  /// A deletion that has not been carried out in all segments yet.
  struct Deletion: Sendable {
    var key: [UInt8]
    /// Documents inserted before this number are meant.
    var sequence: UInt64
  }

  /// The last commit.
  var manifest: Manifest
  /// The segments of the last commit as they were then, for a rollback.
  var committed: [Member]
  /// The segments now, in the order of insertion.
  var current: [Member]
  /// The number of the next segment.
  var nextSegmentID: UInt64
  /// The number of the next commit; one that failed is not used again.
  var nextGeneration: UInt64
  /// Whether a failed commit may be what a reader sees.
  var isCommitUncertain = false
  /// The segments that a merge has in hand.
  var merging: Set<UInt64> = []
  /// The merges that have not ended, those that a rollback has made useless among them.
  var mergesUnderWay = 0
  /// The segments whose files are being written.
  var inProgress: Set<UInt64> = []
  /// Counts the rollbacks, so that a merge begun before one is recognised.
  var epoch = 0
  /// Whether the merge thread is to end.
  var isClosing = false
  /// Why the last merge failed; no other is begun until the segments change.
  var mergeFailure: IndexError?
  /// What the program wants to leave with the next commit; `nil` to keep what the last one has.
  var userData: [UInt8]?
  /// Whether anything differs from the last commit.
  var isChanged = false

  init(manifest: Manifest, members: [Member]) {
    self.manifest = manifest
    committed = members
    current = members
    nextSegmentID = manifest.nextSegmentID
    nextGeneration = manifest.generation + 1
  }

  /// Takes the number of a new segment whose file is about to be written.
  mutating func beginSegment() -> UInt64 {
    defer { nextSegmentID += 1 }
    inProgress.insert(nextSegmentID)
    return nextSegmentID
  }

  /// Adds a segment, in which every key occurs in one live document at most, and deletes the older
  /// of any two documents of one key.
  mutating func add(_ member: Member) throws(IndexError) {
    var member = member
    var others = current
    for index in others.indices { try Self.resolve(&others[index], &member) }
    others.append(member)
    current = others
    inProgress.remove(member.id)
    isChanged = true
    mergeFailure = nil
  }

  /// Carries out deletions in all segments.
  mutating func delete(_ deletions: [Deletion]) throws(IndexError) {
    var members = current
    for deletion in deletions {
      for index in members.indices {
        let reader = members[index].reader
        let document = try deletion.key.withUnsafeBufferPointer { (key) throws(IndexError) in
          try reader.keys.document(forKey: UnsafeRawBufferPointer(key))
        }
        if let document, reader.sequences[document] < deletion.sequence {
          if members[index].live.isLive(document) { isChanged = true }
          members[index].delete(document)
        }
      }
    }
    current = members
  }

  /// Looks every key of the smaller of two segments up in the other.
  private static func resolve(_ left: inout Member, _ right: inout Member) throws(IndexError) {
    if left.reader.documentCount < right.reader.documentCount {
      try resolveEach(&left, &right)
    } else {
      try resolveEach(&right, &left)
    }
  }

  private static func resolveEach(
    _ small: inout Member, _ large: inout Member
  ) throws(IndexError) {
    for document in 0..<UInt32(small.reader.documentCount) where small.live.isLive(document) {
      let key = try small.reader.keys.key(of: document)
      let found = try key.withUnsafeBufferPointer { (key) throws(IndexError) in
        try large.reader.keys.document(forKey: UnsafeRawBufferPointer(key))
      }
      guard let other = found else { continue }
      if large.reader.sequences[other] < small.reader.sequences[document] {
        large.delete(other)
      } else {
        small.delete(document)
      }
    }
  }

  /// Forgets everything since the last commit.
  mutating func rollback() {
    current = committed
    epoch += 1
    merging.removeAll()
    mergeFailure = nil
    userData = nil
    isChanged = false
  }

  /// What a searcher sees now.
  func snapshot() -> IndexSnapshot {
    IndexSnapshot(
      manifest: manifest,
      segments: current.filter { $0.live.liveCount > 0 }.map {
        SegmentSnapshot($0.reader, live: $0.live)
      })
  }
}
