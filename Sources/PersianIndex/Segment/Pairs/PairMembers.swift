// SPDX-License-Identifier: Apache-2.0

/// Chooses the words whose pairs get lists, while a segment's terms are written, and keeps their
/// coded lists.
package struct PairMembers {
  private struct Member {
    var info: TermInfo
    var record: [UInt8]
  }

  private var members: [Member] = []
  private var byteCount = 0
  private let leastFrequency: Int

  /// Prepares for a field of a segment.
  ///
  /// - Parameters:
  ///   - documentCount: The number of documents of the segment.
  ///   - leastFrequency: The least documents that a member is in, at least 128.
  package init(
    documentCount: Int, leastFrequency: Int = PairListsFormat.leastFrequency
  ) {
    self.leastFrequency = max(leastFrequency, documentCount / PairListsFormat.leastShare)
  }

  /// Keeps a term's list if it is among the longest.
  ///
  /// - Parameters:
  ///   - info: The term, as the postings writer returned it.
  ///   - record: Its record.
  package mutating func offer(_ info: TermInfo, record: UnsafeRawBufferPointer) {
    guard info.documentFrequency >= leastFrequency else { return }
    if members.count == PairListsFormat.mostMembers {
      guard
        let least = members.indices.min(by: {
          members[$0].info.documentFrequency < members[$1].info.documentFrequency
        }), members[least].info.documentFrequency < info.documentFrequency
      else { return }
      byteCount -= members.remove(at: least).record.count
    }
    guard byteCount + record.count <= PairListsFormat.mostBytes else { return }
    byteCount += record.count
    members.append(
      Member(
        info: info,
        record: Array(record) + repeatElement(0, count: PostingsFormat.padding)))
    byteCount += PostingsFormat.padding
  }

  /// Codes the section of the members offered.
  ///
  /// - Parameters:
  ///   - lengths: The code of the field's length in every document.
  ///   - totalLength: The sum of the field's lengths.
  ///   - threads: What shares the work out.
  /// - Returns: The section; `nil` where there is no pair of words.
  /// - Throws: `.corrupt` where a list is damaged.
  package func encode(
    lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64, threads: SharedWork = .alone
  ) throws(IndexError) -> [UInt8]? {
    if members.count < 2 { return nil }
    // The records keep still while the arrays do.
    let sections = members.map { member in
      let copy = UnsafeMutableRawBufferPointer.allocate(
        byteCount: member.record.count, alignment: 16)
      copy.copyBytes(from: member.record)
      return copy
    }
    defer { for section in sections { section.deallocate() } }
    var lists: [PairListsWriter.Member] = []
    for (member, section) in zip(members, sections) {
      var info = member.info
      info.offset = 0
      lists.append(
        PairListsWriter.Member(
          offset: member.info.offset,
          list: try PostingList(
            info, section: UnsafeRawBufferPointer(section), limit: UInt32(lengths.count),
            hasPositions: true)))
    }
    return try PairListsWriter.encode(
      lists, lengths: lengths, totalLength: totalLength, threads: threads)
  }
}
