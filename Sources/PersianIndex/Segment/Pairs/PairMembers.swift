// SPDX-License-Identifier: Apache-2.0

/// Chooses the words that may stand in lists of pairs and threes, while a segment's terms are
/// written, and keeps their coded lists.
package struct PairMembers {
  private struct Member {
    var info: TermInfo
    var record: RecordCopy
  }

  private var members: [Member] = []
  private var byteCount = 0
  private var postingsSize = 0
  private let leastFrequency: Int
  private let leastPairedFrequency: Int
  private let mostBytes: Int
  private let listShare: Int

  /// Prepares for a field of a segment.
  ///
  /// - Parameters:
  ///   - documentCount: The number of documents of the segment.
  ///   - leastFrequency: The least documents that a member is in, at least 128.
  ///   - mostBytes: The most bytes of lists that are kept.
  ///   - listShare: The lists of pairs take at most one of so many bytes of the field's postings.
  package init(
    documentCount: Int, leastFrequency: Int = PairListsFormat.leastFrequency,
    mostBytes: Int = PairListsFormat.mostBytes, listShare: Int = PairListsFormat.listShare
  ) {
    self.mostBytes = mostBytes
    self.listShare = listShare
    self.leastFrequency = max(leastFrequency, documentCount / PairListsFormat.leastShare)
    leastPairedFrequency = max(
      leastFrequency, documentCount / PairListsFormat.leastPairedShare)
  }

  /// Keeps a term's list if it is among those of the most documents.
  ///
  /// Each term of the field is offered once.
  ///
  /// - Parameters:
  ///   - info: The term, as the postings writer returned it.
  ///   - record: Its record.
  package mutating func offer(_ info: TermInfo, record: UnsafeRawBufferPointer) {
    postingsSize += record.count
    guard info.documentFrequency >= leastFrequency else { return }
    let size = record.count + PostingsFormat.padding
    // Rarer words, which may have been offered before, make room.
    while members.count == PairListsFormat.mostCandidates || byteCount + size > mostBytes {
      guard
        let least = members.indices.min(by: {
          members[$0].info.documentFrequency < members[$1].info.documentFrequency
        }), members[least].info.documentFrequency < info.documentFrequency
      else { return }
      byteCount -= members.remove(at: least).record.bytes.count
    }
    members.append(Member(info: info, record: RecordCopy(record)))
    byteCount += size
  }

  /// Ends the choice.
  ///
  /// - Parameters:
  ///   - lengths: The code of the field's length in every document, kept by reference.
  ///   - totalLength: The sum of the field's lengths.
  ///   - rangeCount: The number of ranges of documents to share out.
  /// - Returns: What codes the section of the members offered; `nil` where there is no pair of words.
  /// - Throws: `.corrupt` where a list is damaged.
  package func writer(
    lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64, rangeCount: Int
  ) throws(IndexError) -> PairListsWriter? {
    if members.count < 2 { return nil }
    var lists: [PairListsWriter.Member] = []
    let byFrequency = members.sorted {
      $0.info.documentFrequency != $1.info.documentFrequency
        ? $0.info.documentFrequency > $1.info.documentFrequency : $0.info.offset < $1.info.offset
    }
    for (rank, member) in byFrequency.enumerated() {
      var info = member.info
      info.offset = 0
      lists.append(
        PairListsWriter.Member(
          offset: member.info.offset,
          list: try PostingList(
            info, section: member.record.bytes, limit: UInt32(lengths.count),
            hasPositions: true),
          isPaired: rank < PairListsFormat.mostPaired
            && member.info.documentFrequency >= leastPairedFrequency,
          record: member.record))
    }
    return PairListsWriter(
      lists, lengths: lengths, totalLength: totalLength, rangeCount: rangeCount,
      mostPairBytes: max(PairListsFormat.leastListBytes, postingsSize / listShare))
  }
}
