// SPDX-License-Identifier: Apache-2.0

/// Checks the newest commit of a directory: every checksum, order and cross-reference.
package struct IndexChecker {
  private let directory: any StorageDirectory

  package init(_ directory: any StorageDirectory) {
    self.directory = directory
  }

  /// Checks the newest commit.
  ///
  /// - Returns: What was found.
  /// - Throws: `notFound` where the directory holds no index; other errors than damage, such as
  ///   `notPermitted`, where the directory itself cannot be listed.
  package func check() throws(IndexError) -> CheckReport {
    let store = ManifestStore(directory)
    guard let newest = try store.generations().last else {
      throw IndexError(.notFound, "there is no index here", path: directory.path)
    }
    var report = CheckReport(path: directory.path)
    do {
      let manifest = try store.load(generation: newest)
      report.generation = newest
      try check(manifest, &report)
    } catch {
      report.manifestProblems.append(error)
    }
    return report
  }

  /// Checks a commit, its manifest's file and its segments.
  func check(_ manifest: Manifest, _ report: inout CheckReport) throws(IndexError) {
    let name = IndexFileName.manifest(generation: manifest.generation).description
    let mapped = try directory.open(name)
    do {
      try mapped.withBytes { (bytes) throws(IndexError) in
        try Manifest.verify(bytes, path: mapped.path)
      }
      _ = try Schema(decoding: manifest.schema, path: mapped.path)
    } catch {
      report.manifestProblems.append(error)
    }
    var segments: [SegmentSnapshot] = []
    for entry in manifest.segments {
      var checker = SegmentChecker(entry, in: directory, nextSequence: manifest.nextSequence)
      checker.run()
      report.segments.append(checker.report)
      if let snapshot = checker.snapshot { segments.append(snapshot) }
    }
    do {
      try Self.checkKeys(segments)
    } catch {
      report.manifestProblems.append(error)
    }
    let needed = manifest.fileNames
    report.leftOverFiles = try directory.list().filter { name in
      guard let file = IndexFileName(name), !needed.contains(file) else { return false }
      // The manifest before the newest is kept on purpose.
      if case .manifest(let generation) = file { return generation > manifest.generation }
      return true
    }.sorted()
  }

  /// Checks that no key has two live documents.
  private static func checkKeys(_ segments: [SegmentSnapshot]) throws(IndexError) {
    for (place, segment) in segments.enumerated() {
      for document in 0..<UInt32(segment.reader.documentCount)
      where segment.live?.isLive(document) ?? true {
        // A damaged table of keys has been reported already.
        guard let key = try? segment.reader.keys.key(of: document) else { continue }
        for other in segments[place...] {
          guard let found = try? other.reader.document(forKey: key),
            other !== segment || found != document,
            other.live?.isLive(found) ?? true
          else { continue }
          throw IndexError(
            .corrupt,
            "the key of document \(document) is live in segment \(other.reader.entry.id) as well",
            path: segment.reader.file.path)
        }
      }
    }
  }
}

extension SegmentReader {
  /// Returns the last document of a key; `nil` where there is none.
  func document(forKey key: [UInt8]) throws(IndexError) -> UInt32? {
    try key.withUnsafeBufferPointer { (bytes) throws(IndexError) in
      try keys.document(forKey: UnsafeRawBufferPointer(bytes))
    }
  }
}
