// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Takes documents to the threads that analyse them, and their buffers to segments.
///
/// One caller at a time uses it, the writer behind its mutex.
final class IndexingPipeline: Sendable {
  private let directory: any StorageDirectory
  private let segments: Monitor<SegmentSet>
  private let budgetPerThread: Int
  private let fields: IndexedFields
  // The caller analyses with the first.
  private let workers: [IndexingWorker]
  private let threads: Mutex<[Thread]> = Mutex([])
  private let threadCount: Int
  private let queue = Monitor(Queue())
  // What there is to do for the first thread, which the queue does not wake.
  private let errand = Monitor<Errand?>(nil)

  /// A batch that goes from thread to thread without being copied.
  private final class Parcel: @unchecked Sendable {
    // Sendable: one thread has it at a time, and hands it over through the queue's mutex.
    var batch = DocumentBatch()
  }

  private struct Queue {
    var parcels: [Parcel] = []
    /// Those with empty batches, whose memory is to be used again.
    var spare: [Parcel] = []
    /// The threads that are at work.
    var busy = 0
    /// What all threads work on together, and how many have not begun yet.
    var flush: JointFlush?
    var outstanding = 0
    /// Counts what threads have worked on together.
    var round = 0
    var failure: IndexError?
    var isClosing = false

    /// Whether the first thread writes the caller's buffer, which nobody else uses then.
    var isFirstFlushing = false

    var isIdle: Bool { parcels.isEmpty && busy == 0 && outstanding == 0 }

    mutating func end(_ outcome: Outcome) {
      switch outcome {
      case .nothing: return
      case .parcel(let parcel, let failure):
        spare.append(parcel)
        self.failure = self.failure ?? failure
      case .flush: break
      }
      busy -= 1
    }
  }

  /// What becomes of a batch.
  private enum Turn {
    case handedOver, own
    case failed(IndexError)
  }

  private enum Job {
    case parcel(Parcel, isLost: Bool)
    case flush(JointFlush)
    case end
  }

  /// What a thread did last.
  private enum Outcome {
    case nothing
    case parcel(Parcel, IndexError?)
    case flush
  }

  /// What the first thread has to do.
  private enum Errand {
    /// To write the caller's buffer.
    case flushFirst
    case flush(JointFlush)
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
    self.fields = fields
    workers = (0..<threadCount).map { _ in
      IndexingWorker(fields: fields, analyzer: analyzer, capacity: budget + (1 << 20))
    }
    guard threadCount > 1 else { return }
    for number in 0..<threadCount {
      do {
        let thread = try Thread(name: "indexing") { [self] in
          if number == 0 { runErrands() } else { run(number) }
        }
        threads.withLock { $0.append(thread) }
      } catch {
        close()
        throw error
      }
    }
  }

  /// Has documents analysed.
  ///
  /// While the other threads have enough to do, the caller analyses them itself: one thread more
  /// than asked for would make them all take turns on the processor.
  ///
  /// - Parameter batch: The documents; empty afterwards.
  /// - Throws: What made this or an earlier batch fail: documents are lost, and the writer must be
  ///   rolled back.
  func submit(_ batch: inout DocumentBatch) throws(IndexError) {
    while threadCount > 1 {
      let turn = queue.wait { queue -> Turn? in
        if let failure = queue.failure { return .failed(failure) }
        if queue.parcels.count < 2 * (self.threadCount - 1) {
          let parcel = queue.spare.popLast() ?? Parcel()
          swap(&parcel.batch, &batch)
          queue.parcels.append(parcel)
          return .handedOver
        }
        return queue.isFirstFlushing ? nil : .own
      }
      switch turn {
      case .failed(let failure): throw failure
      case .handedOver: return
      case .own: break
      }
      if workers[0].buffer.byteCount < budgetPerThread { break }
      // The others would run out of documents if the caller did this.
      queue.withLock { queue in
        queue.isFirstFlushing = true
        queue.busy += 1
      }
      errand.withLock { $0 = .flushFirst }
    }
    try process(batch, workers[0])
    batch.removeAll()
  }

  /// Waits until all documents are in segments.
  ///
  /// - Parameter synchronizing: Whether to wait until the segments are on the medium, too.
  /// - Throws: As ``submit(_:)``.
  func flush(synchronizing: Bool) throws(IndexError) {
    if let failure = waitUntilIdle() { throw failure }
    let filled = workers.filter { $0.buffer.documentCount > 0 }
    let count = filled.reduce(0) { $0 + $1.buffer.documentCount }
    if filled.count > 1, count <= SegmentInfo.maximumDocumentCount {
      try flushJointly(synchronizing: synchronizing)
    } else {
      for worker in filled { try flush(worker, synchronizing: synchronizing) }
    }
  }

  /// Forgets all documents that are not in segments, and the failure that there was.
  func discard() {
    queue.withLock { $0.parcels.removeAll() }
    _ = waitUntilIdle()
    for worker in workers { worker.buffer.removeAll() }
    queue.withLock { $0.failure = nil }
  }

  /// Ends the threads.
  func close() {
    queue.withLock { $0.isClosing = true }
    errand.withLock { $0 = .end }
    let threads = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in threads { thread.join() }
  }

  /// Waits until no thread is at work or has anything to do, and returns the failure that there was.
  private func waitUntilIdle() -> IndexError? {
    queue.wait { queue -> IndexError?? in
      queue.isIdle ? .some(queue.failure) : nil
    }
  }

  private func run(_ number: Int) {
    var round = 0
    var done = Outcome.nothing
    while true {
      // One visit to the queue for each job, because each may wake other threads.
      let outcome = done
      let job = queue.wait { queue in
        queue.end(outcome)
      } until: { queue -> Job? in
        if queue.isClosing { return .end }
        if !queue.parcels.isEmpty {
          queue.busy += 1
          let parcel = queue.parcels.removeFirst()
          return .parcel(parcel, isLost: queue.failure != nil)
        }
        if round < queue.round, let flush = queue.flush {
          round = queue.round
          queue.outstanding -= 1
          queue.busy += 1
          return .flush(flush)
        }
        return nil
      }
      switch job {
      case .end: return
      case .parcel(let parcel, let isLost):
        let failure =
          isLost
          ? nil : failure { () throws(IndexError) in try process(parcel.batch, workers[number]) }
        parcel.batch.removeAll()
        done = .parcel(parcel, failure)
      case .flush(let flush):
        flush.work(number)
        done = .flush
      }
    }
  }

  private func runErrands() {
    while true {
      let next = errand.wait { errand -> Errand? in
        defer { errand = nil }
        return errand
      }
      var failure: IndexError?
      switch next {
      case .end: return
      case .flushFirst:
        failure = self.failure { () throws(IndexError) in
          try flush(workers[0], synchronizing: true)
        }
      case .flush(let flush): flush.work(0)
      }
      queue.withLock { queue in
        queue.failure = queue.failure ?? failure
        queue.isFirstFlushing = false
        queue.busy -= 1
      }
    }
  }

  private func failure(_ body: () throws(IndexError) -> Void) -> IndexError? {
    do throws(IndexError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  private func process(_ batch: DocumentBatch, _ worker: IndexingWorker) throws(IndexError) {
    if worker.buffer.byteCount >= budgetPerThread { try flush(worker, synchronizing: true) }
    try worker.process(batch)
  }

  private func flush(_ worker: IndexingWorker, synchronizing: Bool) throws(IndexError) {
    guard worker.buffer.documentCount > 0 else { return }
    try addSegment { (id) throws(IndexError) in
      defer { worker.buffer.removeAll() }
      return try worker.buffer.flush(to: directory, segmentID: id, synchronizing: synchronizing)
    }
  }

  /// Writes the buffers of all threads, which are idle, as one segment.
  private func flushJointly(synchronizing: Bool) throws(IndexError) {
    try addSegment { (id) throws(IndexError) in
      defer {
        for worker in workers where worker.buffer.documentCount > 0 {
          worker.buffer.removeAll(keepingMemory: false)
        }
      }
      let flush = try JointFlush(workers, fields: fields, directory: directory, segmentID: id)
      queue.withLock { queue in
        queue.flush = flush
        queue.round += 1
        queue.outstanding = threadCount - 1
        queue.busy += 1
      }
      errand.withLock { $0 = .flush(flush) }
      defer {
        _ = waitUntilIdle()
        queue.withLock { $0.flush = nil }
      }
      return try flush.finish(synchronizing: synchronizing)
    }
  }

  private func addSegment(
    _ write: (_ id: UInt64) throws(IndexError) -> (
      entry: Manifest.SegmentEntry, live: LiveDocs, unsynchronized: UnsynchronizedFile?
    )
  ) throws(IndexError) {
    let id = segments.withLock { $0.beginSegment() }
    do {
      let (entry, live, unsynchronized) = try write(id)
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
