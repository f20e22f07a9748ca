// SPDX-License-Identifier: Apache-2.0

extension PhraseMatcher {
  /// Counts the phrase in very long documents and drops them, and marks the positions of the first word
  /// in the others.
  ///
  /// - Returns: The number of documents left.
  func beginVisits(_ left: Int, _ firstTerm: Int, _ range: DocumentRange?) -> Int {
    let documents = batch.pointee
    let (ids, ranges) = (documents.left, documents.bitRanges)
    let codes = documents.lengthCodes
    var words = 0
    var kept = 0
    for place in 0..<left {
      let id = ids[place]
      let size = documents.wordCount(codes[Int(id)])
      ranges[Int(id)] =
        UInt64(truncatingIfNeeded: words) | UInt64(truncatingIfNeeded: size &* 64 &- 1) &<< 32
      words = words &+ size
      if size == 0 { countLong(Int(id)) }
      ids[kept] = id
      kept = kept &+ (size == 0 ? 0 : 1)
    }
    if kept < left { updateBits(kept, range) }
    batch.pointee.reserve(words: words)
    batch.pointee.bits.update(repeating: 0, count: words)
    batch.pointee.words = words
    visit(
      kept, firstTerm,
      MarkingVisitor(
        ranges: ranges, distance: distance(firstTerm), bits: batch.pointee.bits))
    return kept
  }

  /// Looks for the positions of a word after the first among the marks.
  ///
  /// - Returns: The number of documents left.
  func visit(_ left: Int, _ index: Int, isLast: Bool, _ range: DocumentRange?) -> Int {
    let (ids, ranges, totals) = (batch.pointee.left, batch.pointee.bitRanges, batch.pointee.totals)
    if isLast {
      visit(
        left, index,
        CountingVisitor(
          ranges: ranges, distance: distance(index), bits: batch.pointee.bits, totals: totals))
      return left
    }
    batch.pointee.nextBits.update(repeating: 0, count: batch.pointee.words)
    visit(
      left, index,
      KeepingVisitor(
        ranges: ranges, distance: distance(index), bits: batch.pointee.bits,
        kept: batch.pointee.nextBits, totals: totals))
    batch.pointee.swapBits()
    var kept = 0
    for place in 0..<left {
      let id = ids[place]
      ids[kept] = id
      kept = kept &+ (totals[Int(id)] > 0 ? 1 : 0)
    }
    if kept < left { updateBits(kept, range) }
    return kept
  }

  /// What is between a word and the end of the phrase.
  private func distance(_ index: Int) -> Int {
    Int(lastOffset &- offsets[order[index]])
  }

  @inline(__always)
  private func visit<Visitor: PositionVisitor>(_ left: Int, _ index: Int, _ visitor: Visitor) {
    let list = lists + order[index]
    let isWhole = batch.pointee.codes(of: order[index]).visitPositions(
      of: batch.pointee.left, count: left, record: list.pointee.cursor.list.record,
      lengthCodes: batch.pointee.lengthCodes, table: list.pointee.cursor.positionTable,
      buffer: &buffers[order[index]], visitor)
    if !isWhole { list.pointee.cursor.noteDamage() }
  }
}
