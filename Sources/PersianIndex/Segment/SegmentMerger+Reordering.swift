// SPDX-License-Identifier: Apache-2.0

extension SegmentMerger {
  /// Puts similar documents next to each other, by recursive graph bisection.
  ///
  /// Only terms of middling frequency are looked at: rare ones say little about the whole, and those in
  /// most documents tell none apart.
  ///
  /// - Parameter isCancelled: Asked now and then.
  /// - Throws: `.corrupt` when a source is damaged, `.cancelled`.
  /// - Complexity: O(*p* log *n*) in the pairs *p* of documents and terms and the documents *n*;
  ///   about 4 bytes of memory per pair.
  package mutating func reorder(isCancelled: () -> Bool = { false }) throws(IndexError) {
    guard let fields = sources.first?.reader.info.fields, documentCount > 1 else { return }
    let frequencies = max(16, documentCount / 16_384)...max(documentCount / 2, 16)
    var lengths = [UInt32](repeating: 0, count: documentCount)
    try forEachSharedTerm(fields, frequencies) { documents in
      for document in documents { lengths[Int(document)] += 1 }
    }
    var forward = ForwardLists(lengths: lengths)
    try forEachSharedTerm(fields, frequencies) { forward.add(documents: $0) }
    forward.finish()
    guard let permutation = DocumentBisection.order(forward, isCancelled: isCancelled) else {
      throw IndexError(.cancelled, "the merge was cancelled")
    }
    reorder(by: permutation)
  }

  /// Calls a function with the new places of the documents of each term whose number lies in a range.
  private func forEachSharedTerm(
    _ fields: IndexedFields, _ frequencies: ClosedRange<Int>, _ body: ([UInt32]) -> Void
  ) throws(IndexError) {
    var walk = try TermWalk(sources)
    var places: [UInt32] = []
    while try walk.next() {
      guard fields.hasPositions(walk.key[0]) else { continue }
      let count = walk.members.reduce(0) { $0 + Int($1.info.documentFrequency) }
      guard frequencies.contains(count) else { continue }
      places.removeAll(keepingCapacity: true)
      for member in walk.members {
        try appendPlaces(of: member, field: Int(walk.key[0]), to: &places)
      }
      body(places)
    }
  }

  private func appendPlaces(
    of member: TermWalk.Member, field: Int, to places: inout [UInt32]
  ) throws(IndexError) {
    let reader = sources[member.source].reader
    let lengths = reader.searchFields[field].lengths
    guard let start = lengths.baseAddress else { return }
    let list = try PostingList(
      member.info, section: reader.postings.bytes, limit: UInt32(reader.documentCount),
      hasPositions: true)
    let isWhole = PositionCode.table.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return false }
      var cursor = PostingsCursor(list: list, lengths: start, positionTable: table)
      defer { cursor.deallocate() }
      for block in 0..<list.blockCount {
        cursor.loadDocuments(block)
        for index in 0..<cursor.count {
          let place = newDocuments[member.source][Int(cursor.documents[index])]
          if place != Self.dropped { places.append(place) }
        }
      }
      return !cursor.isCorrupt
    }
    if !isWhole {
      throw reader.file.corrupt("a list is damaged", .postings, at: Int(member.info.offset))
    }
  }
}
