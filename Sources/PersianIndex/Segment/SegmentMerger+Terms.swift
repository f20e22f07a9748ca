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
      try key.withUnsafeBufferPointer { (key) throws(IndexError) in
        try lists.write(key, to: writer)
      }
    }
  }

  private func firstPlace(of source: Int) -> UInt32 {
    newDocuments[source].first { $0 != Self.dropped } ?? Self.dropped
  }
}
