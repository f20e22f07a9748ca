// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Finds where the members of a field stand next to each other, and codes the lists.
///
///     let pairs = PairListsWriter(members, lengths: lengths, totalLength: total, rangeCount: 2)
///     pairs.sample(0)                    // each number below the number of ranges once, on any threads
///     pairs.sample(1)
///     pairs.choose()                     // when that is done
///     pairs.collect(0)                   // each range once
///     pairs.collect(1)
///     pairs.code()                       // when all have been collected; on one thread or several
///     let section = try pairs.section()
package final class PairListsWriter: @unchecked Sendable {
  // Sendable: each list is coded by the one thread that has counted up to it, and read when all
  // threads are done.

  /// A word that stands in lists, or may.
  package struct Member {
    /// The offset of its record in the postings section.
    package let offset: UInt64
    /// Its list, with positions.
    package let list: PostingList
    /// Whether it may have a list with every other such word.
    package let isPaired: Bool
    // Keeps what the list points to.
    private let record: RecordCopy?

    /// Creates a value.
    ///
    /// - Parameters:
    ///   - offset: The offset of the record in the postings section.
    ///   - list: The list, with positions.
    ///   - isPaired: Whether it may have a list with every other such word.
    ///   - record: What the list points to, where nobody else keeps it.
    package init(
      offset: UInt64, list: PostingList, isPaired: Bool, record: RecordCopy? = nil
    ) {
      self.offset = offset
      self.list = list
      self.isPaired = isPaired
      self.record = record
    }
  }

  private struct Coded {
    var info: TermInfo
    var record: [UInt8]
  }

  // Before the choice, all candidates. Those that are paired first; both by their offsets.
  private var members: [Member]
  private let pairedCount: Int
  private let lengths: UnsafeBufferPointer<UInt8>
  private let totalLength: UInt64
  private let rangeCount: Int
  private let mostPairBytes: Int
  private let sampler: TripleSampler
  private var pairs: PairCollector?
  private var coded = UnsafeMutableBufferPointer<Coded?>(start: nil, count: 0)
  private let nextList = Atomic(0)
  private let failure = Mutex<IndexError?>(nil)

  /// - Parameters:
  ///   - candidates: The words, in any order; at most 255, of which at most 24 are paired.
  ///   - lengths: The code of the field's length in every document, kept by reference.
  ///   - totalLength: The sum of the field's lengths.
  ///   - rangeCount: The number of ranges of documents, at least 1.
  ///   - mostPairBytes: The most bytes that lists of pairs take.
  package init(
    _ candidates: [Member], lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64,
    rangeCount: Int, mostPairBytes: Int
  ) {
    members = candidates.sorted {
      $0.isPaired != $1.isPaired ? $0.isPaired : $0.offset < $1.offset
    }
    pairedCount = members.count { $0.isPaired }
    self.lengths = lengths
    self.totalLength = totalLength
    self.rangeCount = rangeCount
    self.mostPairBytes = mostPairBytes
    sampler = TripleSampler(members.map(\.list), lengths: lengths)
  }

  deinit {
    coded.deinitialize()
    coded.deallocate()
  }

  /// Looks in some documents for words that stand one after another.
  ///
  /// - Parameter share: The number of the share of the work, of as many as there are ranges.
  /// - Complexity: O(*p*) in the postings of the candidates.
  package func sample(_ share: Int) {
    for part in stride(from: share, to: TripleSampler.partCount, by: rangeCount) {
      sampler.sample(part)
    }
  }

  /// Chooses which three words get a list.
  package func choose() {
    choose(sampler.choose(pairedCount: pairedCount))
  }

  /// Sets which three words get a list, by their numbers.
  private func choose(_ triples: [[Int]]) {
    let words = Set(triples.joined()).union(0..<pairedCount).sorted()
    members = words.map { members[$0] }
    let numbers = Dictionary(uniqueKeysWithValues: zip(words, words.indices))
    let choice = TripleChoice(
      triples.map { $0.compactMap { numbers[$0] } }, memberCount: members.count)
    let pairs = PairCollector(
      members.map(\.list), pairedCount: pairedCount, choice, lengths: lengths,
      rangeCount: rangeCount)
    coded = .allocate(capacity: pairs.listCount)
    coded.initialize(repeating: nil)
    self.pairs = pairs
  }

  /// Finds the pairs and threes in a range of the documents.
  ///
  /// - Parameter range: The number of the range.
  /// - Complexity: O(*n*) in the occurrences of the members, and O(*d* *m*) in the documents and
  ///   the members.
  package func collect(_ range: Int) { pairs?.collect(range) }

  /// Codes lists until all have been coded.
  package func code() {
    guard let pairs, (try? pairs.isComplete()) == true else { return }
    // Lists of pairs are mostly read as they are; few are intersected.
    var postings = PostingsWriter(bitSetExcess: 0)
    postings.beginField(lengths: lengths, totalLength: totalLength, hasPositions: false)
    var documents: [UInt32] = []
    var frequencies: [UInt32] = []
    do throws(IndexError) {
      while true {
        let number = nextList.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number < coded.count else { return }
        guard pairs.hasPostings(number) else { continue }
        pairs.decode(number, &documents, &frequencies)
        let info = try documents.withUnsafeBufferPointer { documents throws(IndexError) in
          try frequencies.withUnsafeBufferPointer { frequencies throws(IndexError) in
            try postings.write(
              documents: documents, frequencies: frequencies,
              positions: UnsafeBufferPointer(start: nil, count: 0))
          }
        }
        coded[number] = Coded(info: info, record: Array(postings.output))
      }
    } catch {
      failure.withLock { $0 = $0 ?? error }
    }
  }

  /// Puts the section together, when all lists have been coded.
  ///
  /// - Returns: The section; `nil` where there is no list, or a document is longer than
  ///   ``PairListsFormat/mostPlaces``.
  /// - Throws: `.corrupt` where a list is damaged.
  package func section() throws(IndexError) -> [UInt8]? {
    try section { choosePairs() }
  }

  /// The numbers of the pairs that the section knows.
  ///
  /// What a list spares a search are the documents that both words have, of which there are about as
  /// many as the product of theirs says, and it does so as often as somebody asks for the two words,
  /// which is taken to be as often as they stand so. The lists that spare most for each byte are kept,
  /// as long as they fit; that no document has two words takes no more than an entry.
  private func choosePairs() -> [Int] {
    let pairs = 0..<pairedCount * pairedCount
    var known = pairs.filter { coded[$0] == nil }
    var spared: [(number: Int, size: Int, value: Double)] = []
    for number in pairs {
      guard let list = coded[number] else { continue }
      let candidates =
        Double(members[number / pairedCount].list.documentFrequency)
        * Double(members[number % pairedCount].list.documentFrequency)
      let size = PairListsFormat.entrySize + list.record.count
      spared.append(
        (number, size, candidates * Double(list.info.documentFrequency) / Double(size)))
    }
    spared.sort { $0.value != $1.value ? $0.value > $1.value : $0.number < $1.number }
    var left = mostPairBytes
    for pair in spared where pair.size <= left {
      known.append(pair.number)
      left -= pair.size
    }
    return known.sorted()
  }

  private func section(_ choosePairs: () -> [Int]) throws(IndexError) -> [UInt8]? {
    if let failure = failure.withLock(\.self) { throw failure }
    guard let pairs, try pairs.isComplete() else { return nil }
    let known = choosePairs()
    let triples = (pairedCount * pairedCount..<coded.count).filter { coded[$0] != nil }
    if known.isEmpty && triples.isEmpty { return nil }
    var section = ByteWriter()
    section.append(UInt32(pairedCount))
    section.append(UInt32(members.count))
    section.append(UInt32(known.count))
    section.append(UInt32(triples.count))
    for member in members { section.append(member.offset) }
    var offset: UInt64 = 0
    for number in known + triples {
      let words = pairs.members(ofList: number)
      for word in 0..<4 { section.append(word < words.count ? UInt8(words[word]) : 0) }
      let info = coded[number]?.info
      section.append(info?.documentFrequency ?? 0)
      section.append(info?.totalTermFrequency ?? 0)
      section.append(
        info.map { $0.documentFrequency == 1 ? UInt64($0.singleDocument) : offset } ?? 0)
      offset += UInt64(coded[number]?.record.count ?? 0)
    }
    var bytes = section.bytes
    bytes.reserveCapacity(bytes.count + Int(offset) + PostingsFormat.padding)
    for number in known + triples { bytes.append(contentsOf: coded[number]?.record ?? []) }
    bytes.append(contentsOf: repeatElement(0, count: PostingsFormat.padding))
    return bytes
  }

  /// Codes a section alone, with pairs and threes that are known.
  ///
  /// - Parameters:
  ///   - members: The words, paired ones first and both by their offsets; at most 64, of which at most
  ///     24 are paired.
  ///   - known: The pairs that the section knows: the numbers of their members, ascending.
  ///   - triples: The threes that get a list: the numbers of their members.
  ///   - lengths: The code of the field's length in every document.
  ///   - totalLength: The sum of the field's lengths.
  /// - Returns: As ``section()``.
  /// - Throws: As ``section()``.
  package static func encode(
    _ members: [Member], pairs known: [[Int]], triples: [[Int]],
    lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64
  ) throws(IndexError) -> [UInt8]? {
    let pairs = PairListsWriter(
      members, lengths: lengths, totalLength: totalLength, rangeCount: 1, mostPairBytes: .max)
    pairs.choose(triples)
    pairs.collect(0)
    pairs.code()
    return try pairs.section { known.map { $0[0] * pairs.pairedCount + $0[1] } }
  }
}
