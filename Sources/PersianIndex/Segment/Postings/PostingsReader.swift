// SPDX-License-Identifier: Apache-2.0

/// Reads the postings section of a segment.
///
/// It is a view of mapped bytes: whoever holds it keeps the mapping alive. The bytes never change,
/// so any number of threads may read.
package struct PostingsReader: @unchecked Sendable {
  /// The section, including the zero bytes of padding at its end.
  package let bytes: UnsafeRawBufferPointer

  /// Creates a reader of a whole section, including the zero bytes of padding at its end.
  package init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// Decodes one whole list, for merging.
  ///
  /// - Parameters:
  ///   - info: The term, from the dictionary of the same segment.
  ///   - lengths: The codes of the field's length, by doc id; they bound the doc ids.
  ///   - hasPositions: Whether the field has positions.
  ///   - list: Receives the list; emptied first.
  /// - Throws: `.corrupt` when the bytes do not hold such a list.
  package func decode(
    _ info: TermInfo, lengths: UnsafeBufferPointer<UInt8>, hasPositions: Bool,
    into list: inout DecodedPostings
  ) throws(IndexError) {
    list.documents.removeAll(keepingCapacity: true)
    list.frequencies.removeAll(keepingCapacity: true)
    list.positions.removeAll(keepingCapacity: true)
    let postings = try PostingList(
      info, section: bytes, limit: UInt32(clamping: lengths.count), hasPositions: hasPositions)
    guard let lengthCodes = lengths.baseAddress else { throw Self.corrupt(info) }
    let isWhole = PositionCode.table.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return false }
      var cursor = PostingsCursor(
        list: postings, lengths: lengthCodes, positionTable: table)
      var buffer = PositionBuffer()
      defer {
        cursor.deallocate()
        buffer.deallocate()
      }
      for block in 0..<postings.blockCount {
        cursor.loadDocuments(block)
        cursor.loadFrequencies()
        if cursor.isCorrupt { return false }
        list.documents.append(
          contentsOf: UnsafeBufferPointer(start: cursor.documents, count: cursor.count))
        list.frequencies.append(
          contentsOf: UnsafeBufferPointer(start: cursor.frequencies, count: cursor.count))
        guard hasPositions else { continue }
        for index in 0..<cursor.count {
          let count = cursor.positions(at: index, into: &buffer)
          list.positions.append(
            contentsOf: UnsafeBufferPointer(start: buffer.base, count: count))
        }
        if cursor.isCorrupt { return false }
      }
      return true
    }
    if !isWhole || list.documents.count != Int(info.documentFrequency) {
      throw Self.corrupt(info)
    }
  }

  private static func corrupt(_ info: TermInfo) -> IndexError {
    IndexError(
      .corrupt, "a posting list does not decode; run verify", offset: info.offset)
  }
}

/// A whole posting list in flat arrays, reused from list to list.
package struct DecodedPostings {
  /// The doc ids, ascending.
  package var documents: [UInt32] = []
  /// The frequency in each document.
  package var frequencies: [UInt32] = []
  /// The positions of each document in turn; empty for a field without positions.
  package var positions: [UInt32] = []

  /// Creates an empty list.
  package init() {}
}
