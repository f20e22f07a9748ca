// SPDX-License-Identifier: Apache-2.0

extension ListScorer {
  /// Looks candidates of a window up in the list and adds what they score in it.
  ///
  /// Candidates are taken block by block: first those that the block holds are found, without a
  /// branch that depends on it, as one guessed wrongly takes longer than looking; then they are
  /// scored.
  ///
  /// - Parameters:
  ///   - count: The number of candidates.
  ///   - memory: The window's, with the candidates, ascending, and their scores.
  ///   - start: The window's first document.
  ///   - weight: The weight, as an integer score.
  ///   - isRequired: Whether candidates that the list lacks are dropped.
  /// - Returns: The number of candidates left.
  mutating func lookUp(
    _ count: Int, in memory: WindowMemory, start: UInt32, weight: Float, isRequired: Bool
  ) -> Int {
    let list = cursor.list
    let documents = memory.candidates
    var kept = 0
    var next = 0
    var block = block
    while next < count {
      block = list.block(containing: documents[next], from: block)
      if block >= list.blockCount { break }
      var words: UnsafeRawPointer?
      var first: UInt32 = 0
      var end = count
      if list.hasSkips {
        first = block == 0 ? 0 : list.lastDocument(block &- 1) &+ 1
        let last = list.lastDocument(block)
        end = next &+ 1
        while end < count && documents[end] <= last { end = end &+ 1 }
        words = cursor.bitSetWords(block, base: first, last: last)
      }
      let found: Int
      if let words {
        found = find(next..<end, in: words, base: first, memory)
      } else {
        cursor.loadDocuments(block)
        if end &- next >= Self.leastForTable {
          note(from: first, start: start, memory)
          found = findNoted(next..<end, memory)
        } else {
          found = findFew(next..<end, memory)
        }
      }
      kept = add(found, of: block, to: kept, memory, weight: weight, isRequired: isRequired)
      next = end
    }
    return isRequired ? kept : count
  }

  /// How many candidates a block has at least for its documents to note their places.
  private static var leastForTable: Int { 6 }

  /// How many postings of a block are scored at least for all of its frequencies to be decoded.
  private static var leastForAll: Int { 8 }

  /// Finds candidates and their places in a block whose documents are a bit set.
  ///
  /// - Parameters:
  ///   - range: The candidates.
  ///   - words: The block's words.
  ///   - base: One past the last document before the block.
  ///   - memory: Receives which are found, and their places.
  /// - Returns: The number of candidates found.
  @inline(__always)
  private func find(
    _ range: Range<Int>, in words: UnsafeRawPointer, base: UInt32, _ memory: WindowMemory
  ) -> Int {
    let documents = memory.candidates
    let (found, places) = (memory.found, memory.foundPlaces)
    let first = base & ~63
    var count = 0
    for index in range {
      found[count] = UInt16(truncatingIfNeeded: index)
      let bit = documents[index] &- first
      let byte = words.load(fromByteOffset: Int(bit >> 3), as: UInt8.self)
      // A damaged block may have more than 128 bits.
      count = min(count &+ Int((byte &>> UInt8(truncatingIfNeeded: bit & 7)) & 1), 128)
    }
    var rank = 0
    var current = 0
    for number in 0..<count {
      let bit = Int(documents[Int(found[number])] &- first)
      let word = bit >> 6
      while current < word {
        rank =
          rank
          &+ words.loadUnaligned(fromByteOffset: current &* 8, as: UInt64.self).nonzeroBitCount
        current = current &+ 1
      }
      let bits = UInt64(
        littleEndian: words.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self))
      let before = bits & ((UInt64(1) &<< UInt64(bit & 63)) &- 1)
      places[number] = UInt8(truncatingIfNeeded: (rank &+ before.nonzeroBitCount) & 127)
    }
    return count
  }

  /// Writes the place of each of the current block's documents in a window's table.
  ///
  /// - Parameters:
  ///   - first: The first document that the block can hold.
  ///   - start: The window's first document.
  ///   - memory: The window's.
  @inline(__always)
  private func note(from first: UInt32, start: UInt32, _ memory: WindowMemory) {
    let held = cursor.documents
    let last = start &+ UInt32(Window.size &- 1)
    let count = cursor.count
    let end = count > 0 && held[count &- 1] > last ? cursor.index(of: last &+ 1) : count
    var place = first >= start ? 0 : cursor.index(of: start)
    while place < end {
      memory.places[Int(held[place]) & (Window.size &- 1)] = UInt8(truncatingIfNeeded: place)
      place = place &+ 1
    }
  }

  /// Finds candidates in the current block by a window's table.
  @inline(__always)
  private func findNoted(_ range: Range<Int>, _ memory: WindowMemory) -> Int {
    let documents = memory.candidates
    let (found, places) = (memory.found, memory.foundPlaces)
    let held = cursor.documents
    var count = 0
    for index in range {
      let document = documents[index]
      // What no document of the block noted may be anything.
      let place = memory.places[Int(document) & (Window.size &- 1)] & 127
      found[count] = UInt16(truncatingIfNeeded: index)
      places[count] = place
      let isHeld = held[Int(place)] == document ? 1 : 0
      count = count &+ isHeld & (Int(place) < cursor.count ? 1 : 0)
    }
    return count
  }

  /// Finds a few candidates in the current block one by one.
  @inline(__always)
  private func findFew(_ range: Range<Int>, _ memory: WindowMemory) -> Int {
    var count = 0
    var next = cursor.index(of: memory.candidates[range.lowerBound])
    for index in range {
      guard let place = cursor.place(of: memory.candidates[index], from: &next) else { continue }
      memory.found[count] = UInt16(truncatingIfNeeded: index)
      memory.foundPlaces[count] = UInt8(truncatingIfNeeded: place)
      count = count &+ 1
    }
    return count
  }

  /// Adds what the candidates found in a block score there.
  ///
  /// - Returns: The number of candidates kept so far, where those not found are dropped.
  @inline(__always)
  private mutating func add(
    _ count: Int, of block: Int, to start: Int, _ memory: WindowMemory, weight: Float,
    isRequired: Bool
  ) -> Int {
    let (documents, scores) = (memory.candidates, memory.candidateScores)
    if count >= Self.leastForAll { cursor.loadFrequencies(of: block) }
    var kept = start
    for number in 0..<count {
      let index = Int(memory.found[number])
      let document = documents[index]
      let frequency = cursor.frequency(at: Int(memory.foundPlaces[number]), of: block)
      let score = scores[index] &+ score(document: document, frequency: frequency, weight: weight)
      if isRequired {
        documents[kept] = document
        scores[kept] = score
        kept = kept &+ 1
      } else {
        scores[index] = score
      }
    }
    return kept
  }
}
