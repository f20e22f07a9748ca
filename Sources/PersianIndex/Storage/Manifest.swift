// SPDX-License-Identifier: Apache-2.0

/// The list of what a commit consists of; one small file, written once and never changed.
package struct Manifest: Sendable, Equatable {
  /// The format this build writes, and the newest it reads.
  package static let currentFormatVersion: UInt32 = 1
  /// The oldest format this build reads.
  package static let oldestFormatVersion: UInt32 = 1

  /// One more than the greatest generation, segment id and insertion number, so that counting on
  /// from a damaged or hostile number cannot overflow.
  package static let numberLimit: UInt64 = 1 << 62

  /// The segment of a commit.
  package struct SegmentEntry: Sendable, Equatable {
    /// The number in the segment file's name.
    package var id: UInt64
    /// The documents of the segment, the deleted ones included.
    package var documentCount: UInt32
    /// How many of them are deleted.
    package var deletedCount: UInt32
    /// The generation in the name of the live-documents file; 0 where nothing is deleted.
    package var liveDocsGeneration: UInt64
    /// The size of the segment file.
    package var sizeInBytes: UInt64
    /// The checksum of the segment file's directory of sections.
    package var checksum: UInt32

    package init(
      id: UInt64, documentCount: UInt32, deletedCount: UInt32 = 0,
      liveDocsGeneration: UInt64 = 0, sizeInBytes: UInt64, checksum: UInt32
    ) {
      self.id = id
      self.documentCount = documentCount
      self.deletedCount = deletedCount
      self.liveDocsGeneration = liveDocsGeneration
      self.sizeInBytes = sizeInBytes
      self.checksum = checksum
    }

    /// The names of the files of this entry.
    package var fileNames: [IndexFileName] {
      let segment = IndexFileName.segment(id: id)
      if liveDocsGeneration == 0 { return [segment] }
      return [segment, .liveDocs(segment: id, generation: liveDocsGeneration)]
    }
  }

  /// The format of every file of the commit.
  package var formatVersion: UInt32
  /// The number of the commit; each is greater than the one before.
  package var generation: UInt64
  /// The schema, in the encoding of its own layer.
  package var schema: [UInt8]
  /// What the analyzer calls itself, for the check that the same one reads the index.
  package var analyzerIdentity: String
  /// What the analyzer was configured with, in its own encoding.
  package var analyzerData: [UInt8]
  /// The number the next segment will get; greater than that of any segment so far.
  package var nextSegmentID: UInt64
  /// The insertion number the next document will get.
  package var nextSequence: UInt64
  /// The segments, in the order of their documents' insertion.
  package var segments: [SegmentEntry]
  /// What the user attached to the commit.
  package var userData: [UInt8]

  package init(
    generation: UInt64, schema: [UInt8], analyzerIdentity: String, analyzerData: [UInt8] = [],
    nextSegmentID: UInt64 = 1, nextSequence: UInt64 = 0, segments: [SegmentEntry] = [],
    userData: [UInt8] = []
  ) {
    formatVersion = Self.currentFormatVersion
    self.generation = generation
    self.schema = schema
    self.analyzerIdentity = analyzerIdentity
    self.analyzerData = analyzerData
    self.nextSegmentID = nextSegmentID
    self.nextSequence = nextSequence
    self.segments = segments
    self.userData = userData
  }

  /// The names of all files the commit needs, its own included.
  package var fileNames: Set<IndexFileName> {
    var names: Set<IndexFileName> = [.manifest(generation: generation)]
    for entry in segments { names.formUnion(entry.fileNames) }
    return names
  }
}
