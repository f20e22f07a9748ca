// SPDX-License-Identifier: Apache-2.0

/// Finds where the members of a field stand next to each other, in ranges of documents that threads
/// share out.
///
///     let pairs = PairCollector(lists, pairedCount: 24, triples, lengths: lengths, rangeCount: 2)
///     pairs.collect(0)                      // each range once, on any threads
///     pairs.collect(1)
final class PairCollector: @unchecked Sendable {
  // Sendable: all is read alone, but for each range's own table and outcome.
  private let lists: [PostingList]
  private let pairedCount: Int
  private let lengths: UnsafeBufferPointer<UInt8>
  private let ranges: [Range<UInt32>]
  private let triples: TripleChoice
  private let tables: [PairTable]
  private let outcomes: UnsafeMutableBufferPointer<Outcome>

  private enum Outcome {
    case whole, tooLong, corrupt
  }

  /// - Parameters:
  ///   - lists: The list of every member, those of paired ones first.
  ///   - pairedCount: How many members are paired.
  ///   - triples: The threes that have a list.
  ///   - lengths: The code of the field's length in every document.
  ///   - rangeCount: The number of ranges.
  init(
    _ lists: [PostingList], pairedCount: Int, _ triples: TripleChoice,
    lengths: UnsafeBufferPointer<UInt8>, rangeCount: Int
  ) {
    self.lists = lists
    self.pairedCount = pairedCount
    self.lengths = lengths
    let bounds = (0...rangeCount).map { UInt32(lengths.count * $0 / rangeCount) }
    ranges = zip(bounds, bounds.dropFirst()).map { $0..<$1 }
    self.triples = triples
    let listCount = pairedCount * pairedCount + triples.codes.count
    tables = ranges.map { _ in PairTable(listCount: listCount) }
    outcomes = .allocate(capacity: rangeCount)
    outcomes.initialize(repeating: .whole)
  }

  deinit {
    for table in tables { table.deallocate() }
    triples.deallocate()
    outcomes.deallocate()
  }

  /// The number of lists: those of all pairs of paired members, by the first and then the second, and
  /// behind them those of threes.
  var listCount: Int { pairedCount * pairedCount + triples.codes.count }

  /// The members of a list, by its number.
  func members(ofList number: Int) -> [Int] {
    let pairCount = pairedCount * pairedCount
    if number < pairCount { return [number / pairedCount, number % pairedCount] }
    return triples.members(at: number - pairCount)
  }

  /// Whether no document is too long; asked when all ranges have been collected.
  ///
  /// - Throws: `.corrupt` where a list is damaged.
  func isComplete() throws(IndexError) -> Bool {
    if outcomes.contains(.corrupt) {
      throw IndexError(.corrupt, "a posting list of a common word does not decode; run verify")
    }
    return !outcomes.contains(.tooLong)
  }

  /// Whether some document is in a list.
  func hasPostings(_ number: Int) -> Bool {
    tables.contains { !$0.postings[number].isEmpty }
  }

  /// Puts the documents of a list and their occurrences in place of what two arrays hold.
  func decode(_ number: Int, _ documents: inout [UInt32], _ frequencies: inout [UInt32]) {
    documents.removeAll(keepingCapacity: true)
    frequencies.removeAll(keepingCapacity: true)
    for table in tables { table.postings[number].decode(&documents, &frequencies) }
  }

  /// Gathers the documents of each list in a range.
  ///
  /// - Parameter range: The number of the range; each is collected once, on any thread.
  func collect(_ range: Int) {
    guard let codes = lengths.baseAddress else { return }
    let (documents, pairs) = (ranges[range], tables[range])
    let walks = MemberWalks(lists, lengths: codes)
    var places = MemberPlaces()
    var buffer = PositionBuffer()
    defer {
      walks.deallocate()
      places.deallocate()
      buffer.deallocate()
    }
    var next = documents.lowerBound
    while next < documents.upperBound {
      guard places.begin(next..<documents.upperBound, lengths: codes) else {
        outcomes[range] = .tooLong
        return
      }
      for member in 0..<walks.count {
        places.visit(&walks.each[member], member: member, &buffer)
      }
      for id in 0..<places.count {
        count(places, id, to: pairs)
        pairs.end(next &+ UInt32(id))
      }
      next = places.documents.upperBound
    }
    for member in 0..<walks.count where walks.each[member].cursor.isCorrupt {
      outcomes[range] = .corrupt
    }
  }

  /// Counts what stands in one document.
  @inline(__always)
  private func count(_ places: MemberPlaces, _ id: Int, to table: PairTable) {
    let paired = (UInt64(1) &<< UInt64(pairedCount)) &- 1
    let firstTriple = pairedCount &* pairedCount
    places.forEachRun(id) { first, second, third in
      forEachBit(first & paired) { first in
        forEachBit(second & paired) { second in
          table.count(first &* pairedCount &+ second)
        }
      }
      if third != 0 {
        triples.forEach(first, second, third) { table.count(firstTriple &+ $0) }
      }
    }
  }
}
