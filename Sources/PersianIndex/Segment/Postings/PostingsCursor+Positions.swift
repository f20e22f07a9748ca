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

  /// The only position of a document of the current block, where that has an anchor.
  @inline(__always)
  func knownPosition(at index: Int, start: Int) -> Int? {
    guard let positionAnchor, frequencies[index] == 1 else { return nil }
    return position(at: index, positionAnchor, start: start)
  }

  @inline(__always)
  func position(at index: Int, _ anchor: PositionAnchor, start: Int) -> Int {
    let mask = (UInt64(1) &<< UInt64(anchor.width)) &- 1
    return anchor.position(at: index, code: PositionCode.load(positionBase, start) & mask)
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
  mutating func positionStart(at index: Int) -> Int? {
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
  mutating func beginPositions() {
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
  mutating func extendPositionStarts(to end: Int) {
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
