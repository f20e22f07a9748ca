// SPDX-License-Identifier: Apache-2.0

/// Writes the documents of several buffers as one segment, with the work shared out to threads.
///
/// The segment is the one that a single buffer with all the documents would give, so several
/// threads leave nothing behind that would have to be merged. Each thread sorts the terms of one
/// buffer; then terms are cut into parts of about the same size, threads code parts, and one thread
/// writes them one after another. What is not of terms that thread writes while the others sort and
/// code the first parts, so nobody waits for it.
final class JointFlush: @unchecked Sendable {
  // Sendable: the terms do not change while threads work; the writer and all else of the buffers
  // belong to the thread that calls `finish`, and what they share is in the monitor.
  private let workers: [IndexingWorker]
  private let fields: IndexedFields
  private let writer: SegmentWriter
  private let lists: [TermMap.Lists]
  private let state: Monitor<State>

  private struct State {
    var sorted: [[TermMap.Sorted]?]
    var places: [DocumentPlaces]?
    /// What there is of every buffer, once all are sorted and the documents are ordered.
    var sources: [PartEncoder.Source]?
    var cutter: TermCutter?
    var partCount = 0
    var writtenParts = 0
    var encoded: [Int: EncodedTerms] = [:]
    /// What has been written, whose memory is to be used again.
    var spare: [EncodedTerms] = []
    var failure: IndexError?
    /// Other work for the threads, once there are no more parts, and how much of it is not done.
    var tasks: [@Sendable () -> Void] = []
    var openTasks = 0
    var isComplete = false
  }

  /// Creates the segment's file.
  ///
  /// - Parameters:
  ///   - workers: Whose buffers; no thread uses them before ``work(_:)``.
  ///   - fields: The inverted fields.
  ///   - directory: The directory of the index.
  ///   - segmentID: The number of the segment, which no file may have yet.
  /// - Throws: What the directory throws. The buffers must be emptied then.
  init(
    _ workers: [IndexingWorker], fields: IndexedFields, directory: any StorageDirectory,
    segmentID: UInt64
  ) throws(IndexError) {
    self.workers = workers
    self.fields = fields
    lists = workers.map { $0.buffer.terms.lists }
    state = Monitor(State(sorted: workers.map { _ in nil }))
    writer = try SegmentWriter(
      directory, segmentID: segmentID, fields: fields,
      documentCount: workers.reduce(0) { $0 + $1.buffer.documentCount })
  }

  /// Does a thread's share of the work, at the end of which the thread's own buffer is empty unless
  /// something has failed.
  ///
  /// - Parameter number: The number of the thread's worker; there must be a thread for each.
  func work(_ number: Int) {
    let sorted = lists[number].sorted()
    state.withLock { state in
      state.sorted[number] = sorted
      prepare(&state)
    }
    let sources = state.wait { state -> [PartEncoder.Source]?? in
      state.failure != nil ? .some(nil) : state.sources.map { .some($0) }
    }
    guard let sources else { return }
    var encoder = PartEncoder(sources, fields: fields, encoder: writer.makeTermEncoder())
    while let (number, part, spare) = nextPart() {
      do throws(IndexError) {
        let encoded = try encoder.encode(part, reusing: spare)
        state.withLock { $0.encoded[number] = encoded }
      } catch {
        return state.withLock { $0.failure = $0.failure ?? error }
      }
    }
    while let task = nextTask() {
      task()
      state.withLock { $0.openTasks -= 1 }
    }
    // Merges that follow need memory as well; giving it back takes time that nobody waits for here.
    if state.withLock({ $0.isComplete }) {
      workers[number].buffer.removeAll(keepingMemory: false)
    }
  }

  /// Lets coding begin once all it needs is there.
  private func prepare(_ state: inout State) {
    guard let places = state.places else { return }
    let sorted = state.sorted.compactMap(\.self)
    guard sorted.count == lists.count else { return }
    state.sources = lists.indices.map {
      PartEncoder.Source(lists: lists[$0], sorted: sorted[$0], places: places[$0])
    }
    state.cutter = TermCutter(lists, sorted: sorted, threadCount: workers.count)
  }

  private func nextPart() -> (number: Int, TermCutter.Part, reusing: EncodedTerms)? {
    // Parts that wait to be written take memory.
    let mostAhead = 4 * workers.count
    return state.wait { state -> (Int, TermCutter.Part, EncodedTerms)?? in
      if state.failure != nil || state.cutter == nil { return .some(nil) }
      guard state.partCount < state.writtenParts + mostAhead else { return nil }
      guard let part = state.cutter?.nextPart() else {
        state.cutter = nil
        return .some(nil)
      }
      state.partCount += 1
      return .some((state.partCount - 1, part, state.spare.popLast() ?? EncodedTerms()))
    }
  }

  private func nextTask() -> (@Sendable () -> Void)? {
    state.wait { state -> (@Sendable () -> Void)?? in
      if let task = state.tasks.popLast() { return .some(task) }
      return state.isComplete || state.failure != nil ? .some(nil) : nil
    }
  }

  /// Writes what the threads code, and completes the segment.
  ///
  /// - Parameter synchronizing: Whether to wait until the file is on the medium.
  /// - Returns: As ``IndexingBuffer/flush(to:segmentID:synchronizing:)``.
  /// - Throws: What the directory throws; the threads end their work soon then.
  func finish(
    synchronizing: Bool
  ) throws(IndexError) -> (
    entry: Manifest.SegmentEntry, live: LiveDocs, unsynchronized: UnsynchronizedFile?
  ) {
    do {
      let live = try writeDocuments()
      try writer.beginTerms()
      var part = 0
      while let encoded = try encoded(part) {
        try writer.add(encoded)
        state.withLock { $0.spare.append(encoded) }
        part += 1
      }
      try writer.endTerms(
        threads: SharedWork(count: workers.count) {
          (body, meanwhile) throws(IndexError) in
          try self.share(body, meanwhile)
        }, synchronizing: synchronizing)
      state.withLock { $0.isComplete = true }
      let entry = try writer.finish(synchronizing: synchronizing)
      return (entry, live, writer.file.unsynchronized)
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
      writer.discard()
      throw error
    }
  }

  private func writeDocuments() throws(IndexError) -> LiveDocs {
    let order = DocumentOrder(workers.map { $0.buffer.documents.sequences })
    var documents = BufferedDocuments(of: workers, order: order, fields: fields)
    documents.setLengths(of: writer)
    state.withLock { state in
      state.places = order.places
      prepare(&state)
    }
    try documents.write(to: writer)
    return documents.liveDocuments()
  }

  /// Waits for a part; `nil` behind the last.
  private func encoded(_ part: Int) throws(IndexError) -> EncodedTerms? {
    let result = state.wait { state -> Result<EncodedTerms?, IndexError>? in
      if let failure = state.failure { return .failure(failure) }
      if let encoded = state.encoded.removeValue(forKey: part) {
        state.writtenParts = part + 1
        return .success(encoded)
      }
      let isLast = state.sources != nil && state.cutter == nil && state.partCount == part
      return isLast ? .success(nil) : nil
    }
    return try result.get()
  }

  /// Has every thread do a part of some work, and waits until all are done.
  private func share(
    _ body: @escaping @Sendable (Int) -> Void, _ meanwhile: () throws(IndexError) -> Void
  ) throws(IndexError) {
    state.withLock { state in
      state.tasks = workers.indices.map { number in { body(number) } }
      state.openTasks = workers.count
    }
    defer { state.wait { $0.openTasks == 0 ? () : nil } }
    try meanwhile()
  }
}
