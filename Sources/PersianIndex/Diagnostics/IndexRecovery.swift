// SPDX-License-Identifier: Apache-2.0

/// Makes a whole commit out of what survives of a damaged index.
///
/// The newest manifest that can be read says which segments there should be. Those that are whole
/// are kept; damaged files are renamed, not removed. Where the newest manifest itself is lost, the
/// segments that are there but unknown to the one before it are taken in as well, and of documents
/// with equal keys the one inserted last is kept.
package struct IndexRecovery {
  private static let suffix = ".damaged"

  private let directory: any StorageDirectory
  private let store: ManifestStore
  private var report = RecoveryReport()
  private var damaged: [IndexFileName] = []

  package init(_ directory: any StorageDirectory) {
    self.directory = directory
    store = ManifestStore(directory)
  }

  /// A segment that was found whole.
  private struct Survivor {
    let reader: SegmentReader
    var live: LiveDocs
    var liveGeneration: UInt64
    var isChanged = false

    var entry: Manifest.SegmentEntry {
      var entry = reader.entry
      entry.deletedCount = UInt32(live.deletedCount)
      entry.liveDocsGeneration = liveGeneration
      return entry
    }
  }

  /// Restores the index, unless its newest commit is whole.
  ///
  /// - Parameter seconds: How long to wait for a writer to end.
  /// - Returns: What was restored and what is lost.
  /// - Throws: `notFound` where there is no index; `corrupt` where no manifest can be read, so that
  ///   not even the schema is known; `locked`; and what the directory throws.
  package mutating func run(waitingUpTo seconds: Double = 0) throws(IndexError) -> RecoveryReport {
    let lock = try directory.lock(waitingUpTo: seconds)
    defer { withExtendedLifetime(lock) {} }
    let generations = try store.generations()
    guard let newest = generations.last else {
      throw IndexError(.notFound, "there is no index here", path: directory.path)
    }
    let base = try readableManifest(generations)
    let isNewest = base.generation == newest
    if isNewest {
      var check = CheckReport(path: directory.path)
      try IndexChecker(directory).check(base, &check)
      if check.isWhole {
        report.generation = newest
        report.documentCount = check.segments.reduce(0) {
          $0 + $1.documentCount - $1.deletedDocumentCount
        }
        return report
      }
    }
    var survivors = try survivors(of: base)
    if !isNewest { survivors += try strangers(to: base) }
    try Self.resolveEqualKeys(&survivors)
    try publish(survivors, base: base, after: newest)
    return report
  }

  private mutating func readableManifest(
    _ generations: [UInt64]
  ) throws(IndexError) -> Manifest {
    var last: IndexError?
    for generation in generations.reversed() {
      do throws(IndexError) {
        let manifest = try store.load(generation: generation)
        _ = try Schema(decoding: manifest.schema, path: directory.path)
        return manifest
      } catch {
        guard error.code == .corrupt else { throw error }
        last = error
        lose(.manifest(generation: generation), nil, "\(error.message); an older one is used")
      }
    }
    throw IndexError(
      .corrupt,
      "no manifest can be read, so the schema is lost; index the documents anew",
      path: last?.path ?? directory.path)
  }

  private mutating func lose(_ file: IndexFileName, _ documents: Int?, _ reason: String) {
    report.losses.append(
      RecoveryReport.Loss(file: file.description, documentCount: documents, reason: reason))
    damaged.append(file)
  }

  private mutating func survivors(of manifest: Manifest) throws(IndexError) -> [Survivor] {
    var survivors: [Survivor] = []
    for entry in manifest.segments {
      var withoutDeletions = entry
      withoutDeletions.deletedCount = 0
      withoutDeletions.liveDocsGeneration = 0
      var checker = SegmentChecker(
        withoutDeletions, in: directory, nextSequence: manifest.nextSequence)
      checker.run()
      guard checker.report.problems.isEmpty, let reader = checker.snapshot?.reader else {
        let reason = checker.report.problems.first?.message ?? "it cannot be opened"
        lose(
          .segment(id: entry.id), Int(entry.documentCount - entry.deletedCount),
          "\(reason); its documents are lost")
        continue
      }
      do throws(IndexError) {
        survivors.append(
          Survivor(
            reader: reader, live: try LiveDocs(entry, in: directory),
            liveGeneration: entry.liveDocsGeneration))
      } catch {
        lose(
          .liveDocs(segment: entry.id, generation: entry.liveDocsGeneration), 0,
          "\(error.message); \(entry.deletedCount) deleted documents come back, except those "
            + "that were replaced")
        survivors.append(
          Survivor(
            reader: reader, live: LiveDocs(documentCount: reader.documentCount),
            liveGeneration: 0))
      }
    }
    return survivors
  }

  /// Returns the whole segments of the directory that a manifest does not list.
  private mutating func strangers(to manifest: Manifest) throws(IndexError) -> [Survivor] {
    let known = Set(manifest.segments.map(\.id))
    var liveGenerations: [UInt64: UInt64] = [:]
    var ids: [UInt64] = []
    for name in try directory.list() {
      switch IndexFileName(name) {
      case .segment(let id)? where !known.contains(id): ids.append(id)
      case .liveDocs(let id, let generation)?:
        liveGenerations[id] = max(generation, liveGenerations[id] ?? 0)
      default: break
      }
    }
    var survivors: [Survivor] = []
    for id in ids.sorted() {
      let name = IndexFileName.segment(id: id)
      do throws(IndexError) {
        let entry = try SegmentReader(SegmentFile(directory.open(name.description))).entry
        var checker = SegmentChecker(entry, in: directory, nextSequence: Manifest.numberLimit - 1)
        checker.run()
        if let problem = checker.report.problems.first { throw problem }
        guard let reader = checker.snapshot?.reader else { continue }
        var survivor = Survivor(
          reader: reader, live: LiveDocs(documentCount: reader.documentCount), liveGeneration: 0)
        if let generation = liveGenerations[id],
          let live = try? readLive(id, generation, documentCount: reader.documentCount)
        {
          survivor.live = live
          survivor.liveGeneration = live.deletedCount == 0 ? 0 : generation
        }
        survivors.append(survivor)
      } catch {
        lose(name, nil, error.message)
      }
    }
    return survivors
  }

  private func readLive(
    _ segment: UInt64, _ generation: UInt64, documentCount: Int
  ) throws(IndexError) -> LiveDocs? {
    let name = IndexFileName.liveDocs(segment: segment, generation: generation).description
    let mapped = try directory.open(name)
    let live = try mapped.withBytes { (bytes) throws(IndexError) in
      try LiveDocs(
        decoding: bytes, segment: segment, generation: generation, path: mapped.path)
    }
    return live.documentCount == documentCount ? live : nil
  }

  /// Deletes, of live documents with equal keys, all but the one inserted last.
  private static func resolveEqualKeys(_ survivors: inout [Survivor]) throws(IndexError) {
    for first in survivors.indices {
      for second in survivors.indices.dropFirst(first + 1) {
        let (left, right) = (survivors[first].reader, survivors[second].reader)
        for document in 0..<UInt32(left.documentCount)
        where survivors[first].live.isLive(document) {
          let key = try left.keys.key(of: document)
          guard let other = try right.document(forKey: key),
            survivors[second].live.isLive(other)
          else { continue }
          let isOlder = left.sequences[document] < right.sequences[other]
          let place = isOlder ? first : second
          survivors[place].live.delete(isOlder ? document : other)
          survivors[place].isChanged = true
        }
      }
    }
  }

  private mutating func publish(
    _ survivors: [Survivor], base: Manifest, after newest: UInt64
  ) throws(IndexError) {
    var kept = survivors
    var manifest = base
    manifest.generation = newest + 1
    for name in try directory.list() {
      switch IndexFileName(name) {
      case .segment(let id)?, .liveDocs(let id, _)?:
        manifest.nextSegmentID = max(manifest.nextSegmentID, id + 1)
      default: break
      }
    }
    for place in kept.indices {
      let reader = kept[place].reader
      for document in 0..<UInt32(reader.documentCount) {
        manifest.nextSequence = max(manifest.nextSequence, reader.sequences[document] + 1)
      }
      guard kept[place].isChanged else { continue }
      try kept[place].live.write(
        to: directory, segment: reader.entry.id, generation: manifest.generation)
      kept[place].liveGeneration = manifest.generation
    }
    kept.removeAll { $0.live.liveCount == 0 }
    manifest.segments = kept.map(\.entry)
    try store.publish(manifest)
    for file in damaged {
      // A missing file has nothing to be kept.
      let name = file.description
      if (try? directory.rename(name, to: name + Self.suffix)) != nil {
        report.setAside.append(name + Self.suffix)
      }
    }
    try directory.synchronize()
    report.isChanged = true
    report.generation = manifest.generation
    report.documentCount = kept.reduce(0) { $0 + $1.live.liveCount }
  }
}
