// SPDX-License-Identifier: Apache-2.0

extension PhraseMatcher {
  /// How many documents of a block are left at least for all between them to be gone through.
  private static var leastForAll: Int { 8 }

  /// Finds out which documents of the batch hold the phrase, list by list, the rarest first.
  ///
  /// - Parameters:
  ///   - candidates: The number of documents.
  ///   - range: Where they are; all lists have them. `nil` where that is still to be found out.
  ///   - bound: What the phrase has to reach; `nil` where any document will do.
  /// - Returns: The number of documents left, with their totals.
  @inline(__always)
  func narrowDown(
    _ candidates: Int, _ range: DocumentRange?, _ bound: PhraseBound?
  ) -> Int {
    var left = candidates
    var terms = 0
    var firstTerm = 0
    for index in 0..<count where left > 0 {
      let isTerm = order[index] < termCount
      // All that a pair's list could add is how often.
      if !isTerm && range != nil && bound == nil && termCount > 1 { continue }
      left = locate(index, left, range, bound)
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

  /// Notes where a list has the documents that are left; drops those that it does not have, and those
  /// that are not wanted, now that the phrase can occur only as often as the list has them.
  ///
  /// - Returns: The number of documents left.
  private func locate(
    _ index: Int, _ left: Int, _ range: DocumentRange?, _ bound: PhraseBound?
  ) -> Int {
    let list = lists + order[index]
    let postings = list.pointee.cursor.list
    let isTerm = order[index] < termCount
    let batch = batch.pointee
    let (documents, ids) = (batch.documents, batch.left)
    let codes = batch.codes(of: order[index])
    var kept = 0
    var next = 0
    var block = places[index]
    while next < left {
      let first = documents[Int(ids[next])]
      block = postings.block(containing: first, from: block)
      if block >= postings.blockCount { break }
      let last = postings.hasSkips ? postings.lastDocument(block) : .max
      var end = next &+ 1
      while end < left && documents[Int(ids[end])] <= last { end = end &+ 1 }
      let isDense = end &- next >= Self.leastForAll
      if let range, isDense {
        list.pointee.cursor.loadDocuments(block)
        list.pointee.cursor.loadFrequencies()
        let final = documents[Int(ids[end &- 1])]
        let from = list.pointee.cursor.index(of: first)
        let to = list.pointee.cursor.index(of: final) &+ 1
        let held = list.pointee.cursor.documents
        // All lists have the documents, so that a block without one is damaged.
        guard to <= list.pointee.cursor.count, held[from] == first, held[to &- 1] == final else {
          list.pointee.cursor.noteDamage()
          return 0
        }
        let found =
          bound == nil && isTerm
          ? list.pointee.cursor.notePositions(
            from..<to, in: range.bits, start: range.start, ids: ids + next, codes: codes)
          : list.pointee.cursor.noteFrequencies(
            from..<to, in: range.bits, start: range.start, ids: ids + next, codes: codes)
        if found != end &- next {
          list.pointee.cursor.noteDamage()
          return 0
        }
      }
      let isDone = bound == nil && isDense && range != nil
      for place in next..<(isDone ? next : end) {
        let id = Int(ids[place])
        let document = documents[id]
        ids[kept] = UInt16(truncatingIfNeeded: id)
        if !isDense || range == nil {
          guard locate(document, id, list, block, codes) else { continue }
        }
        let least = min(batch.most[id], codes.frequencies[id])
        batch.most[id] = least
        if let bound {
          let isKept = bound.allows(least, batch.lengthCodes[id])
          if let range {
            let bit = Int(document &- range.start)
            range.bits[bit >> 6] &= ~((isKept ? 0 : 1) &<< UInt64(bit & 63))
          }
          if !isKept { continue }
        }
        if isTerm {
          let isThere = list.pointee.cursor.notePositions(
            at: Int(codes.places[id]), id: id, in: codes)
          if !isThere { continue }
        }
        kept = kept &+ 1
      }
      if isDone { kept = kept &+ (end &- next) }
      next = end
    }
    places[index] = block
    if range != nil && bound == nil && kept != left {
      list.pointee.cursor.noteDamage()
      kept = 0
    }
    ids[kept] = UInt16(PhraseBatch.capacity)
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
    codes.frequencies[id] = list.pointee.cursor.frequencies[place]
    codes.places[id] = UInt8(truncatingIfNeeded: place)
    return true
  }

  /// Has bits only for the documents that are left.
  private func updateBits(_ left: Int, _ range: DocumentRange?) {
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

extension PhraseMatcher {
  /// Counts the phrase in very long documents and drops them, and marks the positions of the first word
  /// in the others.
  ///
  /// - Returns: The number of documents left.
  private func beginVisits(_ left: Int, _ firstTerm: Int, _ range: DocumentRange?) -> Int {
    let (ids, ranges) = (batch.pointee.left, batch.pointee.bitRanges)
    let (codes, sizes) = (batch.pointee.lengthCodes, batch.pointee.wordCounts)
    var words = 0
    var kept = 0
    for place in 0..<left {
      let id = ids[place]
      let size = Int(sizes[Int(codes[Int(id)])])
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
  private func visit(_ left: Int, _ index: Int, isLast: Bool, _ range: DocumentRange?) -> Int {
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
