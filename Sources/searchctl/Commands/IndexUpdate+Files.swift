// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// What becomes of each file.
extension IndexUpdate {
  func fail(_ failure: Failure, _ report: (Failure) -> Void) {
    summary.failed += 1
    progress.clear()
    report(failure)
  }

  func update(_ file: FileWalker.File, _ report: (Failure) -> Void) throws {
    let known = table.entries[file.path]
    if let known, known.rest == nil, known.modified != 0,
      known.modified == file.information.modified,
      known.sizeInBytes == file.information.sizeInBytes
    {
      summary.unchanged += 1
      return
    }
    do {
      if let format = try format(of: file) {
        try read(file, format: format, known: known, report)
      } else {
        summary.others += 1
      }
    } catch let failure as Failure {
      try Signals.check()
      let name = Sanitizer.visible(file.path)
      fail(Failure("\(name): \(failure.message)", hint: failure.hint), report)
    } catch let error as SystemError where error.isNotFound && !file.isNamed {
      // Gone since the folder was listed, as if it had never been met.
      vanished.insert(file.path)
    } catch let error as SystemError {
      try Signals.check()
      let name = Sanitizer.visible(file.path)
      fail(Failure("\(name): \(error)", hint: "it was skipped"), report)
    } catch let error as IndexError where error.code == .invalidDocument {
      fail(Failure("\(Sanitizer.visible(file.path)): \(error.message)"), report)
    }
  }

  /// What a file holds; `nil` for a file met in a folder that is not text.
  private func format(of file: FileWalker.File) throws -> FileFormat? {
    if file.isNamed, let content { return FileFormat(content: content, path: file.location) }
    if let format = file.format { return format }
    let guess = FileFormat(content: .text, path: file.location)
    if !file.isNamed {
      let bytes = try? reader.content(of: file, format: guess)
      guard let bytes, (try? reader.decoder.decode(bytes)) != nil else { return nil }
    }
    return guess
  }

  private func read(
    _ file: FileWalker.File, format: FileFormat, known: FileTable.Entry?,
    _ report: (Failure) -> Void
  ) throws {
    var entry = FileTable.Entry(
      sizeInBytes: file.information.sizeInBytes, modified: trusted(file.information.modified),
      checksum: 0, documentCount: 1)
    if format.content.isContainer {
      entry.documentCount = try readRecords(of: file, format: format, report)
    } else {
      let whole = try reader.whole(file, format: format)
      entry.checksum = whole.checksum
      if let known, known.checksum == whole.checksum, known.sizeInBytes == entry.sizeInBytes {
        table.entries[file.path] = entry
        summary.unchanged += 1
        // A time that can be trusted now saves reading the file in the next run.
        if entry.modified != known.modified, index != nil { hasChanges = true }
        return
      }
      try add(whole.document)
    }
    table.entries[file.path] = entry
    hasChanges = true
    if known == nil { summary.added += 1 } else { summary.updated += 1 }
  }

  func readInput(_ report: (Failure) -> Void) throws {
    let format = FileFormat(content: content ?? .jsonLines)
    if format.content.isContainer {
      do {
        _ = try readRecords(at: "-", format: format, report) { _, _ in }
      } catch let failure as Failure {
        try Signals.check()
        return fail(Failure("standard input: \(failure.message)", hint: failure.hint), report)
      }
    } else {
      let bytes = try Descriptor.standardInput.readToEnd(limit: DocumentReader.textLimit)
      var document = try reader.document(from: bytes, content: format.content, path: "-")
      document.path = nil
      try add(document)
    }
    summary.added += 1
  }

  /// Reads a file of records, from where an interrupted run of the same file was committed, and
  /// returns how many documents the index has of it.
  private func readRecords(
    of file: FileWalker.File, format: FileFormat, _ report: (Failure) -> Void
  ) throws -> Int {
    // With the writer comes the table that no other writer changes any more.
    if table.entries[file.path] != nil { _ = try writing() }
    let known = table.entries[file.path]
    let identity = try FileInformation(at: file.location)
    var start: ReadingPosition?
    if let known, let rest = known.rest, known.modified == identity.modified,
      known.sizeInBytes == identity.sizeInBytes
    {
      start = rest
      summary.resumed += 1
    } else if known != nil {
      try writing().delete(matching: .keyword(Fields.path, file.path))
      table.entries[file.path] = nil
      hasChanges = true
    }
    let before = start == nil ? 0 : known?.documentCount ?? 0
    let count = try readRecords(
      at: file.location, path: file.path, format: format, from: start, report
    ) { count, position in
      table.entries[file.path] = FileTable.Entry(
        sizeInBytes: identity.sizeInBytes,
        modified: identity.kind == .file ? trusted(identity.modified) : 0,
        checksum: 0, documentCount: before + count, rest: position)
    }
    return before + count
  }

  /// Reads records and commits now and then.
  ///
  /// `mark` is called after the first document and before each commit with the number of documents
  /// that were read, and where to go on; the result is how many were read in all.
  private func readRecords(
    at location: String, path: String? = nil, format: FileFormat,
    from start: ReadingPosition? = nil, _ report: (Failure) -> Void,
    mark: (Int, ReadingPosition) -> Void
  ) throws -> Int {
    var count = 0
    let name = path.map(Sanitizer.visible) ?? "standard input"
    let before = summary.failed
    let failures = try reader.each(
      at: location, path: path, format: format, from: start
    ) { document, place in
      try add(document)
      count += 1
      showProgress(inFile: path == nil ? nil : place.bytesRead)
      // Where the rest cannot be read, what was read is committed with other files.
      let isTime = isTimeToCommit
      if isTime || count == 1 { mark(count, place.position) }
      if isTime { try commit() }
    } report: { failure in
      progress.clear()
      report(Failure("\(name): \(failure.message)", hint: failure.hint))
    }
    if failures > 0 { summary.failed = before + 1 }
    return count
  }

  private func add(_ source: SourceDocument) throws {
    try writing().update(Fields.document(source, schema: schema, map: reader.map))
    summary.documentsRead += 1
    documentsSinceCommit += 1
    hasChanges = true
  }

  /// A file that changed within the clock's resolution may change again without its time moving.
  private func trusted(_ modified: Int64) -> Int64 {
    WallClock.nanoseconds - modified > 2_000_000_000 ? modified : 0
  }

  // MARK: What is gone

  /// The files of the table that lie in what was walked and were not found.
  func filesGone(_ walker: FileWalker) -> [String] {
    let present = Set(walker.files.map(\.path)).subtracting(vanished)
    return table.entries.keys.filter { path in
      guard !present.contains(path) else { return false }
      let isInScope = walker.scopes.contains { scope in
        scope == path || (scope == "." && !path.hasPrefix("/")) || path.hasPrefix(scope + "/")
      }
      guard isInScope else { return false }
      // A file that was once named by itself is not found by walking, but it is still there.
      let exists = (try? FileInformation(at: PathName.absolute(path, in: location.root))) != nil
      return !exists || FileFormat(path: path) != nil
    }.sorted()
  }

  func remove(_ path: String) throws {
    let writer = try writing()
    try writer.delete(key: DocumentKey(path))
    if FileFormat(path: path)?.content.isContainer != false {
      try writer.delete(matching: .keyword(Fields.path, path))
    }
    table.entries[path] = nil
    summary.removed += 1
    hasChanges = true
  }
}
