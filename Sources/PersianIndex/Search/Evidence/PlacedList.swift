// SPDX-License-Identifier: Apache-2.0

/// One posting list of one segment, asked for single documents in ascending order.
///
/// It owns memory: its one owner calls ``deallocate()``.
final class PlacedList {
  private var cursor: PostingsCursor
  private var buffer = PositionBuffer()
  /// What the dictionary says of the list.
  let info: TermInfo
  private let denominators: UnsafePointer<Float>
  private let lengths: UnsafePointer<UInt8>
  private let fieldWeight: Float
  private let statistics: FieldStatistics

  /// How many positions ``loadPositions(in:)`` found.
  private(set) var positionCount = 0

  /// The positions of the document last loaded, ascending.
  var positions: UnsafeMutablePointer<UInt32> { buffer.base }

  /// Opens the list of a key; `nil` where the segment does not hold it.
  init?(
    _ field: CompiledTerm.FieldKey, in segment: SearchSegment, _ searcher: SegmentSearcher
  ) throws(IndexError) {
    guard let info = try EvidenceScorer.find(field.key, in: segment), let number = field.key.first,
      let lengths = segment.fields[Int(number)].lengths.baseAddress
    else {
      buffer.deallocate()
      return nil
    }
    statistics = searcher.statistics
    let list: PostingList
    do throws(IndexError) {
      list = try PostingList(
        info, section: segment.postings.bytes, limit: segment.documentCount,
        hasPositions: segment.fields[Int(number)].hasPositions)
    } catch {
      buffer.deallocate()
      throw error
    }
    self.info = info
    self.lengths = lengths
    fieldWeight = field.weight
    denominators = UnsafePointer(statistics.denominators + Int(number) * 256)
    cursor = PostingsCursor(
      list: list, lengths: lengths, positionTable: statistics.positionTable)
  }

  func deallocate() {
    cursor.deallocate()
    buffer.deallocate()
  }

  /// The index of a document in the current block, which becomes the one that would hold it.
  private func index(of document: UInt32) throws(IndexError) -> Int? {
    let block = cursor.list.block(containing: document, from: max(cursor.block, 0))
    guard block < cursor.list.blockCount else { return nil }
    cursor.loadDocuments(block)
    let index = cursor.index(of: document)
    if !cursor.isCorrupt {
      guard index < cursor.count, cursor.documents[index] == document else { return nil }
      cursor.loadFrequencies()
    }
    guard !cursor.isCorrupt else {
      throw IndexError(
        .corrupt, "a posting list does not decode; run verify", offset: info.offset)
    }
    return index
  }

  /// How often a document, not before the one asked for last, has the term.
  func frequency(in document: UInt32) throws(IndexError) -> UInt32 {
    guard let index = try index(of: document) else { return 0 }
    return cursor.frequencies[index]
  }

  /// Decodes where a document, not before the one asked for last, has the term.
  func loadPositions(in document: UInt32) throws(IndexError) {
    positionCount = 0
    guard let index = try index(of: document) else { return }
    positionCount = cursor.positions(at: index, into: &buffer)
    guard !cursor.isCorrupt else {
      throw IndexError(
        .corrupt, "a posting list does not decode; run verify", offset: info.offset)
    }
  }

  /// A number of occurrences in a document divided by K and weighed by its field.
  func normalized(_ occurrences: Float, in document: UInt32) -> Float {
    occurrences == 0
      ? 0 : fieldWeight * occurrences / denominators[Int(lengths[Int(document)])]
  }
}
