// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Finds where the members of a field stand next to each other, and codes the lists.
///
///     let pairs = PairListsWriter(members, lengths: lengths, totalLength: total, rangeCount: 2)
///     pairs.collect(0)                   // each range once, on any threads
///     pairs.collect(1)
///     pairs.code()                       // when all have been collected; on one thread or several
///     let section = try pairs.section()
package final class PairListsWriter: @unchecked Sendable {
  // Sendable: the lists of each pair are coded by the one thread that has counted up to it, and read
  // when all threads are done.

  /// A word whose pairs get lists.
  package struct Member {
    /// The offset of its record in the postings section.
    package let offset: UInt64
    /// Its list, with positions.
    package let list: PostingList
    // Keeps what the list points to.
    private let record: RecordCopy?

    /// Creates a value.
    ///
    /// - Parameters:
    ///   - offset: The offset of the record in the postings section.
    ///   - list: The list, with positions.
    ///   - record: What the list points to, where nobody else keeps it.
    package init(offset: UInt64, list: PostingList, record: RecordCopy? = nil) {
      self.offset = offset
      self.list = list
      self.record = record
    }
  }

  private struct Coded {
    var info: TermInfo
    var record: [UInt8]
  }

  private let members: [Member]
  private let lengths: UnsafeBufferPointer<UInt8>
  private let totalLength: UInt64
  private let pairs: PairCollector
  // By the first member and then the second.
  private let coded: UnsafeMutableBufferPointer<Coded?>
  private let nextRank = Atomic(0)
  private let failure = Mutex<IndexError?>(nil)

  /// - Parameters:
  ///   - members: The words, in any order; at most 24.
  ///   - lengths: The code of the field's length in every document, kept by reference.
  ///   - totalLength: The sum of the field's lengths.
  ///   - rangeCount: The number of ranges of documents, at least 1.
  package init(
    _ members: [Member], lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64, rangeCount: Int
  ) {
    self.members = members.sorted { $0.offset < $1.offset }
    self.lengths = lengths
    self.totalLength = totalLength
    pairs = PairCollector(self.members.map(\.list), lengths: lengths, rangeCount: rangeCount)
    coded = .allocate(capacity: members.count * members.count)
    coded.initialize(repeating: nil)
  }

  deinit {
    coded.deinitialize()
    coded.deallocate()
  }

  /// Finds the pairs in a range of the documents.
  ///
  /// - Parameter range: The number of the range.
  /// - Complexity: O(*n*) in the occurrences of the members, and O(*d* *m*) in the documents and
  ///   the members.
  package func collect(_ range: Int) { pairs.collect(range) }

  /// Codes lists until all have been coded.
  package func code() {
    guard (try? pairs.isComplete()) == true else { return }
    // Lists of pairs are mostly read as they are; few are intersected.
    var postings = PostingsWriter(bitSetExcess: 0)
    postings.beginField(lengths: lengths, totalLength: totalLength, hasPositions: false)
    var documents: [UInt32] = []
    var frequencies: [UInt32] = []
    do throws(IndexError) {
      while true {
        let rank = nextRank.wrappingAdd(1, ordering: .relaxed).oldValue
        guard rank < coded.count else { return }
        guard pairs.hasPostings(rank) else { continue }
        pairs.decode(rank, &documents, &frequencies)
        let info = try documents.withUnsafeBufferPointer { documents throws(IndexError) in
          try frequencies.withUnsafeBufferPointer { frequencies throws(IndexError) in
            try postings.write(
              documents: documents, frequencies: frequencies,
              positions: UnsafeBufferPointer(start: nil, count: 0))
          }
        }
        coded[rank] = Coded(info: info, record: Array(postings.output))
      }
    } catch {
      failure.withLock { $0 = $0 ?? error }
    }
  }

  /// Puts the section together, when all lists have been coded.
  ///
  /// - Returns: The section; `nil` where a document is longer than ``PairListsFormat/mostPlaces``.
  /// - Throws: `.corrupt` where a list is damaged.
  package func section() throws(IndexError) -> [UInt8]? {
    if let failure = failure.withLock(\.self) { throw failure }
    guard try pairs.isComplete() else { return nil }
    var section = ByteWriter()
    let ranks = coded.indices.filter { coded[$0] != nil }
    section.append(UInt32(members.count))
    section.append(UInt32(ranks.count))
    for member in members { section.append(member.offset) }
    var offset: UInt64 = 0
    for rank in ranks {
      guard let (info, record) = coded[rank].map({ ($0.info, $0.record) }) else { continue }
      section.append(UInt8(rank / members.count))
      section.append(UInt8(rank % members.count))
      section.append(UInt16(0))
      section.append(info.documentFrequency)
      section.append(info.totalTermFrequency)
      section.append(info.documentFrequency == 1 ? UInt64(info.singleDocument) : offset)
      offset += UInt64(record.count)
    }
    var bytes = section.bytes
    bytes.reserveCapacity(bytes.count + Int(offset) + PostingsFormat.padding)
    for rank in ranks { bytes.append(contentsOf: coded[rank]?.record ?? []) }
    bytes.append(contentsOf: repeatElement(0, count: PostingsFormat.padding))
    return bytes
  }

  /// Codes a section alone.
  ///
  /// - Parameters:
  ///   - members: The words, in any order; at most 24.
  ///   - lengths: The code of the field's length in every document.
  ///   - totalLength: The sum of the field's lengths.
  /// - Returns: As ``section()``.
  /// - Throws: As ``section()``.
  package static func encode(
    _ members: [Member], lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64
  ) throws(IndexError) -> [UInt8]? {
    let pairs = PairListsWriter(
      members, lengths: lengths, totalLength: totalLength, rangeCount: 1)
    pairs.collect(0)
    pairs.code()
    return try pairs.section()
  }
}
