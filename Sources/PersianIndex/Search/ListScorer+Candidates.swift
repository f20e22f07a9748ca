// SPDX-License-Identifier: Apache-2.0

/// Documents that may match a query, ascending, and what they score so far.
struct Candidates {
  let documents: UnsafeMutablePointer<UInt32>
  let scores: UnsafeMutablePointer<Int32>
  let count: Int
  /// Memory for places; nothing need be there.
  let memory: UnsafeMutablePointer<UInt8>

  /// The doc ids whose places ``memory`` can tell apart; a power of two.
  static let placeCount = 8192
  /// The bytes of ``memory``: after those places, those of a block's candidates.
  static let memorySize = placeCount + PostingsFormat.blockSize
}

/// How far a list has been read.
struct ListPlace {
  var block = 0
  /// The place in the block, once it is decoded, where the next document is looked for.
  var index = 0
}

extension ListScorer {
  /// Keeps those candidates that the list holds too and that can still reach what is needed.
  ///
  /// - Parameters:
  ///   - candidates: The documents; those left are moved to the front. Their scores are read even
  ///     where nothing is scored.
  ///   - place: How far the list has been read by earlier calls, whose candidates were all less.
  ///   - needed: What a candidate must have scored with this list; `Int32.min` where all will do.
  ///   - weight: The weight, as an integer score, if what the candidates score in the list is to be
  ///     added.
  /// - Returns: The number of candidates left.
  mutating func thinOut(
    _ candidates: Candidates, from place: inout ListPlace, needed: Int32, weight: Float?
  ) -> Int {
    let list = cursor.list
    let (documents, scores) = (candidates.documents, candidates.scores)
    var kept = 0
    var next = 0
    var block = place.block
    while next < candidates.count {
      block = list.block(containing: documents[next], from: block)
      if block >= list.blockCount { break }
      var first: UInt32 = 0
      var last = UInt32.max
      if list.hasSkips {
        first = block == 0 ? 0 : list.lastDocument(block &- 1) &+ 1
        last = list.lastDocument(block)
      }
      let floor =
        needed == .min ? needed : needed &- Int32(list.bound(block)) &* boundUnit
      while next < candidates.count && documents[next] <= last
        && (documents[next] < first || scores[next] < floor)
      {
        next = next &+ 1
      }
      if next == candidates.count { break }
      if documents[next] > last { continue }
      let words =
        list.hasSkips ? cursor.bitSetWords(block, base: first, last: last) : nil
      if let words, weight == nil {
        // A branch on what is held would mostly be guessed wrongly.
        while next < candidates.count && documents[next] <= last {
          let document = documents[next]
          documents[kept] = document
          scores[kept] = scores[next]
          let isHeld = Self.contains(document, in: words, base: first) && scores[next] >= floor
          kept = kept &+ (isHeld ? 1 : 0)
          next = next &+ 1
        }
        continue
      }
      if words == nil {
        // Of few candidates, the end is not looked for: that costs a branch that nobody foresees.
        var end = next &+ Self.leastForPlaces
        if end <= candidates.count && documents[end &- 1] <= last
          && last &- first < UInt32(Candidates.placeCount)
        {
          while end < candidates.count && documents[end] <= last { end = end &+ 1 }
          cursor.loadDocuments(block)
          place.index = cursor.index(of: documents[end &- 1])
          kept = keepFound(next..<end, of: candidates, floor: floor, weight: weight, from: kept)
          next = end
          continue
        }
        if cursor.block != block {
          cursor.loadDocuments(block)
          place.index = cursor.index(of: documents[next])
        }
      }
      while next < candidates.count && documents[next] <= last {
        let document = documents[next]
        let score = scores[next]
        next = next &+ 1
        if score < floor { continue }
        var index = 0
        if let words {
          guard let found = self.place(of: document, in: words, base: first) else { continue }
          index = found
        } else {
          guard let found = cursor.place(of: document, from: &place.index) else { continue }
          index = found
        }
        documents[kept] = document
        scores[kept] = score
        if let weight {
          scores[kept] =
            score
            &+ self.score(
              document: document, frequency: cursor.frequency(at: index, of: block),
              weight: weight)
        }
        kept = kept &+ 1
      }
    }
    place.block = block
    return kept
  }

  /// How many candidates a block has at least for the places of all its documents to be noted.
  private static var leastForPlaces: Int { 16 }

  /// Keeps those of some candidates that are in the current block, which spans no more doc ids than
  /// can be told apart.
  ///
  /// Each document of the block notes its place where a candidate looks for it; no branch depends on
  /// what is found.
  ///
  /// - Parameters:
  ///   - range: The candidates.
  ///   - candidates: All of them.
  ///   - floor: What a candidate must have scored already.
  ///   - weight: As for ``thinOut(_:from:needed:weight:)``.
  ///   - start: The number of candidates that were kept before.
  /// - Returns: The number of candidates that are kept.
  @inline(__always)
  private mutating func keepFound(
    _ range: Range<Int>, of candidates: Candidates, floor: Int32, weight: Float?, from start: Int
  ) -> Int {
    let (documents, scores) = (candidates.documents, candidates.scores)
    let held = cursor.documents
    let placeOf = candidates.memory
    let found = placeOf + Candidates.placeCount
    for place in 0..<cursor.count {
      placeOf[Int(held[place]) & (Candidates.placeCount &- 1)] = UInt8(truncatingIfNeeded: place)
    }
    var kept = start
    for index in range {
      let document = documents[index]
      let score = scores[index]
      // What no document of the block noted may be anything.
      let place = Int(placeOf[Int(document) & (Candidates.placeCount &- 1)] & 127)
      let isKept = held[place] == document && place < cursor.count && score >= floor
      documents[kept] = document
      scores[kept] = score
      found[kept &- start] = UInt8(truncatingIfNeeded: place)
      kept = kept &+ (isKept ? 1 : 0)
    }
    if let weight {
      for index in start..<kept {
        let frequency = cursor.frequency(at: Int(found[index &- start]), of: cursor.block)
        scores[index] =
          scores[index]
          &+ score(document: documents[index], frequency: frequency, weight: weight)
      }
    }
    return kept
  }
}
