// SPDX-License-Identifier: Apache-2.0

/// The commits of a directory: finds the newest, publishes the next, removes what none needs.
package struct ManifestStore: Sendable {
  package let directory: any StorageDirectory

  package init(_ directory: any StorageDirectory) {
    self.directory = directory
  }

  /// Returns the newest commit; `nil` where the directory holds none.
  ///
  /// A damaged newest manifest is an error and not skipped: falling back to an older commit
  /// without a word would lose acknowledged documents.
  package func newest() throws(IndexError) -> Manifest? {
    // A writer may publish and collect between the listing and the opening.
    for _ in 0..<100 {
      guard let generation = try generations().last else { return nil }
      do {
        return try load(generation: generation)
      } catch {
        if error.code == .notFound { continue }
        throw error
      }
    }
    throw IndexError(
      .io, "manifests vanish faster than they can be opened; try again", path: directory.path)
  }

  /// Returns the newest commit after making sure that it is durable; for the lock's holder.
  ///
  /// The writer before may have failed between naming the manifest and synchronizing the folder.
  /// Whoever then removed the files of the commit before could lose both in a power failure.
  package func newestForWriting() throws(IndexError) -> Manifest? {
    try directory.synchronize()
    return try newest()
  }

  /// Opens the newest commit with `open`, and tries again where a file of it has been collected.
  ///
  /// - Throws: `notFound` where there is no commit; `corrupt` where the newest commit lacks a file.
  package func withNewest<Result>(
    _ open: (Manifest) throws(IndexError) -> Result
  ) throws(IndexError) -> Result {
    var last: UInt64?
    while true {
      guard let manifest = try newest() else {
        throw IndexError(.notFound, "there is no index here", path: directory.path)
      }
      do {
        return try open(manifest)
      } catch {
        guard error.code == .notFound else { throw error }
        // The same commit still being the newest means that nobody collected the file.
        if last == manifest.generation {
          throw IndexError(
            .corrupt, "a file of the newest commit is missing; run recover", path: error.path)
        }
        last = manifest.generation
      }
    }
  }

  /// Returns the numbers of all manifests there are, in ascending order.
  package func generations() throws(IndexError) -> [UInt64] {
    var generations: [UInt64] = []
    for name in try directory.list() {
      if case .manifest(let generation)? = IndexFileName(name) { generations.append(generation) }
    }
    return generations.sorted()
  }

  /// Reads one manifest.
  package func load(generation: UInt64) throws(IndexError) -> Manifest {
    let mapped = try directory.open(IndexFileName.manifest(generation: generation).description)
    let manifest = try mapped.withBytes { (bytes) throws(IndexError) in
      try Manifest(decoding: bytes, path: mapped.path)
    }
    guard manifest.generation == generation else {
      throw IndexError(
        .corrupt, "it says it is manifest \(manifest.generation)", path: mapped.path, offset: 24)
    }
    return manifest
  }

  /// Makes a commit the newest one, durably; every file it names must be synchronized already.
  ///
  /// After an error either commit may be the newest: what ``newest()`` returns then is in force
  /// for readers, but may be undone by a power failure until a later call succeeds. Until then no
  /// file of either may be removed.
  package func publish(_ manifest: Manifest) throws(IndexError) {
    let temporary = IndexFileName.temporaryManifest(generation: manifest.generation).description
    let name = IndexFileName.manifest(generation: manifest.generation).description
    // A crash of an earlier writer may have left one.
    if try directory.list().contains(temporary) { try directory.remove(temporary) }
    do {
      let output = try directory.create(temporary)
      try output.write(manifest.encoded())
      try output.synchronize()
      try output.close()
      // The names of the new files must be durable before the name of what points at them.
      try directory.synchronize()
      try directory.rename(temporary, to: name)
    } catch {
      try? directory.remove(temporary)
      throw error
    }
    try directory.synchronize()
  }

  /// Removes the files that neither the commit nor the writer needs; only for the lock's holder.
  ///
  /// Files with other names than the index gives are left alone. The manifest before this one is
  /// kept, as a source for recovery. A file that cannot be removed is left for the next time.
  ///
  /// - Parameters:
  ///   - manifest: The newest commit, published without an error.
  ///   - pending: The files that are being written, or belong to the next commit.
  /// - Throws: What listing the directory throws.
  package func collectGarbage(
    keeping manifest: Manifest, pending: Set<IndexFileName> = []
  ) throws(IndexError) {
    var needed = manifest.fileNames.union(pending)
    if let previous = try generations().last(where: { $0 < manifest.generation }) {
      needed.insert(.manifest(generation: previous))
    }
    for name in try directory.list() {
      guard let file = IndexFileName(name), !needed.contains(file) else { continue }
      try? directory.remove(name)
    }
  }
}
