// SPDX-License-Identifier: Apache-2.0

extension PhraseMatcher {
  /// Finds the documents of the segment that hold the phrase, as suits one for which
  /// ``isSparse(among:)`` is true.
  ///
  /// The documents of each block of the rarest list are candidates, which the other lists thin out;
  /// only what is left of many blocks is looked up for positions.
  ///
  /// - Parameters:
  ///   - live: The bits of the segment's live documents; `nil` where all are.
  ///   - needed: Called now and then for what the phrase must score in a document; `Int32.min` where
  ///     any will do.
  ///   - body: Called for each that may score that, in any order, with its frequency and the code of the
  ///     field's length.
  @inline(__always)
  func forEachSparseMatch(
    live: UnsafePointer<UInt64>? = nil, needed: () -> Int32 = { .min },
    _ body: (_ document: UInt32, _ frequency: Float, _ lengthCode: UInt8) -> Void
  ) {
    let sparse = SparseCandidates(self)
    defer { sparse.deallocate() }
    let lead = lists + order[0]
    let blockCount = lead.pointee.cursor.list.blockCount
    var filled = 0
    for block in 0..<blockCount {
      filled = sparse.add(block, after: filled, live, needed: needed())
      let isFull = filled > PhraseBatch.capacity - PostingsFormat.blockSize
      if filled == 0 || (!isFull && block < blockCount &- 1) { continue }
      for index in 0..<filled { batch.pointee.left[index] = UInt16(truncatingIfNeeded: index) }
      var left = begin(filled)
      left =
        slop > 0
        ? findLoose(left) : narrowDown(left, .lookups(sparse.lookups), bound(needed()))
      report(left, body)
      filled = 0
    }
  }

  /// Whether the rarest list is so short that going through its documents is faster than making bits
  /// of the documents of all.
  func isSparse(among documentCount: Int) -> Bool {
    lists[order[0]].cursor.list.documentFrequency * Self.sparseShare < documentCount
  }

  private static var sparseShare: Int { 8 }

  /// Whether a list has so many documents that it is not asked which of the candidates it has, until its
  /// positions are wanted.
  func isDense(_ list: Int) -> Bool {
    let postings = lists[list].cursor.list
    let lacking = Int(postings.limit) &- postings.documentFrequency
    return list < termCount && lacking &* Self.denseShare <= Int(postings.limit)
  }

  private static var denseShare: Int { 8 }

  /// Drops the documents of a new batch that the rarest list does not have often enough.
  ///
  /// - Returns: The number of documents left.
  func keepFrequent(_ left: Int, _ bound: PhraseBound?) -> Int {
    guard let bound else { return left }
    let batch = batch.pointee
    let frequencies = batch.codes(of: order[0]).frequencies
    var kept = 0
    for id in 0..<left {
      batch.left[kept] = UInt16(truncatingIfNeeded: id)
      batch.most[id] = frequencies[id]
      kept = kept &+ (bound.allows(frequencies[id], batch.lengthCodes[id]) ? 1 : 0)
    }
    batch.left[kept] = UInt16(PhraseBatch.capacity)
    return kept
  }

  /// Looks the documents that are left up in a list; drops those that are not wanted, now that the phrase
  /// can occur only as often as the list has them.
  ///
  /// - Returns: The number of documents left.
  func lookUp(
    _ index: Int, _ left: Int, _ lookup: UnsafeMutablePointer<PostingLookup>,
    _ bound: PhraseBound?
  ) -> Int {
    let number = order[index]
    let batch = batch.pointee
    let (documents, ids) = (batch.documents, batch.left)
    let codes = batch.codes(of: number)
    let record = lists[number].cursor.list.record
    var kept = 0
    for place in 0..<left {
      let id = Int(ids[place])
      ids[kept] = ids[place]
      guard lookup.pointee.move(to: documents[id]) else { continue }
      if bound != nil || number >= termCount {
        let frequency = lookup.pointee.frequency()
        codes.frequencies[id] = frequency
        batch.most[id] = min(batch.most[id], frequency)
        if let bound, !bound.allows(batch.most[id], batch.lengthCodes[id]) { continue }
      }
      if number < termCount {
        guard let positions = lookup.pointee.locatePositions() else { continue }
        codes.frequencies[id] = UInt32(truncatingIfNeeded: positions.frequency)
        codes.starts[id] = positions.start(from: record)
      }
      kept = kept &+ 1
    }
    if lookup.pointee.isCorrupt || (bound == nil && kept != left && !isDense(number)) {
      lists[number].cursor.noteDamage()
      kept = 0
    }
    ids[kept] = UInt16(PhraseBatch.capacity)
    return kept
  }
}

/// The documents that may hold a phrase with a rare word, and what looks them up.
///
/// It owns memory, which its one owner frees.
private struct SparseCandidates {
  /// What looks documents up in each list but the rarest, in the order of rarity.
  let lookups: UnsafeMutablePointer<PostingLookup>
  private let memories: UnsafeMutablePointer<PostingLookup.Memory>
  private let places: UnsafeMutablePointer<ListPlace>
  private let scores: UnsafeMutablePointer<Int32>
  private let placeMemory: UnsafeMutablePointer<UInt8>
  private let matcher: PhraseMatcher

  init(_ matcher: PhraseMatcher) {
    self.matcher = matcher
    let count = matcher.count
    lookups = .allocate(capacity: count - 1)
    memories = .allocate(capacity: count - 1)
    places = .allocate(capacity: count)
    scores = .allocate(capacity: PostingsFormat.blockSize + 16)
    placeMemory = .allocate(capacity: Candidates.memorySize)
    places.initialize(repeating: ListPlace(), count: count)
    scores.initialize(repeating: 0, count: PostingsFormat.blockSize + 16)
    for index in 0..<(count - 1) {
      let cursor = matcher.lists[matcher.order[index + 1]].cursor
      (memories + index).initialize(to: PostingLookup.Memory())
      (lookups + index).initialize(
        to: PostingLookup(
          cursor.list, lengths: cursor.lengths, positionTable: cursor.positionTable,
          memories[index]))
    }
  }

  func deallocate() {
    memories.deinitialize(count: matcher.count - 1)
    memories.deallocate()
    lookups.deallocate()
    places.deallocate()
    scores.deallocate()
    placeMemory.deallocate()
  }

  /// Adds to the batch the live documents of a block of the rarest list that all others have and where
  /// the phrase may score what is needed.
  ///
  /// - Returns: The number of documents in the batch then.
  func add(
    _ block: Int, after filled: Int, _ live: UnsafePointer<UInt64>?, needed: Int32
  ) -> Int {
    let lead = matcher.lists + matcher.order[0]
    if isBounding(matcher.order[0])
      && Int32(lead.pointee.cursor.list.bound(block)) &* lead.pointee.boundUnit < needed
    {
      return filled
    }
    lead.pointee.cursor.loadDocuments(block)
    let documents = matcher.batch.pointee.documents + filled
    var left = lead.pointee.cursor.count
    documents.update(from: lead.pointee.cursor.documents, count: left)
    for index in 1..<max(1, matcher.count) where left > 0 {
      let list = matcher.order[index]
      if matcher.isDense(list) { continue }
      left = matcher.lists[list].thinOut(
        Candidates(documents: documents, scores: scores, count: left, memory: placeMemory),
        from: &places[index], needed: isBounding(list) && needed > 0 ? needed : .min,
        weight: nil)
    }
    if let live {
      var kept = 0
      for index in 0..<left {
        let document = documents[index]
        documents[kept] = document
        let isLive = (live[Int(document >> 6)] &>> UInt64(document & 63)) & 1
        kept = kept &+ Int(truncatingIfNeeded: isLive)
      }
      left = kept
    }
    return matcher.slop > 0 || left == 0
      ? filled &+ left : note(filled..<(filled &+ left))
  }

  /// Notes how often the rarest list has some documents of its current block, and where, as long as the
  /// block is decoded.
  ///
  /// - Returns: The end of the documents that it has.
  private func note(_ ids: Range<Int>) -> Int {
    let number = matcher.order[0]
    let hasPositions = number < matcher.termCount
    let lead = matcher.lists + number
    let documents = matcher.batch.pointee.documents
    let codes = matcher.batch.pointee.codes(of: number)
    lead.pointee.cursor.loadFrequencies()
    var place = 0
    for id in ids {
      place = lead.pointee.cursor.index(of: documents[id], from: place)
      // A block whose frequencies are damaged has none.
      guard place < lead.pointee.cursor.count else { return ids.lowerBound }
      codes.frequencies[id] = lead.pointee.cursor.frequencies[place]
      if hasPositions {
        let isThere = lead.pointee.cursor.notePositions(at: place, id: id, in: codes)
        if !isThere { return ids.lowerBound }
      }
    }
    return ids.upperBound
  }

  /// Whether a phrase occurs at most as often as a list has a document; a loose one, as the first.
  @inline(__always)
  private func isBounding(_ list: Int) -> Bool { matcher.slop == 0 || list == 0 }
}
