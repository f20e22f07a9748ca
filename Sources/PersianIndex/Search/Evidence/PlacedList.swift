// SPDX-License-Identifier: Apache-2.0

/// One posting list of one segment, asked for single documents in ascending order.
///
/// It owns memory: its one owner calls ``deallocate()``, and copies must not outlive that.
struct PlacedList {
  private struct State {
    var cursor: PostingsCursor
    var buffer: PositionBuffer
    var positionCount = 0
  }

  private let state: UnsafeMutablePointer<State>
  private let offset: UInt64
  private let denominators: UnsafePointer<Float>
  private let lengths: UnsafePointer<UInt8>
  private let fieldWeight: Float
  private let hasPositions: Bool

  /// How many positions ``loadPositions(in:)`` found.
  var positionCount: Int { state.pointee.positionCount }

  /// The positions of the document last loaded, ascending.
  var positions: UnsafeMutablePointer<UInt32> { state.pointee.buffer.base }

  /// Opens a list of an indexed field; `nil` where the field has no lengths.
  init?(
    field number: UInt8, weight: Float, _ info: TermInfo, in segment: SearchSegment,
    _ searcher: borrowing SegmentSearcher
  ) throws(IndexError) {
    guard let lengths = segment.fields[Int(number)].lengths.baseAddress else { return nil }
    let statistics = searcher.statistics
    let list = try PostingList(
      info, section: segment.postings.bytes, limit: segment.documentCount,
      hasPositions: segment.fields[Int(number)].hasPositions)
    offset = UInt64(info.offset)
    self.lengths = lengths
    fieldWeight = weight
    hasPositions = segment.fields[Int(number)].hasPositions
    denominators = UnsafePointer(statistics.denominators + Int(number) * 256)
    state = .allocate(capacity: 1)
    state.initialize(
      to: State(
        cursor: PostingsCursor(
          list: list, lengths: lengths, positionTable: statistics.positionTable),
        buffer: PositionBuffer()))
  }

  func deallocate() {
    state.pointee.cursor.deallocate()
    state.pointee.buffer.deallocate()
    state.deallocate()
  }

  private var corrupt: IndexError {
    IndexError(.corrupt, "a posting list does not decode; run verify", offset: offset)
  }

  /// The index of a document in the current block, which becomes the one that would hold it.
  @inline(__always)
  private func index(of document: UInt32) throws(IndexError) -> Int? {
    let block = state.pointee.cursor.list.block(
      containing: document, from: max(state.pointee.cursor.block, 0))
    guard block < state.pointee.cursor.list.blockCount else { return nil }
    state.pointee.cursor.loadDocuments(block)
    if state.pointee.cursor.isCorrupt { throw corrupt }
    let index = state.pointee.cursor.index(of: document)
    guard index < state.pointee.cursor.count, state.pointee.cursor.documents[index] == document
    else { return nil }
    return index
  }

  /// How often a document, not before the one asked for last, has the term.
  func frequency(in document: UInt32) throws(IndexError) -> UInt32 {
    guard let index = try index(of: document) else { return 0 }
    let frequency = state.pointee.cursor.frequency(at: index, of: state.pointee.cursor.block)
    if state.pointee.cursor.isCorrupt { throw corrupt }
    return frequency
  }

  /// Decodes where a document, not before the one asked for last, has the term.
  ///
  /// - Returns: Whether it has the term; a list without positions tells that alone.
  func loadPositions(in document: UInt32) throws(IndexError) -> Bool {
    state.pointee.positionCount = 0
    guard let index = try index(of: document) else { return false }
    guard hasPositions else { return true }
    state.pointee.cursor.loadFrequencies()
    if state.pointee.cursor.isCorrupt { throw corrupt }
    state.pointee.positionCount = state.pointee.cursor.positions(
      at: index, into: &state.pointee.buffer)
    if state.pointee.cursor.isCorrupt { throw corrupt }
    return true
  }

  /// A number of occurrences in a document divided by K and weighed by its field.
  func normalized(_ occurrences: Float, in document: UInt32) -> Float {
    occurrences == 0
      ? 0 : fieldWeight * occurrences / denominators[Int(lengths[Int(document)])]
  }
}
