// SPDX-License-Identifier: Apache-2.0

/// Documents that may match a query, ascending, and what they score so far.
struct Candidates {
  let documents: UnsafeMutablePointer<UInt32>
  let scores: UnsafeMutablePointer<Int32>
  let count: Int
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
      if words == nil && cursor.block != block {
        cursor.loadDocuments(block)
        place.index = cursor.index(of: documents[next])
      }
      while next < candidates.count && documents[next] <= last {
        let document = documents[next]
        let score = scores[next]
        next = next &+ 1
        if score < floor { continue }
        var index = 0
        if let words {
          if weight == nil {
            if !Self.contains(document, in: words, base: first) { continue }
          } else {
            guard let found = self.place(of: document, in: words, base: first) else { continue }
            index = found
          }
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
}
