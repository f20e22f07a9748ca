// SPDX-License-Identifier: Apache-2.0

/// Writes the documents of several buffers as one segment, with the work shared out to threads.
///
/// The segment is the one that a single buffer with all the documents would give, so several
/// threads leave nothing behind that would have to be merged. Terms are cut into parts of about the
/// same size; threads code parts, and one thread writes them one after another.
final class JointFlush: @unchecked Sendable {
  // Sendable: buffers and order do not change while threads work, all else is in the monitor.
  private let workers: [IndexingWorker]
  private let fields: IndexedFields
  private let order: DocumentOrder
  private let writer: SegmentWriter
  private let live: LiveDocs
  private let state: Monitor<State>

  /// Some terms of all buffers, each with its entries.
  private struct Plan: Sendable {
    /// Where the entries of each term begin in ``entries``, and where the last ones end.
    var starts: [Int] = [0]
    var entries: [(source: Int, address: UInt32)] = []
    /// The terms of each part.
    var parts: [Range<Int>] = []
  }

  private struct State {
    var sorted: [[TermMap.Sorted]?]
    var plan: Plan?
    var nextPart = 0
    var writtenParts = 0
    var encoded: [Int: EncodedTerms] = [:]
    var failure: IndexError?
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
      try writer.endTerms()
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

extension JointFlush {
  /// What a thread codes terms with.
  private struct PartEncoder: ~Copyable {
    var encoder: TermEncoder
    let lists: UnsafeMutablePointer<ListBuffer>
    private let count: Int
    var joined = ListBuffer()

    init(_ writer: SegmentWriter, sourceCount: Int) {
      encoder = writer.makeTermEncoder()
      count = sourceCount
      lists = .allocate(capacity: sourceCount)
      for index in 0..<sourceCount { (lists + index).initialize(to: ListBuffer()) }
    }

    mutating func add(
      _ key: UnsafeBufferPointer<UInt8>, _ list: UnsafeMutablePointer<ListBuffer>
    ) throws(IndexError) {
      try encoder.add(
        key, documents: list.pointee.documents, frequencies: list.pointee.frequencies,
        positions: list.pointee.positions)
    }

    mutating func addJoined(_ key: UnsafeBufferPointer<UInt8>) throws(IndexError) {
      try encoder.add(
        key, documents: joined.documents, frequencies: joined.frequencies,
        positions: joined.positions)
    }

    deinit {
      lists.deinitialize(count: count)
      lists.deallocate()
    }
  }

  /// Brings the terms of all buffers into one order, and cuts them into parts.
  private func plan(_ sorted: [[TermMap.Sorted]]) -> Plan {
    var plan = Plan()
    var next = sorted.map { _ in 0 }
    var part = (first: 0, documents: 0)
    let total = sorted.indices.reduce(0) { sum, source in
      sorted[source].reduce(sum) {
        $0 + workers[source].buffer.terms.documentCount(at: $1.address)
      }
    }
    let partSize = min(max(total / (workers.count * 16), 1 << 12), 1 << 19)
    var least: [Int] = []
    while true {
      least.removeAll(keepingCapacity: true)
      for source in sorted.indices where next[source] < sorted[source].count {
        let order =
          least.first.map { compare(sorted, next, source, $0) } ?? 0
        if order < 0 { least.removeAll(keepingCapacity: true) }
        if order <= 0 { least.append(source) }
      }
      if least.isEmpty { break }
      for source in least {
        let address = sorted[source][next[source]].address
        plan.entries.append((source, address))
        part.documents += workers[source].buffer.terms.documentCount(at: address)
        next[source] += 1
      }
      plan.starts.append(plan.entries.count)
      if part.documents >= partSize {
        plan.parts.append(part.first..<plan.starts.count - 1)
        part = (plan.starts.count - 1, 0)
      }
    }
    if part.first < plan.starts.count - 1 {
      plan.parts.append(part.first..<plan.starts.count - 1)
    }
    return plan
  }

  /// Compares the next keys of two buffers: below 0 where the first one's is less, 0 for the same.
  private func compare(
    _ sorted: [[TermMap.Sorted]], _ next: [Int], _ first: Int, _ second: Int
  ) -> Int {
    let (ours, theirs) = (sorted[first][next[first]], sorted[second][next[second]])
    if ours.prefix != theirs.prefix { return ours.prefix < theirs.prefix ? -1 : 1 }
    let key = workers[first].buffer.terms.key(at: ours.address)
    let other = workers[second].buffer.terms.key(at: theirs.address)
    if key.elementsEqual(other) { return 0 }
    return key.lexicographicallyPrecedes(other) ? -1 : 1
  }

  /// Codes a part.
  private func encode(
    _ plan: Plan, _ part: Range<Int>, _ encoder: inout PartEncoder
  ) throws(IndexError) -> EncodedTerms {
    for term in part {
      let entries = plan.entries[plan.starts[term]..<plan.starts[term + 1]]
      guard let first = entries.first else { continue }
      let key = workers[first.source].buffer.terms.key(at: first.address)
        .assumingMemoryBound(to: UInt8.self)
      let hasPositions = fields.hasPositions(key[0])
      for (index, entry) in entries.enumerated() {
        workers[entry.source].buffer.terms.decode(
          entry.address, hasPositions: hasPositions, into: &encoder.lists[index])
        order.places[entry.source].withUnsafeBufferPointer { places in
          if let places = places.baseAddress {
            encoder.lists[index].mapDocuments(to: places)
          }
        }
      }
      if entries.count == 1 {
        try encoder.add(key, encoder.lists)
      } else {
        encoder.joined.join(encoder.lists, count: entries.count)
        try encoder.addJoined(key)
      }
    }
    return encoder.encoder.take()
  }
}
