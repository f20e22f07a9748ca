// SPDX-License-Identifier: Apache-2.0

/// Finds the documents of one segment that hold a phrase.
///
/// It owns memory, which its one owner frees.
///
/// The lists of pairs of words that the phrase has, if any, are looked at as those of the words are,
/// but have no positions: they narrow down the documents.
struct PhraseMatcher {
  /// The lists of the words, then those of pairs.
  let lists: UnsafeMutablePointer<ListScorer>
  /// The number of lists.
  let count: Int
  /// The number of words; 0 where a single list of a pair tells all.
  private let termCount: Int
  /// The weight, as an integer score.
  let weight: Float
  private let offsets: UnsafeMutablePointer<UInt32>
  private let slop: UInt32
  private let buffers: UnsafeMutablePointer<PositionBuffer>
  private let counts: UnsafeMutablePointer<Int>
  /// The lists in the order of rarity.
  private let order: UnsafeMutablePointer<Int>
  /// The places in ``order`` of the lists that have positions.
  private let termSlots: UnsafeMutablePointer<Int>
  private let places: UnsafeMutablePointer<Int>
  private let hasRepetitions: Bool
  /// Whether marks can be used for documents of at most 1,024 positions.
  private let isNarrow: Bool
  /// The places of a document that marks can tell apart: those of 1,024 positions and what offsets
  /// add.
  private static let placeCount = 2048
  /// Two rows of marks, and behind them ``stamp``.
  private let marks: UnsafeMutablePointer<UInt8>
  private let stamp: UnsafeMutablePointer<UInt8>
  private let lastOffset: UInt32
  private let universes: UnsafePointer<UInt32>

  /// Opens a phrase's lists.
  ///
  /// - Returns: `nil` when the segment lacks a term.
  init?(
    _ phrase: QueryPlan.Phrase, scale: Float, _ searcher: borrowing SegmentSearcher, segment: Int
  ) throws(IndexError) {
    if phrase.lists.contains(where: { $0.infos[segment] == nil }) { return nil }
    let pairs = PhrasePairs(phrase, searcher, segment: segment)
    if pairs.isAbsent { return nil }
    termCount = pairs.whole(of: phrase) == nil ? phrase.lists.count : 0
    count = termCount + pairs.infos.count
    weight = phrase.weight * scale
    slop = phrase.slop
    hasRepetitions =
      Set(phrase.lists.map { $0.infos[segment]?.offset }).count < phrase.lists.count
    marks = .allocate(capacity: 2 * Self.placeCount + 1)
    marks.initialize(repeating: 0, count: 2 * Self.placeCount + 1)
    stamp = marks + 2 * Self.placeCount
    lastOffset = max(phrase.offsets.last ?? 0, UInt32(phrase.lists.count - 1))
    isNarrow = lastOffset < 1024
    universes = UnsafePointer(searcher.statistics.universes)
    lists = .allocate(capacity: count)
    buffers = .allocate(capacity: count)
    counts = .allocate(capacity: count)
    order = .allocate(capacity: count)
    termSlots = .allocate(capacity: count)
    places = .allocate(capacity: count)
    offsets = .allocate(capacity: count)
    var opened = 0
    do throws(IndexError) {
      for (index, list) in phrase.lists.enumerated() where index < termCount {
        guard let info = list.infos[segment] else { continue }
        guard searcher.segments[segment].fields[list.field].hasPositions else {
          throw IndexError(.invalidQuery, "a phrase needs a field with positions")
        }
        (lists + opened).initialize(
          to: try ListScorer(list, info, searcher, segment: segment, weight: weight))
        (offsets + opened).initialize(
          to: index < phrase.offsets.count ? phrase.offsets[index] : UInt32(index))
        (buffers + opened).initialize(to: PositionBuffer())
        opened += 1
      }
      for info in pairs.infos {
        (lists + opened).initialize(
          to: try ListScorer(
            phrase.lists[0], info, searcher, segment: segment, weight: weight,
            pairs: pairs.lists))
        (buffers + opened).initialize(to: PositionBuffer())
        opened += 1
      }
    } catch {
      for index in 0..<opened {
        lists[index].deallocate()
        buffers[index].deallocate()
      }
      freeArrays()
      throw error
    }
    let lists = lists
    let byRarity = (0..<count).sorted {
      lists[$0].cursor.list.documentFrequency < lists[$1].cursor.list.documentFrequency
    }
    var slots = 0
    for (index, list) in byRarity.enumerated() {
      order[index] = list
      if list < termCount {
        termSlots[slots] = index
        slots += 1
      }
    }
  }

  private func freeArrays() {
    marks.deallocate()
    lists.deallocate()
    buffers.deallocate()
    counts.deallocate()
    order.deallocate()
    termSlots.deallocate()
    places.deallocate()
    offsets.deallocate()
  }

  func deallocate() {
    for index in 0..<count {
      lists[index].deallocate()
      buffers[index].deallocate()
    }
    freeArrays()
  }

  var isCorrupt: Bool {
    for index in 0..<count where lists[index].cursor.isCorrupt { return true }
    return false
  }

  /// Whether the rarest term is in so few documents that looking at windows is not worth it.
  func isRare(among documentCount: Int) -> Bool {
    lists[order[0]].cursor.list.documentFrequency * 24 < documentCount
  }

  /// The stripes of a window where the phrase can score what is needed.
  func stripes(start: UInt32, needed: Int32) -> UInt64 {
    var stripes = UInt64.max
    withUnsafeTemporaryAllocation(byteCount: Window.stripeCount * 4, alignment: 16) { memory in
      guard let bounds = memory.baseAddress?.assumingMemoryBound(to: Int32.self) else { return }
      for index in 0..<count {
        let list = order[index]
        bounds.initialize(repeating: 0, count: Window.stripeCount)
        stripes &= lists[list].addBounds(start: start, to: bounds)
        // A phrase occurs at most as often as each of its terms; a loose one, as the first.
        if stripes != 0 && needed > 1 && (slop == 0 || list == 0) {
          stripes &= Window.stripes(of: bounds, atLeast: needed)
        }
        if stripes == 0 { return }
      }
    }
    return stripes
  }

  /// What is wanted of a document.
  enum Interest {
    case nothing
    /// Whether it holds the phrase.
    case document
    /// How often it holds the phrase.
    case frequency
  }

  /// Finds the documents of a window that hold the phrase.
  ///
  /// ``stripes(start:needed:)`` was called for the window.
  ///
  /// - Parameters:
  ///   - start: The window's first document.
  ///   - stripes: The stripes to look at.
  ///   - isWanted: Says what is wanted of a document, given the most often that the phrase can
  ///     occur and the field's length.
  ///   - body: Called for each, ascending, with its frequency and the field's length; where only the
  ///     document is wanted, the frequency may be any.
  @inline(__always)
  func forEachMatch(
    start: UInt32, stripes: UInt64,
    isWanted: (_ document: UInt32, _ most: UInt32, _ lengthCode: UInt8) -> Interest,
    _ body: (_ document: UInt32, _ frequency: Float, _ lengthCode: UInt8) -> Void
  ) {
    let last = start &+ UInt32(Window.size &- 1)
    let lead = lists + order[0]
    let postings = lead.pointee.cursor.list
    let lengths = lead.pointee.cursor.lengths
    var block = lead.pointee.block
    for index in 1..<count {
      places[index] = lists[order[index]].block
      counts[index] = 0
    }
    while block < postings.blockCount {
      var first: UInt32 = 0
      var end = UInt32.max
      if postings.hasSkips {
        first = block == 0 ? 0 : postings.lastDocument(block &- 1) &+ 1
        end = postings.lastDocument(block)
      }
      if first > last { return }
      let low = first <= start ? 0 : Int((first &- start) >> 6)
      let high = end >= last ? Window.stripeCount &- 1 : min(63, Int((end &- start) >> 6))
      if low <= high && Window.mask(low, high) & stripes != 0 {
        lead.pointee.cursor.loadDocuments(block)
        lead.pointee.cursor.loadFrequencies()
        let to = end <= last ? lead.pointee.cursor.count : lead.pointee.cursor.index(of: last &+ 1)
        var index = first >= start ? 0 : lead.pointee.cursor.index(of: start)
        while index < to {
          let document = lead.pointee.cursor.documents[index]
          let stripe = UInt64((document &- start) >> 6) & 63
          if (stripes &>> stripe) & 1 != 0 {
            var most = lead.pointee.cursor.frequencies[index]
            let code = lengths[Int(document)]
            if isWanted(document, most, code) != .nothing && align(document, &most) {
              match(document, at: index, most: most, code, isWanted, body)
            }
          }
          index = index &+ 1
        }
      }
      if end >= last { return }
      block = block &+ 1
    }
  }

  /// Calls a function for a document that all lists stand at, if it holds the phrase.
  @inline(__always)
  private func match(
    _ document: UInt32, at leadPlace: Int, most: UInt32, _ lengthCode: UInt8,
    _ isWanted: (_ document: UInt32, _ most: UInt32, _ lengthCode: UInt8) -> Interest,
    _ body: (_ document: UInt32, _ frequency: Float, _ lengthCode: UInt8) -> Void
  ) {
    let interest = isWanted(document, most, lengthCode)
    if interest == .nothing { return }
    let frequency = occurrences(
      leadPlace: leadPlace, lengthCode: lengthCode, isCounted: interest == .frequency)
    if frequency > 0 { body(document, frequency, lengthCode) }
  }

  /// Finds the documents of the segment that hold the phrase, as suits one of which
  /// ``isRare(among:)`` is true.
  ///
  /// - Parameters:
  ///   - isWanted: As for ``forEachMatch(start:stripes:isWanted:_:)``.
  ///   - body: As for it.
  @inline(__always)
  func forEachRareMatch(
    isWanted: (_ document: UInt32, _ most: UInt32, _ lengthCode: UInt8) -> Interest,
    _ body: (_ document: UInt32, _ frequency: Float, _ lengthCode: UInt8) -> Void
  ) {
    let lead = lists + order[0]
    let lengths = lead.pointee.cursor.lengths
    withUnsafeTemporaryAllocation(of: ListPlace.self, capacity: count) { read in
      withUnsafeTemporaryAllocation(byteCount: 2 * 512, alignment: 16) { memory in
        guard let memory = memory.baseAddress else { return }
        let documents = memory.assumingMemoryBound(to: UInt32.self)
        // In place of scores, each candidate's place in the block goes along with it.
        let leadPlaces = (memory + 512).assumingMemoryBound(to: Int32.self)
        read.initialize(repeating: ListPlace())
        for index in 1..<max(1, count) {
          places[index] = 0
          counts[index] = 0
        }
        for block in 0..<lead.pointee.cursor.list.blockCount {
          lead.pointee.cursor.loadDocuments(block)
          lead.pointee.cursor.loadFrequencies()
          var left = 0
          for index in 0..<lead.pointee.cursor.count {
            let document = lead.pointee.cursor.documents[index]
            let interest = isWanted(
              document, lead.pointee.cursor.frequencies[index], lengths[Int(document)])
            documents[left] = document
            leadPlaces[left] = Int32(truncatingIfNeeded: index)
            left = left &+ (interest == .nothing ? 0 : 1)
          }
          for index in 1..<max(1, count) where left > 0 {
            left = lists[order[index]].thinOut(
              Candidates(documents: documents, scores: leadPlaces, count: left),
              from: &read[index], needed: .min, weight: nil)
          }
          for index in 0..<left {
            let leadPlace = Int(leadPlaces[index])
            var most = lead.pointee.cursor.frequencies[leadPlace]
            if align(documents[index], &most) {
              match(
                documents[index], at: leadPlace, most: most, lengths[Int(documents[index])],
                isWanted, body)
            }
          }
        }
      }
    }
  }

  /// Moves all lists but the rarest to a document; says whether all hold it.
  @inline(__always)
  private func align(_ document: UInt32, _ most: inout UInt32) -> Bool {
    for index in 1..<count {
      let list = lists + order[index]
      let postings = list.pointee.cursor.list
      let block = postings.block(containing: document, from: places[index])
      if block != places[index] {
        places[index] = block
        counts[index] = 0
      }
      if block >= postings.blockCount { return false }
      list.pointee.cursor.loadDocuments(block)
      let place = list.pointee.cursor.index(of: document, from: counts[index])
      counts[index] = place
      if place >= list.pointee.cursor.count || list.pointee.cursor.documents[place] != document {
        return false
      }
      list.pointee.cursor.loadFrequencies()
      if slop == 0 { most = min(most, list.pointee.cursor.frequencies[place]) }
    }
    if slop > 0 { most = .max }
    return true
  }

  /// Counts the phrase in the document that all lists stand at.
  @inline(__always)
  private func occurrences(leadPlace: Int, lengthCode: UInt8, isCounted: Bool) -> Float {
    counts[0] = leadPlace
    if termCount == 0 {
      return Float(
        Int32(truncatingIfNeeded: lists[order[0]].cursor.frequencies[leadPlace] & 0x7fff_ffff))
    }
    if slop > 0 { return looseOccurrences() }
    if universes[Int(lengthCode) &+ 1] <= 1024 && isNarrow {
      return Float(markedOccurrences(isCounted: isCounted))
    }
    let lead = order[termSlots[0]]
    var starts = lists[lead].cursor.positions(at: counts[termSlots[0]], into: &buffers[lead])
    let own = buffers[lead].base
    let leadOffset = offsets[lead]
    for slot in 1..<termCount {
      let index = termSlots[slot]
      let list = order[index]
      let other = lists[list].cursor.positions(at: counts[index], into: &buffers[list])
      starts = Self.intersect(
        own, starts, buffers[list].base, other, distance: offsets[list] &- leadOffset)
      if starts == 0 { return 0 }
    }
    return Float(starts)
  }

  /// Counts the phrase by a mark at the place where each occurrence of a term would have it end.
  ///
  /// Marks of other documents stay behind; each document has a stamp of its own.
  @inline(__always)
  private func markedOccurrences(isCounted: Bool) -> Int {
    let stamp = nextStamp()
    var (marks, next) = (marks, marks + Self.placeCount)
    for slot in 0..<termCount {
      let index = termSlots[slot]
      let list = order[index]
      let distance = Int(lastOffset &- offsets[list])
      if slot == 0 {
        lists[list].cursor.forEachPosition(at: counts[index], &buffers[list]) { position in
          marks[(position &+ distance) & (Self.placeCount &- 1)] = stamp
          return true
        }
      } else if slot &+ 1 < termCount {
        var isAny: UInt8 = 0
        lists[list].cursor.forEachPosition(at: counts[index], &buffers[list]) { position in
          let place = (position &+ distance) & (Self.placeCount &- 1)
          let kept = marks[place] == stamp ? stamp : 0
          next[place] = kept
          isAny |= kept
          return true
        }
        if isAny == 0 { return 0 }
        swap(&marks, &next)
      } else {
        var total = 0
        if isCounted {
          lists[list].cursor.forEachPosition(at: counts[index], &buffers[list]) { position in
            let place = (position &+ distance) & (Self.placeCount &- 1)
            total = total &+ (marks[place] == stamp ? 1 : 0)
            return true
          }
        } else {
          lists[list].cursor.forEachPosition(at: counts[index], &buffers[list]) { position in
            let place = (position &+ distance) & (Self.placeCount &- 1)
            total = marks[place] == stamp ? 1 : 0
            return total == 0
          }
        }
        return total
      }
    }
    return 0
  }

  /// A number that no mark has.
  @inline(__always)
  private func nextStamp() -> UInt8 {
    if stamp.pointee == .max {
      stamp.pointee = 0
      marks.update(repeating: 0, count: 2 * Self.placeCount)
    }
    stamp.pointee &+= 1
    return stamp.pointee
  }

  /// Keeps the positions that have another list's position at a distance.
  @inline(__always)
  private static func intersect(
    _ own: UnsafeMutablePointer<UInt32>, _ ownCount: Int, _ other: UnsafePointer<UInt32>,
    _ otherCount: Int, distance: UInt32
  ) -> Int {
    var kept = 0
    var a = 0
    var b = 0
    while a < ownCount && b < otherCount {
      let position = own[a]
      let wanted = Int64(position) &+ Int64(Int32(bitPattern: distance))
      let found = Int64(other[b])
      if found < wanted {
        b = b &+ 1
      } else {
        if found == wanted {
          own[kept] = position
          kept = kept &+ 1
        }
        a = a &+ 1
      }
    }
    return kept
  }
}

extension PhraseMatcher {
  /// Counts loose occurrences: each position of the first term adds 1 / (1 + *w*), where *w* is the
  /// least number of places by which terms must be moved to complete the phrase around it, if that
  /// is not more than the slop.
  private func looseOccurrences() -> Float {
    var aligned = [[Int]](repeating: [], count: count)
    for index in 0..<count {
      let list = order[index]
      let found = lists[list].cursor.positions(at: counts[index], into: &buffers[list])
      aligned[list] = (0..<found).map { Int(buffers[list].base[$0]) - Int(offsets[list]) }
    }
    let terms = (0..<count).map { lists[$0].cursor.list.record }
    return LoosePhrase.frequency(
      aligned: aligned, slop: Int(slop), offsets: (0..<count).map { Int(offsets[$0]) },
      groups: hasRepetitions ? terms.map { Int(bitPattern: $0) } : [])
  }
}
