// SPDX-License-Identifier: Apache-2.0

/// Writes the documents of several buffers as one segment, with the work shared out to threads.
///
/// The segment is the one that a single buffer with all the documents would give, so several
/// threads leave nothing behind that would have to be merged. Terms are cut into parts of about the
/// same size; threads code parts, and one thread writes them one after another.
final class JointFlush: @unchecked Sendable {
  // Sendable: buffers and order do not change while threads work, all else is in the monitor.
  let workers: [IndexingWorker]
  let fields: IndexedFields
  let order: DocumentOrder
  private let writer: SegmentWriter
  private let live: LiveDocs
  private let state: Monitor<State>

  private struct State {
    var sorted: [[TermMap.Sorted]?]
    var plan: Plan?
    var nextPart = 0
    var writtenParts = 0
    var encoded: [Int: EncodedTerms] = [:]
    var failure: IndexError?
    /// Other work for the threads, once there are no more parts, and how much of it is not done.
    var tasks: [@Sendable () -> Void] = []
    var openTasks = 0
    var isComplete = false
  }

  /// Creates the segment's file and writes what is not of terms.
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
    order = DocumentOrder(workers.map { $0.buffer.documents.sequences })
    state = Monitor(State(sorted: workers.map { _ in nil }))
    writer = try SegmentWriter(
      directory, segmentID: segmentID, fields: fields, documentCount: order.origins.count)
    do {
      var documents = BufferedDocuments(of: workers, order: order.origins, fields: fields)
      try documents.write(to: writer)
      live = documents.liveDocuments()
      try writer.beginTerms()
    } catch {
      writer.discard()
      throw error
    }
  }

  /// Does a thread's share of the work.
  ///
  /// - Parameter number: The number of the thread's worker; there must be a thread for each.
  func work(_ number: Int) {
    let sorted = workers[number].buffer.terms.sorted()
    state.withLock { $0.sorted[number] = sorted }
    let plan = state.wait { state -> Plan?? in
      state.failure != nil ? .some(nil) : state.plan.map { .some($0) }
    }
    guard let plan else { return }
    var encoder = PartEncoder(writer, sourceCount: workers.count)
    while let part = nextPart(of: plan) {
      do throws(IndexError) {
        let encoded = try encode(plan, plan.parts[part], &encoder)
        state.withLock { $0.encoded[part] = encoded }
      } catch {
        return state.withLock { $0.failure = $0.failure ?? error }
      }
    }
    while let task = nextTask() {
      task()
      state.withLock { $0.openTasks -= 1 }
    }
  }

  private func nextTask() -> (@Sendable () -> Void)? {
    state.wait { state -> (@Sendable () -> Void)?? in
      if let task = state.tasks.popLast() { return .some(task) }
      return state.isComplete || state.failure != nil ? .some(nil) : nil
    }
  }

  /// Has the threads do some work; this one waits.
  private func share(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    state.withLock { state in
      state.tasks = (0..<count).map { number in { body(number) } }
      state.openTasks = count
    }
    state.wait { $0.openTasks == 0 ? () : nil }
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
      let sorted = state.wait { state in
        state.sorted.allSatisfy { $0 != nil } ? state.sorted.compactMap(\.self) : nil
      }
      let plan = plan(sorted)
      state.withLock { $0.plan = plan }
      for part in plan.parts.indices { try writer.add(encoded(part)) }
      try writer.endTerms(
        threads: SharedWork(count: workers.count) { self.share(self.workers.count, $0) })
      state.withLock { $0.isComplete = true }
      let entry = try writer.finish(synchronizing: synchronizing)
      return (entry, live, writer.file.unsynchronized)
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
      writer.discard()
      throw error
    }
  }

  private func encoded(_ part: Int) throws(IndexError) -> EncodedTerms {
    let result = state.wait { state -> Result<EncodedTerms, IndexError>? in
      if let failure = state.failure { return .failure(failure) }
      guard let encoded = state.encoded.removeValue(forKey: part) else { return nil }
      state.writtenParts = part + 1
      return .success(encoded)
    }
    return try result.get()
  }

  private func nextPart(of plan: Plan) -> Int? {
    // Parts that wait to be written take memory.
    let mostAhead = 2 * workers.count + 2
    return state.wait { state -> Int?? in
      if state.failure != nil || state.nextPart == plan.parts.count { return .some(nil) }
      guard state.nextPart < state.writtenParts + mostAhead else { return nil }
      state.nextPart += 1
      return state.nextPart - 1
    }
  }
}
