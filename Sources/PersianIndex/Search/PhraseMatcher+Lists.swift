// SPDX-License-Identifier: Apache-2.0

extension PhraseMatcher {
  /// How many documents of a block are left at least for all between them to be gone through.
  private static var leastForAll: Int { 8 }

  /// Finds out which documents of the batch hold the phrase, list by list, the rarest first.
  ///
  /// - Parameters:
  ///   - candidates: The number of documents.
  ///   - source: Where they are.
  ///   - bound: What the phrase has to reach; `nil` where any document will do.
  /// - Returns: The number of documents left, with their totals.
  @inline(__always)
  func narrowDown(
    _ candidates: Int, _ source: BatchSource, _ bound: PhraseBound?
  ) -> Int {
    let range = source.range
    var left = candidates
    var terms = 0
    var firstTerm = 0
    for index in 0..<count where left > 0 {
      let isTerm = order[index] < termCount
      // All that a pair's list could add is how often.
      if !isTerm && bound == nil && termCount > 1 { continue }
      switch source {
      case .range(let range): left = locate(index, left, range, bound)
      case .lookups(let lookups):
        left =
          index == 0
          ? keepFrequent(left, bound) : lookUp(index, left, lookups + (index - 1), bound)
      }
      if !isTerm { continue }
      terms = terms &+ 1
      if terms == 1 {
        firstTerm = index
        continue
      }
      if terms == 2 { left = beginVisits(left, firstTerm, range) }
      left = visit(left, index, isLast: terms == termCount, range)
    }
    if termCount < 2 {
      let frequencies = batch.pointee.codes(of: 0).frequencies
      for index in 0..<left {
        let id = Int(batch.pointee.left[index])
        batch.pointee.totals[id] = frequencies[id]
      }
    }
    return left
  }

  /// Notes where a list has the documents that are left; drops those that are not wanted, now that the
  /// phrase can occur only as often as the list has them.
  ///
  /// - Returns: The number of documents left.
  private func locate(
    _ index: Int, _ left: Int, _ range: DocumentRange, _ bound: PhraseBound?
  ) -> Int {
    let list = lists + order[index]
    let postings = list.pointee.cursor.list
    let isTerm = order[index] < termCount
    let batch = batch.pointee
    let (documents, ids) = (batch.documents, batch.left)
    var kept = 0
    var next = 0
    var block = places[index]
    while next < left {
      block = postings.block(containing: documents[Int(ids[next])], from: block)
      if block >= postings.blockCount { break }
      let last = postings.hasSkips ? postings.lastDocument(block) : .max
      var end = next &+ 1
      while end < left && documents[Int(ids[end])] <= last { end = end &+ 1 }
      let run = next..<end
      if run.count >= Self.leastForAll {
        // Where any document will do, all that is left is to know where the positions are.
        let isDone = bound == nil && isTerm
        guard noteAll(run, of: order[index], block, range, notesPositions: isDone) else { return 0 }
        if isDone {
          kept = kept &+ run.count
        } else {
          kept = keep(run, of: order[index], block, areNoted: true, range, bound, after: kept)
        }
      } else {
        kept = keep(run, of: order[index], block, areNoted: false, range, bound, after: kept)
      }
      next = end
    }
    places[index] = block
    if bound == nil && kept != left {
      list.pointee.cursor.noteDamage()
      kept = 0
    }
    ids[kept] = UInt16(PhraseBatch.capacity)
    return kept
  }

  /// Notes where a block has documents that it is known to have, in one pass over all between them.
  ///
  /// - Parameters:
  ///   - run: Their places among those left.
  ///   - number: The list.
  ///   - block: The block.
  ///   - range: The bits of all documents left.
  ///   - notesPositions: Whether to note where positions are, or else how often the list has each
  ///     document.
  /// - Returns: Whether the block has them; one that does not is damaged.
  @inline(__always)
  private func noteAll(
    _ run: Range<Int>, of number: Int, _ block: Int, _ range: DocumentRange, notesPositions: Bool
  ) -> Bool {
    let list = lists + number
    let (documents, ids) = (batch.pointee.documents, batch.pointee.left)
    let codes = batch.pointee.codes(of: number)
    list.pointee.cursor.loadDocuments(block)
    list.pointee.cursor.loadFrequencies()
    let first = documents[Int(ids[run.lowerBound])]
    let last = documents[Int(ids[run.upperBound &- 1])]
    let from = list.pointee.cursor.index(of: first)
    let to = list.pointee.cursor.index(of: last) &+ 1
    let held = list.pointee.cursor.documents
    var found = 0
    if to <= list.pointee.cursor.count && held[from] == first && held[to &- 1] == last {
      found =
        notesPositions
        ? list.pointee.cursor.notePositions(
          from..<to, in: range.bits, start: range.start, ids: ids + run.lowerBound, codes: codes)
        : list.pointee.cursor.noteFrequencies(
          from..<to, in: range.bits, start: range.start, ids: ids + run.lowerBound, codes: codes)
    }
    if found != run.count { list.pointee.cursor.noteDamage() }
    return found == run.count
  }

  /// Keeps those documents that a block has and that are wanted, one by one.
  ///
  /// - Parameters:
  ///   - run: Their places among those left.
  ///   - number: The list.
  ///   - block: The block.
  ///   - areNoted: Whether the block is known to have them, and how often has been noted.
  ///   - range: Where all documents left are; their bits are cleared as they are dropped.
  ///   - bound: What the phrase has to reach; `nil` where any document will do.
  ///   - start: How many documents are kept already.
  /// - Returns: How many are kept then.
  @inline(__always)
  private func keep(
    _ run: Range<Int>, of number: Int, _ block: Int, areNoted: Bool, _ range: DocumentRange,
    _ bound: PhraseBound?, after start: Int
  ) -> Int {
    let list = lists + number
    let batch = batch.pointee
    let (documents, ids) = (batch.documents, batch.left)
    let codes = batch.codes(of: number)
    var kept = start
    for place in run {
      let id = Int(ids[place])
      let document = documents[id]
      ids[kept] = UInt16(truncatingIfNeeded: id)
      guard areNoted || locate(document, id, list, block, codes) else { continue }
      let least = min(batch.most[id], codes.frequencies[id])
      batch.most[id] = least
      if let bound {
        let isKept = bound.allows(least, batch.lengthCodes[id])
        let bit = Int(document &- range.start)
        range.bits[bit >> 6] &= ~((isKept ? 0 : 1) &<< UInt64(bit & 63))
        if !isKept { continue }
      }
      if number < termCount {
        let isThere = list.pointee.cursor.notePositions(
          at: Int(codes.places[id]), id: id, in: codes)
        if !isThere { continue }
      }
      kept = kept &+ 1
    }
    return kept
  }

  /// Notes how often a block has one document, and at which place.
  ///
  /// - Returns: Whether it has it.
  @inline(__always)
  private func locate(
    _ document: UInt32, _ id: Int, _ list: UnsafeMutablePointer<ListScorer>, _ block: Int,
    _ codes: PositionCodes
  ) -> Bool {
    if list.pointee.cursor.block != block && !list.pointee.contains(document, block: block) {
      return false
    }
    list.pointee.cursor.loadDocuments(block)
    let place = list.pointee.cursor.index(of: document)
    guard place < list.pointee.cursor.count, list.pointee.cursor.documents[place] == document
    else { return false }
    list.pointee.cursor.loadFrequencies()
    // A block whose frequencies are damaged has none.
    if place >= list.pointee.cursor.count { return false }
    codes.frequencies[id] = list.pointee.cursor.frequencies[place]
    codes.places[id] = UInt8(truncatingIfNeeded: place)
    return true
  }

  /// Has bits only for the documents that are left.
  func updateBits(_ left: Int, _ range: DocumentRange?) {
    let (documents, ids) = (batch.pointee.documents, batch.pointee.left)
    ids[left] = UInt16(PhraseBatch.capacity)
    guard let range else { return }
    range.bits.update(repeating: 0, count: PhraseBatch.capacity / 64)
    for place in 0..<left {
      let bit = Int(documents[Int(ids[place])] &- range.start)
      range.bits[bit >> 6] |= 1 &<< UInt64(bit & 63)
    }
  }
}
