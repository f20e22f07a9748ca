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
  let termCount: Int
  /// The weight, as an integer score.
  let weight: Float
  let offsets: UnsafeMutablePointer<UInt32>
  let slop: UInt32
  let buffers: UnsafeMutablePointer<PositionBuffer>
  let counts: UnsafeMutablePointer<Int>
  /// The lists in the order of rarity.
  let order: UnsafeMutablePointer<Int>
  /// The block of each list, by its place in ``order``, where the next document is looked for.
  let places: UnsafeMutablePointer<Int>
  /// Whether a loose phrase has a word more than once.
  let hasRepetitions: Bool
  let lastOffset: UInt32
  let batch: UnsafeMutablePointer<PhraseBatch>

  /// Opens a phrase's lists.
  ///
  /// - Returns: `nil` when the segment lacks a term.
  init?(
    _ phrase: QueryPlan.Phrase, scale: Float, _ searcher: SegmentSearcher, segment: Int
  ) throws(IndexError) {
    if phrase.lists.contains(where: { $0.infos[segment] == nil }) { return nil }
    let pairs = PhrasePairs(phrase, searcher, segment: segment)
    if pairs.isAbsent { return nil }
    termCount = pairs.whole == nil ? phrase.lists.count : 0
    count = termCount + pairs.infos.count
    weight = phrase.weight * scale
    slop = phrase.slop
    hasRepetitions =
      slop > 0
      && Set(phrase.lists.map { $0.infos[segment]?.offset }).count < phrase.lists.count
    lastOffset = max(phrase.offsets.last ?? 0, UInt32(phrase.lists.count - 1))
    batch = .allocate(capacity: 1)
    batch.initialize(
      to: PhraseBatch(
        listCount: count, lastOffset: Int(lastOffset),
        universes: UnsafePointer(searcher.statistics.universes)))
    lists = .allocate(capacity: count)
    buffers = .allocate(capacity: count)
    counts = .allocate(capacity: count)
    order = .allocate(capacity: count)
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
    for (index, list) in byRarity.enumerated() { order[index] = list }
  }

  private func freeArrays() {
    batch.pointee.deallocate()
    batch.deallocate()
    lists.deallocate()
    buffers.deallocate()
    counts.deallocate()
    order.deallocate()
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
}
