// SPDX-License-Identifier: Apache-2.0

/// Finds where the members of a field stand next to each other, in ranges of documents that threads
/// share out.
final class PairCollector: @unchecked Sendable {
  // Sendable: all is read alone, but for each range's own table and outcome.
  private let lists: [PostingList]
  private let lengths: UnsafeBufferPointer<UInt8>
  private let ranges: [Range<UInt32>]
  private let tables: UnsafeMutableBufferPointer<PairTable>
  private let outcomes: UnsafeMutableBufferPointer<Outcome>

  private enum Outcome {
    case whole, tooLong, corrupt
  }

  /// - Parameters:
  ///   - lists: The list of every member.
  ///   - lengths: The code of the field's length in every document.
  ///   - rangeCount: The number of ranges.
  init(_ lists: [PostingList], lengths: UnsafeBufferPointer<UInt8>, rangeCount: Int) {
    self.lists = lists
    self.lengths = lengths
    let bounds = (0...rangeCount).map { UInt32(lengths.count * $0 / rangeCount) }
    ranges = zip(bounds, bounds.dropFirst()).map { $0..<$1 }
    tables = .allocate(capacity: rangeCount)
    outcomes = .allocate(capacity: rangeCount)
    outcomes.initialize(repeating: .whole)
    for range in 0..<rangeCount {
      tables.initializeElement(at: range, to: PairTable(memberCount: lists.count))
    }
  }

  deinit {
    for table in tables { table.deallocate() }
    tables.deallocate()
    outcomes.deallocate()
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

  /// Whether some document has a pair.
  func hasPostings(_ rank: Int) -> Bool { tables.contains { !$0.postings[rank].isEmpty } }

  /// Puts the documents of a pair and their occurrences in place of what two arrays hold.
  func decode(_ rank: Int, _ documents: inout [UInt32], _ frequencies: inout [UInt32]) {
    documents.removeAll(keepingCapacity: true)
    frequencies.removeAll(keepingCapacity: true)
    for table in tables { table.postings[rank].decode(&documents, &frequencies) }
  }

  /// Gathers the documents of each pair in a range.
  ///
  /// - Parameter range: The number of the range; each is collected once, on any thread.
  func collect(_ range: Int) {
    guard let codes = lengths.baseAddress else { return }
    let memberCount = lists.count
    let (documents, pairs) = (ranges[range], tables[range])
    let walks = UnsafeMutablePointer<Walk>.allocate(capacity: memberCount)
    let table = UnsafeMutablePointer<UInt16>.allocate(capacity: PositionCode.table.count)
    table.initialize(from: PositionCode.table, count: PositionCode.table.count)
    for (member, list) in lists.enumerated() {
      (walks + member).initialize(
        to: Walk(
          PostingsCursor(list: list, lengths: codes, positionTable: table),
          from: documents.lowerBound))
    }
    var places = MemberPlaces()
    var buffer = PositionBuffer()
    defer {
      for member in 0..<memberCount { walks[member].cursor.deallocate() }
      walks.deallocate()
      table.deallocate()
      places.deallocate()
      buffer.deallocate()
    }
    for document in documents {
      for member in 0..<memberCount where walks[member].document == document {
        var isShort = true
        walks[member].cursor.forEachPosition(at: walks[member].place, &buffer) { position in
          isShort = places.add(member, at: position)
          return isShort
        }
        if !isShort {
          outcomes[range] = .tooLong
          return
        }
        walks[member].advance()
      }
      places.forEachNeighbour { pairs.count($0, $1) }
      pairs.end(document)
    }
    for member in 0..<memberCount where walks[member].cursor.isCorrupt {
      outcomes[range] = .corrupt
    }
  }

  /// One member's list, read from a document to its last.
  private struct Walk {
    var cursor: PostingsCursor
    var place = 0
    /// The document stood at; no document's number behind the last.
    var document: UInt32 = 0

    init(_ cursor: PostingsCursor, from first: UInt32) {
      self.cursor = cursor
      load(0)
      while document < first {
        if self.cursor.documents[self.cursor.count - 1] < first {
          load(self.cursor.block &+ 1)
        } else {
          advance()
        }
      }
    }

    private mutating func load(_ block: Int) {
      place = 0
      document = .max
      guard block < cursor.list.blockCount else { return }
      cursor.loadDocuments(block)
      cursor.loadFrequencies()
      if cursor.count > 0 { document = cursor.documents[0] }
    }

    mutating func advance() {
      place &+= 1
      if place < cursor.count {
        document = cursor.documents[place]
      } else {
        load(cursor.block &+ 1)
      }
    }
  }
}
