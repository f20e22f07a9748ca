// SPDX-License-Identifier: Apache-2.0

/// Finds where the members of a field stand next to each other, and codes the lists.
package enum PairListsWriter {
  /// A word whose pairs get lists.
  package struct Member {
    /// The offset of its record in the postings section.
    package let offset: UInt64
    /// Its list, with positions.
    package let list: PostingList

    /// Creates a value.
    package init(offset: UInt64, list: PostingList) {
      self.offset = offset
      self.list = list
    }
  }

  /// Codes a section.
  ///
  /// - Parameters:
  ///   - members: The words, in any order; at most 24.
  ///   - lengths: The code of the field's length in every document.
  ///   - totalLength: The sum of the field's lengths.
  ///   - threads: What shares the work out.
  /// - Returns: The section; `nil` where a document is longer than ``PairListsFormat/mostPlaces``.
  /// - Throws: `.corrupt` where a list is damaged.
  /// - Complexity: O(*n*) in the occurrences of the members, and O(*d* *m*) in the documents and
  ///   the members.
  package static func encode(
    _ members: [Member], lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64,
    threads: SharedWork = .alone
  ) throws(IndexError) -> [UInt8]? {
    let sorted = members.sorted { $0.offset < $1.offset }
    let pairs = PairCollector(
      sorted.map(\.list), lengths: lengths, rangeCount: threads.count)
    threads.perform { pairs.collect($0) }
    guard try pairs.isComplete() else { return nil }
    let ranks = (0..<sorted.count * sorted.count).filter(pairs.hasPostings)
    // Lists of pairs are mostly read as they are; few are intersected.
    var postings = PostingsWriter(bitSetExcess: 0)
    postings.beginField(lengths: lengths, totalLength: totalLength, hasPositions: false)
    var section = ByteWriter()
    var lists = ByteWriter()
    section.append(UInt32(sorted.count))
    section.append(UInt32(ranks.count))
    for member in sorted { section.append(member.offset) }
    var documents: [UInt32] = []
    var frequencies: [UInt32] = []
    for rank in ranks {
      pairs.decode(rank, &documents, &frequencies)
      let info = try documents.withUnsafeBufferPointer { documents throws(IndexError) in
        try frequencies.withUnsafeBufferPointer { frequencies throws(IndexError) in
          try postings.write(
            documents: documents, frequencies: frequencies,
            positions: UnsafeBufferPointer(start: nil, count: 0))
        }
      }
      section.append(UInt8(rank / sorted.count))
      section.append(UInt8(rank % sorted.count))
      section.append(UInt16(0))
      section.append(info.documentFrequency)
      section.append(info.totalTermFrequency)
      section.append(info.documentFrequency == 1 ? UInt64(info.singleDocument) : info.offset)
      lists.append(postings.output)
    }
    section.append(lists.bytes)
    section.append(repeatElement(UInt8(0), count: PostingsFormat.padding))
    return section.bytes
  }
}
