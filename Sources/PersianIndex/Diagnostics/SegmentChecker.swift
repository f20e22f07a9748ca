// SPDX-License-Identifier: Apache-2.0

/// Reads everything of one segment and compares what should agree.
struct SegmentChecker {
  private let entry: Manifest.SegmentEntry
  private let directory: any StorageDirectory
  private let nextSequence: UInt64
  private(set) var report: CheckReport.Segment
  /// The segment as a searcher would see it; `nil` where it cannot be opened.
  private(set) var snapshot: SegmentSnapshot?

  init(_ entry: Manifest.SegmentEntry, in directory: any StorageDirectory, nextSequence: UInt64) {
    self.entry = entry
    self.directory = directory
    self.nextSequence = nextSequence
    let name = IndexFileName.segment(id: entry.id).description
    report = CheckReport.Segment(entry, path: directory.path(of: name))
  }

  /// Checks the segment; each part that can be reached is, though another be damaged.
  mutating func run() {
    let (entry, directory, nextSequence) = (entry, directory, nextSequence)
    // Without a file of deletions the manifest alone gives the number of documents, and a hostile one
    // must not decide how much memory is taken.
    let deletions = attempt { () throws(IndexError) in
      entry.liveDocsGeneration == 0 ? nil : try LiveDocs(entry, in: directory)
    }
    let file = attempt { () throws(IndexError) in try SegmentFile(entry, in: directory) }
    guard let file else { return }
    attempt { () throws(IndexError) in try file.verify() }
    let reader = attempt { () throws(IndexError) in
      let reader = try SegmentReader(file)
      guard reader.info.documentCount == entry.documentCount else {
        throw file.corrupt("it has another number of documents than the manifest", .segmentInfo)
      }
      return reader
    }
    guard let reader else { return }
    attempt { () throws(IndexError) in try reader.keys.verify() }
    attempt { () throws(IndexError) in try reader.stored.verify() }
    attempt { () throws(IndexError) in
      try Self.checkSequences(reader, below: nextSequence)
    }
    let counts = attempt { () throws(IndexError) in try Self.checkTerms(reader) }
    attempt { () throws(IndexError) in try Self.checkPairs(reader) }
    report.termCount = counts?.terms ?? 0
    report.postingCount = counts?.postings ?? 0
    if let deletions {
      snapshot = SegmentSnapshot(
        reader, live: deletions ?? LiveDocs(documentCount: reader.documentCount))
    }
  }

  @discardableResult
  private mutating func attempt<Result>(_ body: () throws(IndexError) -> Result) -> Result? {
    do throws(IndexError) {
      return try body()
    } catch {
      // Layers below the file do not know its path.
      let path = error.path ?? report.path
      report.problems.append(
        IndexError(error.code, error.message, path: path, offset: error.offset))
      return nil
    }
  }

  private static func checkSequences(
    _ reader: SegmentReader, below nextSequence: UInt64
  ) throws(IndexError) {
    var seen: Set<UInt64> = []
    seen.reserveCapacity(reader.documentCount)
    for document in 0..<UInt32(reader.documentCount) {
      let sequence = reader.sequences[document]
      guard sequence < nextSequence, seen.insert(sequence).inserted else {
        throw reader.file.corrupt(
          "the insertion number \(sequence) of document \(document) is impossible", .sequence)
      }
    }
  }

  private static func checkTerms(
    _ reader: SegmentReader
  ) throws(IndexError) -> (terms: Int, postings: Int) {
    var (terms, postings) = (0, 0)
    var cursor = try reader.dictionary.cursor(
      from: UnsafeBufferPointer<UInt8>(start: nil, count: 0))
    var list = DecodedPostings()
    var last: [UInt8] = []
    while try cursor.next() {
      let key = cursor.key
      guard terms == 0 || last.lexicographicallyPrecedes(key) else {
        throw reader.file.corrupt("term \(terms) is out of order", .termDictionary)
      }
      guard let number = key.first, Int(number) < reader.searchFields.count,
        !reader.searchFields[Int(number)].lengths.isEmpty
      else {
        throw reader.file.corrupt("term \(terms) is of no field", .termDictionary)
      }
      let hasPositions = reader.info.fields.hasPositions(number)
      try reader.postings.decode(
        cursor.info, lengths: reader.searchFields[Int(number)].lengths,
        hasPositions: hasPositions, into: &list)
      guard isWhole(list, of: cursor.info, reader, hasPositions: hasPositions) else {
        throw reader.file.corrupt(
          "the postings of term \(terms) contradict its counts or are out of order", .postings,
          at: Int(clamping: cursor.info.offset))
      }
      last = key
      terms += 1
      postings += list.documents.count
    }
    guard reader.postings.bytes.suffix(PostingsFormat.padding).allSatisfy({ $0 == 0 }) else {
      throw reader.file.corrupt("the padding is not zero", .postings)
    }
    guard terms == reader.dictionary.count else {
      throw reader.file.corrupt(
        "it has \(terms) of \(reader.dictionary.count) terms", .termDictionary)
    }
    return (terms, postings)
  }

  /// Makes the lists of pairs anew from those of the words, and compares them with what is there.
  private static func checkPairs(_ reader: SegmentReader) throws(IndexError) {
    for (place, field) in reader.info.fields.textFields.enumerated() {
      let number = IndexedFields.terms(of: field)
      let view = reader.searchFields[Int(number)]
      guard let pairs = view.pairs,
        let stored = reader.file.section(.pairLists, field: UInt16(field))
      else { continue }
      var members = [PairListsWriter.Member?](repeating: nil, count: pairs.members.count)
      var cursor = try [number].withUnsafeBufferPointer { key throws(IndexError) in
        try reader.dictionary.cursor(from: key)
      }
      while try cursor.next(), cursor.key.first == number {
        guard let member = pairs.members.firstIndex(of: cursor.info.offset) else { continue }
        members[member] = PairListsWriter.Member(
          offset: cursor.info.offset,
          list: try PostingList(
            cursor.info, section: reader.postings.bytes, limit: reader.info.documentCount,
            hasPositions: true),
          isPaired: member < pairs.pairedCount)
      }
      let found = members.compactMap(\.self)
      let wanted =
        found.count < members.count
        ? nil
        : try PairListsWriter.encode(
          found, pairs: pairs.pairs, triples: pairs.triples, lengths: view.lengths,
          totalLength: reader.info.statistics[place].totalLength)
      guard let wanted, wanted.elementsEqual(stored)
      else {
        throw reader.file.corrupt(
          "the lists of pairs differ from what the words' lists say", .pairLists,
          field: UInt16(field))
      }
    }
  }

  private static func isWhole(
    _ list: DecodedPostings, of info: TermInfo, _ reader: SegmentReader, hasPositions: Bool
  ) -> Bool {
    guard list.documents.count == Int(info.documentFrequency),
      list.frequencies.count == list.documents.count,
      let highest = list.documents.last, highest < reader.documentCount,
      zip(list.documents, list.documents.dropFirst()).allSatisfy({ $0 < $1 })
    else { return false }
    var start = 0
    for frequency in list.frequencies {
      guard frequency > 0 else { return false }
      let end = start + Int(frequency)
      if hasPositions {
        guard end <= list.positions.count else { return false }
        let positions = list.positions[start..<end]
        guard zip(positions, positions.dropFirst()).allSatisfy({ $0 <= $1 }) else { return false }
      }
      start = end
    }
    return UInt64(start) == info.totalTermFrequency
      && (!hasPositions || start == list.positions.count)
  }
}
