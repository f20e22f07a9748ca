// SPDX-License-Identifier: Apache-2.0

extension JointFlush {
  /// Some terms of all buffers, each with its entries.
  struct Plan: Sendable {
    /// Where the entries of each term begin in ``entries``, and where the last ones end.
    var starts: [Int] = [0]
    var entries: [(source: Int, address: UInt32)] = []
    /// The terms of each part.
    var parts: [Range<Int>] = []
  }

  /// What a thread codes terms with.
  struct PartEncoder: ~Copyable {
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
  func plan(_ sorted: [[TermMap.Sorted]]) -> Plan {
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
  func encode(
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
