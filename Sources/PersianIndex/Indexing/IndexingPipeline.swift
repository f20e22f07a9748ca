// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Takes documents to the threads that analyse them, and their buffers to segments.
///
/// One caller at a time uses it, the writer behind its mutex.
final class IndexingPipeline: Sendable {
  private let directory: any StorageDirectory
  private let segments: Monitor<SegmentSet>
  private let budgetPerThread: Int
  // Without threads the caller does the work itself.
  private let ownWorker: Mutex<IndexingWorker>
  private let threads: Mutex<[Thread]> = Mutex([])
  private let threadCount: Int
  private let queue = Monitor(Queue())

  private struct Queue {
    var batches: [DocumentBatch] = []
    /// The threads that are at work.
    var busy = 0
    /// Counts the rounds in which every thread empties its buffer once.
    var round = 0
    /// The threads that have not done so in this round.
    var outstanding = 0
    var discards = false
    /// Whether the segments of this round must be on the medium at its end.
    var synchronizes = true
    var failure: IndexError?
    var isClosing = false

    var isIdle: Bool { batches.isEmpty && busy == 0 && outstanding == 0 }
  }

  private enum Job {
    case batch(DocumentBatch)
    case flush(synchronizing: Bool)
    case discard
    case end
  }

  init(
    directory: any StorageDirectory, segments: Monitor<SegmentSet>, fields: IndexedFields,
    analyzer: any Analyzer, options: IndexWriterOptions
  ) throws(IndexError) {
    self.directory = directory
    self.segments = segments
    threadCount = options.threadCount
    let budget = min(options.memoryBudget / options.threadCount, TermMap.maximumBytes / 2)
    budgetPerThread = budget
    let makeWorker: @Sendable () -> IndexingWorker = {
      IndexingWorker(fields: fields, analyzer: analyzer, capacity: budget + (1 << 20))
    }
    ownWorker = Mutex(
      IndexingWorker(
        fields: fields, analyzer: analyzer,
        capacity: options.threadCount > 1 ? 0 : budget + (1 << 20)))
    guard threadCount > 1 else { return }
    for _ in 0..<threadCount {
      do {
        let thread = try Thread(name: "indexing") { [self] in run(makeWorker()) }
        threads.withLock { $0.append(thread) }
      } catch {
        close()
        throw error
      }
    }
  }

  /// Hands documents over.
  ///
  /// - Throws: What made an earlier batch fail: documents are lost, and the writer must be rolled
  ///   back.
  func submit(_ batch: DocumentBatch) throws(IndexError) {
    guard threadCount > 1 else {
      return try ownWorker.withLock { (worker) throws(IndexError) in
        try process(batch, worker)
      }
    }
    let failure = queue.wait { queue -> IndexError?? in
      if let failure = queue.failure { return failure }
      guard queue.batches.count < 2 * self.threadCount else { return nil }
      queue.batches.append(batch)
      return .some(nil)
    }
    if let failure { throw failure }
  }

  /// Waits until all documents are in segments.
  ///
  /// - Parameter synchronizing: Whether to wait until the segments are on the medium, too.
  /// - Throws: As ``submit(_:)``.
  func flush(synchronizing: Bool) throws(IndexError) {
    guard threadCount > 1 else {
      return try ownWorker.withLock { (worker) throws(IndexError) in
        try flush(worker, synchronizing: synchronizing)
      }
    }
    let failure = empty(discarding: false, synchronizing: synchronizing)
    if let failure { throw failure }
  }

  /// Forgets all documents that are not in segments, and the failure that there was.
  func discard() {
    guard threadCount > 1 else {
      return ownWorker.withLock { $0.buffer.removeAll() }
    }
    queue.withLock { $0.batches.removeAll() }
    _ = empty(discarding: true, synchronizing: false)
    queue.withLock { $0.failure = nil }
  }

  /// Ends the threads.
  func close() {
    queue.withLock { $0.isClosing = true }
    let threads = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in threads { thread.join() }
  }

  private func empty(discarding: Bool, synchronizing: Bool) -> IndexError? {
    queue.withLock { queue in
      queue.round += 1
      queue.outstanding = threadCount
      queue.discards = discarding
      queue.synchronizes = synchronizing
    }
    return queue.wait { queue -> IndexError?? in
      queue.isIdle ? .some(queue.failure) : nil
    }
  }

  private func run(_ worker: IndexingWorker) {
    var round = 0
    while true {
      let job = queue.wait { queue -> Job? in
        if queue.isClosing { return .end }
        if !queue.batches.isEmpty {
          queue.busy += 1
          return .batch(queue.batches.removeFirst())
        }
        if round < queue.round {
          round = queue.round
          queue.outstanding -= 1
          queue.busy += 1
          return queue.discards ? .discard : .flush(synchronizing: queue.synchronizes)
        }
        return nil
      }
      do throws(IndexError) {
        switch job {
        case .end: return
        case .batch(let batch):
          if queue.withLock({ $0.failure == nil }) { try process(batch, worker) }
        case .flush(let synchronizing): try flush(worker, synchronizing: synchronizing)
        case .discard: worker.buffer.removeAll()
        }
      } catch {
        queue.withLock { $0.failure = $0.failure ?? error }
      }
      queue.withLock { $0.busy -= 1 }
    }
  }

  private func process(_ batch: DocumentBatch, _ worker: IndexingWorker) throws(IndexError) {
    if worker.buffer.byteCount >= budgetPerThread { try flush(worker, synchronizing: true) }
    try worker.process(batch)
  }

  private func flush(_ worker: IndexingWorker, synchronizing: Bool) throws(IndexError) {
    guard worker.buffer.documentCount > 0 else { return }
    let id = segments.withLock { $0.beginSegment() }
    do {
      defer { worker.buffer.removeAll() }
      let (entry, live, unsynchronized) = try worker.buffer.flush(
        to: directory, segmentID: id, synchronizing: synchronizing)
      let reader = try SegmentReader(entry, in: directory)
      try segments.withLock { (set) throws(IndexError) in
        try set.add(SegmentSet.Member(reader, live: live, unsynchronized: unsynchronized))
      }
    } catch {
      _ = segments.withLock { $0.inProgress.remove(id) }
      throw error
    }
  }
}
