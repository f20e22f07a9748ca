// SPDX-License-Identifier: Apache-2.0

/// Where ``PositionCodes`` find the positions of several documents.
extension PostingsCursor {
  /// Notes where the positions of a document of the current block are.
  ///
  /// The frequencies of the block have been loaded.
  ///
  /// - Parameters:
  ///   - index: The document's index in the block.
  ///   - id: What the document is known by.
  ///   - codes: Receives the place.
  /// - Returns: Whether it is inside the section.
  @inline(__always)
  package mutating func notePositions(at index: Int, id: Int, in codes: PositionCodes) -> Bool {
    guard let start = positionStart(at: index) else { return false }
    if let known = knownPosition(at: index, start: start) {
      codes.starts[id] = PositionCodes.start(ofKnown: known)
    } else {
      codes.starts[id] = (positionBase - list.record) &* 8 &+ start
    }
    return true
  }

  /// Notes where the positions of those documents of the current block are whose bits are set.
  ///
  /// The frequencies of the block have been loaded.
  ///
  /// - Parameters:
  ///   - range: The indexes of documents in the block.
  ///   - bits: A bit for each of the documents that are looked at, and more.
  ///   - start: The document of the first bit.
  ///   - ids: What the documents with bits are known by; one more is read than there are bits.
  ///   - codes: Receives the places.
  /// - Returns: The number of documents with bits; 0 where the positions are not inside the section.
  @inline(__always)
  package mutating func notePositions(
    _ range: Range<Int>, in bits: UnsafePointer<UInt64>, start: UInt32,
    ids: UnsafePointer<UInt16>, codes: PositionCodes
  ) -> Int {
    if positionBlock != block { beginPositions() }
    extendPositionStarts(to: range.upperBound)
    if positionStarts[range.upperBound] > positionBits {
      isCorrupt = true
      return 0
    }
    let blockStart = (positionBase - list.record) &* 8
    let (frequencies, documents, positionStarts) = (frequencies, documents, positionStarts)
    let (starts, noted) = (codes.starts, codes.frequencies)
    var count = 0
    for index in range {
      let bit = Int(documents[index] &- start)
      let id = Int(ids[count])
      starts[id] = blockStart &+ positionStarts[index]
      noted[id] = frequencies[index]
      count = count &+ Int(truncatingIfNeeded: (bits[bit >> 6] &>> UInt64(bit & 63)) & 1)
    }
    if let positionAnchor {
      noteSingles(range, positionAnchor, in: bits, start: start, ids: ids, codes: codes)
    }
    return count
  }

  /// Notes where the positions of some documents of the current block are, which follow one another
  /// there.
  ///
  /// The frequencies of the block have been loaded.
  ///
  /// - Parameters:
  ///   - indexes: The indexes of the documents in the block.
  ///   - range: What they are in, at most ``PositionCodes/capacity``.
  ///   - ids: Receives what they are known by, counted from the first of the range; of a damaged block,
  ///     which has others, the number of documents in the range.
  ///   - codes: Receives the places and frequencies.
  /// - Returns: Whether the positions are inside the section.
  package mutating func notePositions(
    _ indexes: Range<Int>, of range: Range<UInt32>, to ids: UnsafeMutablePointer<UInt16>,
    _ codes: PositionCodes
  ) -> Bool {
    if positionBlock != block { beginPositions() }
    extendPositionStarts(to: indexes.upperBound)
    if positionStarts[indexes.upperBound] > positionBits {
      isCorrupt = true
      return false
    }
    let blockStart = (positionBase - list.record) &* 8
    let (frequencies, documents, positionStarts) = (frequencies, documents, positionStarts)
    let (starts, noted) = (codes.starts, codes.frequencies)
    let count = UInt32(range.count)
    for index in indexes {
      let id = Int(min(documents[index] &- range.lowerBound, count))
      ids[index &- indexes.lowerBound] = UInt16(truncatingIfNeeded: id)
      starts[id] = blockStart &+ positionStarts[index]
      noted[id] = frequencies[index]
      if let positionAnchor, frequencies[index] == 1 {
        starts[id] = PositionCodes.start(
          ofKnown: position(at: index, positionAnchor, start: positionStarts[index]))
      }
    }
    return true
  }

  /// Notes the single positions of those documents of the current block whose bits are set, where it
  /// has an anchor.
  @inline(never)
  private func noteSingles(
    _ range: Range<Int>, _ anchor: PositionAnchor, in bits: UnsafePointer<UInt64>, start: UInt32,
    ids: UnsafePointer<UInt16>, codes: PositionCodes
  ) {
    var count = 0
    for index in range {
      let bit = Int(documents[index] &- start)
      if (bits[bit >> 6] &>> UInt64(bit & 63)) & 1 == 0 { continue }
      if frequencies[index] == 1 {
        codes.starts[Int(ids[count])] = PositionCodes.start(
          ofKnown: position(at: index, anchor, start: positionStarts[index]))
      }
      count = count &+ 1
    }
  }

  /// Notes how often those documents of the current block have the term whose bits are set, and at
  /// which index they are.
  ///
  /// - Parameters: As for ``notePositions(_:in:start:ids:codes:)``.
  /// - Returns: The number of documents with bits.
  @inline(__always)
  package func noteFrequencies(
    _ range: Range<Int>, in bits: UnsafePointer<UInt64>, start: UInt32,
    ids: UnsafePointer<UInt16>, codes: PositionCodes
  ) -> Int {
    let (documents, frequencies) = (documents, frequencies)
    var count = 0
    for index in range {
      let bit = Int(documents[index] &- start)
      let id = Int(ids[count])
      codes.frequencies[id] = frequencies[index]
      codes.places[id] = UInt8(truncatingIfNeeded: index)
      count = count &+ Int(truncatingIfNeeded: (bits[bit >> 6] &>> UInt64(bit & 63)) & 1)
    }
    return count
  }
}
