// SPDX-License-Identifier: Apache-2.0

extension PhraseMatcher {
  /// Finds out which documents of the batch hold a loose phrase.
  ///
  /// - Returns: The number of documents left; their totals are the bits of a `Float`.
  func findLoose(_ candidates: Int) -> Int {
    let batch = batch.pointee
    for id in 0..<candidates where align(batch.documents[id]) {
      batch.totals[id] = looseOccurrences().bitPattern
    }
    return candidates
  }

  /// Counts the phrase in a very long document of the batch.
  func countLong(_ id: Int) {
    guard align(batch.pointee.documents[id]) else { return }
    var lead = 0
    while order[lead] >= termCount { lead += 1 }
    let leadList = order[lead]
    var starts = lists[leadList].cursor.positions(at: counts[lead], into: &buffers[leadList])
    let own = buffers[leadList].base
    for index in (lead + 1)..<max(lead + 1, count) where order[index] < termCount {
      let list = order[index]
      let other = lists[list].cursor.positions(at: counts[index], into: &buffers[list])
      starts = Self.intersect(
        own, starts, buffers[list].base, other, distance: offsets[list] &- offsets[leadList])
    }
    batch.pointee.settle(
      UInt16(truncatingIfNeeded: id), total: UInt32(truncatingIfNeeded: starts))
  }

  /// Moves all lists to a document; says whether all hold it.
  private func align(_ document: UInt32) -> Bool {
    for index in 0..<count {
      let list = lists + order[index]
      let postings = list.pointee.cursor.list
      let block = postings.block(containing: document, from: blockBefore(document, index))
      if block >= postings.blockCount { return false }
      list.pointee.cursor.loadDocuments(block)
      let place = list.pointee.cursor.index(of: document)
      counts[index] = place
      if place >= list.pointee.cursor.count || list.pointee.cursor.documents[place] != document {
        return false
      }
      list.pointee.cursor.loadFrequencies()
    }
    return true
  }

  /// A block to look for a document from on.
  private func blockBefore(_ document: UInt32, _ index: Int) -> Int {
    let cursor = lists[order[index]].cursor
    let isAhead = cursor.block > 0 && cursor.list.lastDocument(cursor.block - 1) >= document
    return isAhead ? 0 : max(0, cursor.block)
  }

  /// Keeps the positions that have another list's position at a distance.
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
