// SPDX-License-Identifier: Apache-2.0

extension SegmentMerger {
  /// Merges the term dictionaries and the lists of their terms.
  func writeTerms(
    to writer: SegmentWriter, fields: IndexedFields, isCancelled: () -> Bool
  ) throws(IndexError) {
    // Lists of one term follow each other in the order of their first documents where the segments
    // are joined end to end.
    let bySequence = sources.indices.sorted { firstPlace(of: $0) < firstPlace(of: $1) }
    var walk = try TermWalk(sources, order: bySequence)
    var lists = MergedLists(documentCount: documentCount)
    var terms = 0
    while try walk.next() {
      let (key, number) = (walk.key, Int(walk.key[0]))
      terms += 1
      if terms % 1024 == 0, isCancelled() {
        throw IndexError(.cancelled, "the merge was cancelled")
      }
      lists.removeAll()
      for member in walk.members {
        let reader = sources[member.source].reader
        guard number < reader.searchFields.count else {
          throw reader.file.corrupt("a term of a field that is not there", .termDictionary)
        }
        try reader.postings.decode(
          member.info, lengths: reader.searchFields[number].lengths,
          hasPositions: fields.hasPositions(walk.key[0]), into: &lists.decoded)
        lists.append(mappedBy: newDocuments[member.source])
      }
      if lists.isEmpty { continue }
      lists.sort()
      try key.withUnsafeBufferPointer { (key) throws(IndexError) in
        try writer.addTerm(key, lists.merged)
      }
    }
  }

  private func firstPlace(of source: Int) -> UInt32 {
    newDocuments[source].first { $0 != Self.dropped } ?? Self.dropped
  }
}

/// The list of one term, put together from those of several segments.
struct MergedLists {
  /// The list of one segment.
  var decoded = DecodedPostings()
  /// The joined list.
  private(set) var merged = DecodedPostings()
  private var sorted = DecodedPostings()
  private var isSorted = true
  private let documentCount: Int
  // Where the positions of each document begin, and which entry each document has.
  private var starts: [Int] = []
  private var entries: [UInt32] = []
  private var keys: [UInt64] = []

  init(documentCount: Int) {
    self.documentCount = documentCount
  }

  var isEmpty: Bool { merged.documents.isEmpty }

  mutating func removeAll() {
    merged.documents.removeAll(keepingCapacity: true)
    merged.frequencies.removeAll(keepingCapacity: true)
    merged.positions.removeAll(keepingCapacity: true)
    isSorted = true
  }

  /// Appends the list in ``decoded`` under the new places of its documents.
  mutating func append(mappedBy places: [UInt32]) {
    var position = 0
    let hasPositions = !decoded.positions.isEmpty
    for index in decoded.documents.indices {
      let place = places[Int(decoded.documents[index])]
      let frequency = decoded.frequencies[index]
      let end = hasPositions ? position + Int(frequency) : position
      if place != SegmentMerger.dropped {
        if let last = merged.documents.last, last > place { isSorted = false }
        merged.documents.append(place)
        merged.frequencies.append(frequency)
        if hasPositions { merged.positions.append(contentsOf: decoded.positions[position..<end]) }
      }
      position = end
    }
  }

  /// Brings the joined list into the order of its documents.
  mutating func sort() {
    if isSorted { return }
    let count = merged.documents.count
    starts.removeAll(keepingCapacity: true)
    var start = 0
    for frequency in merged.frequencies {
      starts.append(start)
      start += Int(frequency)
    }
    sorted.documents.removeAll(keepingCapacity: true)
    sorted.frequencies.removeAll(keepingCapacity: true)
    sorted.positions.removeAll(keepingCapacity: true)
    if count >= documentCount / 32 {
      // A list this dense is sorted fastest by giving every document a place.
      if entries.isEmpty { entries = [UInt32](repeating: .max, count: documentCount) }
      for (entry, document) in merged.documents.enumerated() {
        entries[Int(document)] = UInt32(entry)
      }
      for document in entries.indices where entries[document] != .max {
        take(Int(entries[document]))
        entries[document] = .max
      }
    } else {
      keys.removeAll(keepingCapacity: true)
      for (entry, document) in merged.documents.enumerated() {
        keys.append(UInt64(document) << 32 | UInt64(entry))
      }
      keys.sort()
      for key in keys { take(Int(truncatingIfNeeded: key & 0xffff_ffff)) }
    }
    swap(&merged, &sorted)
  }

  private mutating func take(_ entry: Int) {
    sorted.documents.append(merged.documents[entry])
    sorted.frequencies.append(merged.frequencies[entry])
    if !merged.positions.isEmpty {
      let start = starts[entry]
      sorted.positions.append(
        contentsOf: merged.positions[start..<start + Int(merged.frequencies[entry])])
    }
  }
}
