// SPDX-License-Identifier: Apache-2.0

/// One posting list of a query in one segment, with what scores it.
struct ListScorer {
  var cursor: PostingsCursor
  /// K of every length code, divided by the weight of the field.
  let denominators: UnsafePointer<Float>
  /// What a list's posting can score at most, in 255ths; rounded up.
  let boundUnit: Int32
  /// The stored best impacts times the weight, rounded down; what that many documents are known
  /// to score.
  let bestScores: (Int32, Int32, Int32)
  /// What a 255th of the greatest impact scores at least.
  private let blockScoreUnit: Float
  /// The first block that ends in or after the current window.
  var block = 0
  /// The memory of `denominators`, where it is the scorer's own.
  private let ownDenominators: UnsafeMutablePointer<Float>?

  /// Opens a list.
  ///
  /// - Parameters:
  ///   - list: The list and its field.
  ///   - info: The term in the segment.
  ///   - searcher: The snapshot.
  ///   - segment: The segment's index.
  ///   - weight: The weight of the list's group, as an integer score.
  ///   - pairs: Where the list is one of a pair of words, what holds it.
  ///   - isAlone: Whether all of a list without blocks is looked at whatever it can score.
  /// - Throws: `.corrupt` when a list lies outside its section.
  init(
    _ list: QueryPlan.List, _ info: TermInfo, _ searcher: SegmentSearcher, segment: Int,
    weight: Float, pairs: PairLists? = nil, isAlone: Bool = false
  ) throws(IndexError) {
    let view = searcher.segments[segment]
    let field = view.fields[list.field]
    guard let lengths = field.lengths.baseAddress,
      field.lengths.count >= Int(view.documentCount)
    else { throw IndexError(.corrupt, "a field's lengths are missing; run verify") }
    let postings = try PostingList(
      info, section: pairs?.lists ?? view.postings.bytes, limit: view.documentCount,
      hasPositions: pairs == nil && field.hasPositions)
    cursor = PostingsCursor(
      list: postings, lengths: lengths, positionTable: searcher.statistics.positionTable)
    let shared = searcher.statistics.denominators + list.field * 256
    if list.fieldWeight == 1 {
      denominators = UnsafePointer(shared)
      ownDenominators = nil
    } else {
      let own = UnsafeMutablePointer<Float>.allocate(capacity: 256)
      for code in 0..<256 { own[code] = shared[code] / list.fieldWeight }
      denominators = UnsafePointer(own)
      ownDenominators = own
    }
    let correction = searcher.statistics.correction(
      segment: segment, field: list.field, weight: list.fieldWeight)
    let bound: Float
    if postings.hasSkips {
      // Not cut off at 1: the bounds of blocks are shares of it. 16 keeps sums in 32 bits.
      bound = min(16, postings.maximumImpact * correction.high)
    } else if isAlone {
      bound = 1
    } else {
      bound = ListScorer.greatestImpact(&cursor, denominators)
    }
    boundUnit = Self.clamped(bound * weight / 255 * 1.00001) + 2
    let best = postings.bestImpacts
    let factor = correction.low * weight * 0.9999
    blockScoreUnit = postings.maximumImpact / 255 * factor
    bestScores = (
      Self.clamped(best.0 * factor), Self.clamped(best.1 * factor), Self.clamped(best.2 * factor)
    )
  }

  /// Frees the memory.
  func deallocate() {
    cursor.deallocate()
    ownDenominators?.deallocate()
  }

  private static func greatestImpact(
    _ cursor: inout PostingsCursor, _ denominators: UnsafePointer<Float>
  ) -> Float {
    cursor.loadDocuments(0)
    cursor.loadFrequencies()
    var greatest: Float = 0
    for index in 0..<cursor.count {
      let frequency = Float(Int32(truncatingIfNeeded: cursor.frequencies[index] & 0x7fff_ffff))
      let code = cursor.lengths[Int(cursor.documents[index])]
      greatest = max(greatest, frequency / (frequency + denominators[Int(code)]))
    }
    return min(1, greatest)
  }

  /// Tells a heap what postings of the list are known to score.
  func prime(_ heap: inout TopHeap) {
    if heap.limit <= 10 {
      heap.prime(bestScores.0)
    } else if heap.limit <= 100 {
      heap.prime(max(bestScores.1, blockScore(atRank: heap.limit)))
    } else if heap.limit <= 1000 {
      heap.prime(bestScores.2)
    }
  }

  /// What so many documents of the list are known to score by the bounds of its blocks, each of which
  /// some document of its block reaches but for rounding.
  private func blockScore(atRank rank: Int) -> Int32 {
    let list = cursor.list
    guard list.hasSkips, list.blockCount >= rank else { return 0 }
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { histogram in
      histogram.initialize(repeating: 0)
      for block in 0..<list.blockCount { histogram[Int(list.bound(block))] &+= 1 }
      var bound = 255
      var seen = Int(histogram[255])
      while seen < rank {
        bound -= 1
        seen += Int(histogram[bound])
      }
      return Self.clamped(Float(max(0, bound - 1)) * blockScoreUnit)
    }
  }

  // Damaged impacts and statistics can make any number of what is below 2^23 in a whole index.
  private static func clamped(_ score: Float) -> Int32 {
    score > 0 ? Int32(min(score, 8_388_607)) : 0
  }

  /// What a posting of the list can score at most.
  var maximumScore: Int32 { boundUnit &* 255 }

  /// Turns a score of less than 2^23 into an integer of at least 1: whoever matches has a score.
  @inline(__always)
  static func integer(_ score: Float) -> Int32 {
    Int32(bitPattern: (score + 8_388_608).bitPattern) &- 0x4aff_ffff
  }

  /// Scores postings of the current block.
  ///
  /// - Parameters:
  ///   - start: The first posting; a multiple of 4.
  ///   - end: One past the last posting.
  ///   - weight: The weight, as an integer score.
  ///   - scores: Receives them from `start` on, up to three more than asked for.
  @inline(__always)
  func score(from start: Int, to end: Int, weight: Float, into scores: UnsafeMutablePointer<Int32>)
  {
    let documents = cursor.documents
    let lengths = cursor.lengths
    let denominators = denominators
    let weights = SIMD4<Float>(repeating: weight)
    let magic = SIMD4<Float>(repeating: 8_388_608)
    let offset = SIMD4<Int32>(repeating: 0x4aff_ffff)
    UnsafeRawPointer(cursor.frequencies).withMemoryRebound(to: SIMD4<Int32>.self, capacity: 32) {
      frequencies in
      UnsafeMutableRawPointer(scores).withMemoryRebound(to: SIMD4<Int32>.self, capacity: 32) {
        rows in
        var index = start
        while index < end {
          let k = SIMD4(
            denominators[Int(lengths[Int(documents[index])])],
            denominators[Int(lengths[Int(documents[index &+ 1])])],
            denominators[Int(lengths[Int(documents[index &+ 2])])],
            denominators[Int(lengths[Int(documents[index &+ 3])])])
          let frequency = SIMD4<Float>(frequencies[index >> 2])
          let score = weights * frequency / (frequency + k) + magic
          rows[index >> 2] = unsafeBitCast(score, to: SIMD4<Int32>.self) &- offset
          index = index &+ 4
        }
      }
    }
  }

  /// Scores one posting of the current block.
  @inline(__always)
  func score(at index: Int, weight: Float) -> Int32 {
    let frequency = Float(Int32(bitPattern: cursor.frequencies[index]))
    let k = denominators[Int(cursor.lengths[Int(cursor.documents[index])])]
    return Self.integer(weight * frequency / (frequency + k))
  }

  /// Scores a document of a frequency.
  @inline(__always)
  func score(document: UInt32, frequency: UInt32, weight: Float) -> Int32 {
    let frequency = Float(Int32(bitPattern: frequency))
    let k = denominators[Int(cursor.lengths[Int(document)])]
    return Self.integer(weight * frequency / (frequency + k))
  }

  /// Scores a phrase or other frequency in a document.
  @inline(__always)
  func score(frequency: Float, lengthCode: UInt8, weight: Float) -> Int32 {
    Self.integer(weight * frequency / (frequency + denominators[Int(lengthCode)]))
  }

  /// The saturated part of a posting's score: its frequency over K.
  @inline(__always)
  func pseudoFrequency(at index: Int) -> Float {
    let frequency = Float(Int32(bitPattern: cursor.frequencies[index]))
    let k = denominators[Int(cursor.lengths[Int(cursor.documents[index])])]
    return frequency / max(k, 1e-30)
  }

  /// Moves ``block`` to the first block that ends at or after a document.
  ///
  /// - Returns: Whether there is one.
  @inline(__always)
  mutating func skip(to document: UInt32) -> Bool {
    let list = cursor.list
    if list.hasSkips {
      block = list.block(containing: document, from: block)
      return block < list.blockCount
    }
    if block == 0 {
      cursor.loadDocuments(0)
      if cursor.count == 0 || cursor.documents[cursor.count &- 1] < document { block = 1 }
    }
    return block == 0
  }

  /// Raises the bounds of a window's stripes to what the list's blocks may score there, and returns
  /// the stripes that it may have documents in.
  ///
  /// - Parameters:
  ///   - start: The window's first document.
  ///   - bounds: The stripes' bounds so far.
  /// - Returns: A bit for each of those stripes.
  @inline(__always)
  mutating func addBounds(start: UInt32, to bounds: UnsafeMutablePointer<Int32>) -> UInt64 {
    guard skip(to: start) else { return 0 }
    let list = cursor.list
    let last = start &+ UInt32(Window.size &- 1)
    if !list.hasSkips {
      cursor.loadDocuments(0)
      var seen: UInt64 = 0
      for index in cursor.index(of: start)..<max(cursor.count, cursor.index(of: start)) {
        let document = cursor.documents[index]
        if document > last { break }
        seen |= 1 &<< UInt64((document &- start) >> 6)
      }
      var rest = seen
      while rest != 0 {
        let stripe = rest.trailingZeroBitCount
        bounds[stripe] = bounds[stripe] &+ maximumScore
        rest &= rest &- 1
      }
      return seen
    }
    var seen: UInt64 = 0
    var next = block
    // A stripe that two blocks share gets the greater of their bounds: the first block's is kept to
    // be compared with.
    var sharedStripe = -1
    var sharedBound: Int32 = 0
    var first = next == 0 ? 0 : list.lastDocument(next &- 1) &+ 1
    while first <= last {
      let end = list.lastDocument(next)
      let low = first <= start ? 0 : Int((first &- start) >> 6)
      let high =
        end >= last ? Window.stripeCount &- 1 : min(63, Int((end &- start) >> 6))
      let bound = Int32(list.bound(next)) &* boundUnit
      if high < low { break }
      var stripe = low
      if low == sharedStripe {
        if bound > sharedBound {
          bounds[low] = bounds[low] &+ (bound &- sharedBound)
          sharedBound = bound
        }
        stripe = low &+ 1
      }
      while stripe <= high {
        bounds[stripe] = bounds[stripe] &+ bound
        stripe = stripe &+ 1
      }
      if high > sharedStripe {
        sharedStripe = high
        sharedBound = bound
      }
      seen |= Window.mask(low, high)
      if end >= last { break }
      next = next &+ 1
      if next == list.blockCount { break }
      first = end &+ 1
    }
    return seen
  }
}
