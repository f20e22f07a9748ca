// SPDX-License-Identifier: Apache-2.0

extension PostingsCursor {
  /// Decodes the positions of one document of the current block, without decoding the others'.
  ///
  /// The frequencies of the block have been loaded.
  ///
  /// - Parameters:
  ///   - index: The document's index in the block.
  ///   - positions: Receives them; grown as needed.
  /// - Returns: The number of positions; 0 where they are damaged.
  package mutating func positions(at index: Int, into positions: inout PositionBuffer) -> Int {
    let frequency = Int(frequencies[index])
    guard let start = positionStart(at: index) else { return 0 }
    positions.reserve(frequency)
    if let known = knownPosition(at: index, start: start) {
      positions.base[0] = UInt32(truncatingIfNeeded: known)
      return 1
    }
    let layout = PositionCode.layout(
      frequency: frequencies[index], lengthCode: lengths[Int(documents[index])],
      table: positionTable)
    if PositionCode.decode(
      frequency: frequency, layout: layout, base: positionBase, start: start,
      table: positionTable, to: positions.base)
    {
      return frequency
    }
    isCorrupt = true
    return 0
  }

  /// Calls a function with each position of one document of the current block.
  ///
  /// The frequencies of the block have been loaded.
  ///
  /// - Parameters:
  ///   - index: The document's index in the block.
  ///   - buffer: Memory for long codes.
  ///   - body: Receives each position, ascending, and says whether it wants the next; where the code
  ///     is damaged, it may receive any number.
  @inline(__always)
  package mutating func forEachPosition(
    at index: Int, _ buffer: inout PositionBuffer, _ body: (Int) -> Bool
  ) {
    guard let start = positionStart(at: index) else { return }
    if let known = knownPosition(at: index, start: start) {
      _ = body(known)
      return
    }
    let layout = PositionCode.layout(
      frequency: frequencies[index], lengthCode: lengths[Int(documents[index])],
      table: positionTable)
    let isWhole = PositionCode.forEachPosition(
      frequency: Int(frequencies[index]), layout: layout, base: positionBase, start: start,
      table: positionTable, body)
    if let isWhole {
      if !isWhole { isCorrupt = true }
      return
    }
    let count = positions(at: index, into: &buffer)
    for index in 0..<count where !body(Int(buffer.base[index])) { return }
  }

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

  /// The only position of a document of the current block, where that has an anchor.
  @inline(__always)
  private func knownPosition(at index: Int, start: Int) -> Int? {
    guard let positionAnchor, frequencies[index] == 1 else { return nil }
    return position(at: index, positionAnchor, start: start)
  }

  @inline(__always)
  private func position(at index: Int, _ anchor: PositionAnchor, start: Int) -> Int {
    let mask = (UInt64(1) &<< UInt64(anchor.width)) &- 1
    return anchor.position(at: index, code: PositionCode.load(positionBase, start) & mask)
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

  /// Notes that positions turned out to be damaged.
  package mutating func noteDamage() {
    isCorrupt = true
  }

  /// Finds the code of one document's positions in the current block; nothing of it or the others'
  /// is decoded.
  ///
  /// - Returns: The code's place in bits after ``positionBase``; `nil` where it would lie outside the
  ///   section.
  @inline(__always)
  private mutating func positionStart(at index: Int) -> Int? {
    // Documents may decode where frequencies do not.
    if index >= count { return nil }
    if positionBlock != block { beginPositions() }
    extendPositionStarts(to: index &+ 1)
    if positionStarts[index &+ 1] > positionBits {
      isCorrupt = true
      return nil
    }
    return positionStarts[index]
  }

  @inline(never)
  private mutating func beginPositions() {
    makePositionStarts()
    positionBlock = block
    positionCount = 0
    positionStarts[0] = 0
    let offset: Int
    if list.hasSkips {
      offset = list.positionsOffset(block)
    } else {
      offset = list.documentFrequency == 1 ? 0 : runSize
    }
    positionBase = list.record + min(offset, list.available)
    positionAnchor = nil
    if list.hasAnchors { readAnchor() }
    positionBits = max(0, list.available &- (positionBase - list.record)) &* 8
    var all: UInt32 = 0
    for index in 0..<count { all |= frequencies[index] }
    hasLargeFrequencies = all >= UInt32(PositionCode.tabulatedFrequencies)
  }

  /// Reads what the positions of the block begin with.
  private mutating func readAnchor() {
    let offset = positionBase - list.record
    switch PositionAnchor.read(positionBase, available: list.available &- offset) {
    case .absent: positionBase += 1
    case .present(let anchor):
      positionAnchor = anchor
      positionBase += anchor.size
    case .corrupt:
      isCorrupt = true
      positionBase = list.record + list.available
    }
  }

  /// Sums up the sizes of the codes of the documents before one.
  @inline(__always)
  private mutating func extendPositionStarts(to end: Int) {
    if positionCount < end { sumSizes(to: end) }
  }

  @inline(never)
  private mutating func sumSizes(to end: Int) {
    var next = positionCount
    var start = positionStarts[next]
    let (frequencies, documents, lengths) = (frequencies, documents, lengths)
    let (positionStarts, positionTable) = (positionStarts, positionTable)
    positionCount = end
    if let positionAnchor {
      while next < end {
        let layout = PositionCode.layout(
          frequency: frequencies[next], lengthCode: lengths[Int(documents[next])],
          table: positionTable)
        start = start &+ (frequencies[next] == 1 ? positionAnchor.width : layout.bits)
        next = next &+ 1
        positionStarts[next] = start
      }
      return
    }
    if !hasLargeFrequencies {
      while next < end {
        let place = Int(frequencies[next]) &* 256 &+ Int(lengths[Int(documents[next])])
        start = start &+ Int(positionTable[place] >> 6)
        next = next &+ 1
        positionStarts[next] = start
      }
      return
    }
    while next < end {
      start =
        start
        &+ PositionCode.layout(
          frequency: frequencies[next], lengthCode: lengths[Int(documents[next])],
          table: positionTable
        ).bits
      next = next &+ 1
      positionStarts[next] = start
    }
  }
}
