// SPDX-License-Identifier: Apache-2.0

/// Codes the positions of a term in one document, in a number of bits that follows from the
/// number of positions and the code of the field's length alone.
///
/// That is how the positions of any document of a block are reached: the bits of the documents
/// before it are summed up from their frequencies and lengths, and nothing of theirs is read. Blocks
/// with a ``PositionAnchor`` have codes of their own for single positions.
///
/// Of each position below *u*, the *l* low bits stand in a fixed place. The high parts of two to six
/// positions are a multiset, whose number among all of its size is looked up in a table. Those of
/// more are written in unary, as a bit set at place (high part + index): the code of Elias and Fano.
/// Layouts are chosen to need the fewest bits in all; where that is all bits of *u* − 1, there is
/// no high part.
package enum PositionCode {
  /// What codes are made and read with, in one piece of memory: ``layouts``, ``MultisetCode/ranks``,
  /// ``MultisetCode/multisets`` and ``PositionRow/entries``.
  package static let table: [UInt16] =
    layouts + MultisetCode.ranks + MultisetCode.multisets + PositionRow.entries

  /// The layouts of all frequencies below ``tabulatedFrequencies``, by frequency · 256 + length code:
  /// the bits in all · 64 + *l*, and 32 more where the high parts are a multiset.
  private static let layouts: [UInt16] = {
    var layouts = [UInt16](repeating: 0, count: MultisetCode.ranksStart)
    for frequency in 1..<tabulatedFrequencies {
      for code in 0..<256 {
        let universe = FieldLengthCode.universe(UInt8(code))
        let layout = computeLayout(frequency: UInt32(frequency), universe: universe)
        layouts[frequency * 256 + code] = UInt16(layout.bits * 64 + layout.low)
      }
    }
    return layouts
  }()

  /// The number of frequencies in ``table``, 0 included.
  package static var tabulatedFrequencies: Int { 32 }
  /// What is added to the number of low bits where the high parts are a multiset.
  static var multisetMark: Int { 32 }

  static func computeLayout(frequency: UInt32, universe: UInt32) -> (bits: Int, low: Int) {
    let largest = max(universe, 1) - 1
    let width = UInt32.bitWidth - largest.leadingZeroBitCount
    var best = (bits: Int(frequency) * width, low: width)
    for low in stride(from: width - 1, through: 0, by: -1) {
      guard
        let size = MultisetCode.width(
          count: Int(frequency), highs: Int(largest >> UInt32(low)) + 1)
      else { break }
      let bits = Int(frequency) * low + size
      if bits < best.bits { best = (bits, low + multisetMark) }
    }
    for low in 0..<width {
      let bits = Int(frequency) * (low + 1) + Int(largest >> UInt32(low))
      if bits < best.bits { best = (bits, low) }
    }
    return best
  }

  /// Returns the layout for a frequency of at least 1 and a code of the field's length.
  @inline(__always)
  package static func layout(
    frequency: UInt32, lengthCode: UInt8, table: UnsafePointer<UInt16>
  ) -> (bits: Int, low: Int) {
    if frequency < UInt32(tabulatedFrequencies) {
      let entry = table[Int(frequency) &* 256 &+ Int(lengthCode)]
      return (Int(entry >> 6), Int(entry & 63))
    }
    return largeLayout(frequency: frequency, lengthCode: lengthCode)
  }

  /// The layout for a frequency of ``tabulatedFrequencies`` and more.
  ///
  /// One low bit more costs each position a bit and saves half of the zeros, so the least number of
  /// low bits that leaves no more than two zeros for each position is the best.
  @inline(never)
  private static func largeLayout(frequency: UInt32, lengthCode: UInt8) -> (bits: Int, low: Int) {
    let largest = max(FieldLengthCode.universe(lengthCode), 1) &- 1
    let width = UInt32.bitWidth &- largest.leadingZeroBitCount
    let count = Int(frequency)
    var low = max(0, width &- (Int.bitWidth &- (2 &* count).leadingZeroBitCount))
    low = low &+ (Int(largest &>> UInt32(low)) > 2 &* count ? 1 : 0)
    let bits = count &* (low &+ 1) &+ Int(largest &>> UInt32(low))
    return bits < count &* width ? (bits, low) : (count &* width, width)
  }

  /// Appends the code of one document's positions.
  ///
  /// - Parameters:
  ///   - positions: Ascending, each below the universe of the length code; at least one.
  ///   - lengthCode: The code of the field's length in the document.
  ///   - table: ``table``.
  ///   - output: Receives exactly the bits of the layout.
  package static func encode(
    _ positions: UnsafeBufferPointer<UInt32>, lengthCode: UInt8, table: UnsafePointer<UInt16>,
    to output: inout RawBuffer
  ) {
    guard let start = positions.baseAddress else { return }
    let layout = layout(
      frequency: UInt32(positions.count), lengthCode: lengthCode, table: table)
    var tail = output.tail(reserving: layout.bits)
    encode(start, count: positions.count, layout: layout, table: table, to: &tail)
    output.end(tail)
  }

  /// Appends the code of one document's positions, for which there is room.
  ///
  /// - Parameters:
  ///   - positions: Ascending, each below the universe of the length code.
  ///   - count: The number of positions, at least 1.
  ///   - layout: The layout for that frequency and the document's length code.
  ///   - table: ``table``.
  ///   - tail: Receives exactly the bits of the layout.
  @inline(__always)
  static func encode(
    _ positions: UnsafePointer<UInt32>, count: Int, layout: (bits: Int, low: Int),
    table: UnsafePointer<UInt16>, to tail: inout BitTail
  ) {
    let low = layout.low & (multisetMark &- 1)
    if low == layout.bits {
      tail.append(UInt64(positions[0]), count: low)
      return
    }
    let mask = (UInt64(1) &<< UInt64(low)) &- 1
    var rank: UInt64 = 0
    var index = 0
    if layout.low >= multisetMark {
      while index < count {
        let position = positions[index]
        tail.append(UInt64(position) & mask, count: low)
        rank &+= MultisetCode.rank(position &>> UInt32(low), at: index, table: table)
        index &+= 1
      }
      tail.append(rank, count: layout.bits &- count &* low)
      return
    }
    while index < count {
      tail.append(UInt64(positions[index]) & mask, count: low)
      index &+= 1
    }
    let highBits = layout.bits &- count &* low
    if highBits > 0 {
      appendUnary(
        UnsafeBufferPointer(start: positions, count: count), low: low, highBits: highBits,
        to: &tail)
    }
  }

  private static func appendUnary(
    _ positions: UnsafeBufferPointer<UInt32>, low: Int, highBits: Int, to tail: inout BitTail
  ) {
    var highBits = highBits
    var place = 0
    for (index, position) in positions.enumerated() {
      var zeros = Int(position >> UInt32(low)) + index - place
      place += zeros + 1
      highBits -= zeros + 1
      while zeros >= 32 {
        tail.append(0, count: 32)
        zeros -= 32
      }
      tail.append(1 << UInt64(zeros), count: zeros + 1)
    }
    while highBits > 0 {
      tail.append(0, count: min(highBits, 32))
      highBits -= min(highBits, 32)
    }
  }

  /// Decodes one document's positions.
  ///
  /// - Parameters:
  ///   - frequency: The number of positions, at least 1.
  ///   - layout: The layout for that frequency and the document's length code.
  ///   - base: The start of the term's positions.
  ///   - start: The number of bits from there to the document's code. The caller has checked that
  ///     the whole code is inside the section.
  ///   - table: ``table``.
  ///   - positions: Room for `frequency` positions.
  /// - Returns: Whether the code was whole; a damaged one leaves some positions out.
  @inline(__always)
  package static func decode(
    frequency: Int, layout: (bits: Int, low: Int), base: UnsafeRawPointer, start: Int,
    table: UnsafePointer<UInt16>, to positions: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    if layout.low >= multisetMark {
      decodeMultiset(
        frequency: frequency, layout: layout, base: base, start: start, table: table,
        to: positions)
      return true
    }
    let mask = (UInt64(1) &<< UInt64(layout.low)) &- 1
    let highStart = start &+ frequency &* layout.low
    let end = start &+ layout.bits
    if highStart == end {
      var bit = start
      for index in 0..<frequency {
        let word = UInt64(littleEndian: (base + bit >> 3).loadUnaligned(as: UInt64.self))
        positions[index] = UInt32(truncatingIfNeeded: (word &>> UInt64(bit & 7)) & mask)
        bit = bit &+ layout.low
      }
      return true
    }
    var index = 0
    var lowBit = start
    var bit = highStart
    var place = 0
    while index < frequency {
      if bit >= end { return false }
      var word =
        UInt64(littleEndian: (base + bit >> 3).loadUnaligned(as: UInt64.self)) &>> UInt64(bit & 7)
      let taken = min(56, end &- bit)
      word &= (UInt64(1) &<< UInt64(taken)) &- 1
      while word != 0 && index < frequency {
        let zeros = word.trailingZeroBitCount
        let lowWord = UInt64(littleEndian: (base + lowBit >> 3).loadUnaligned(as: UInt64.self))
        let low = (lowWord &>> UInt64(lowBit & 7)) & mask
        let high = UInt64(truncatingIfNeeded: place &+ zeros &- index)
        positions[index] = UInt32(truncatingIfNeeded: (high &<< UInt64(layout.low)) | low)
        index = index &+ 1
        lowBit = lowBit &+ layout.low
        word &= word &- 1
      }
      bit = bit &+ taken
      place = place &+ taken
    }
    return true
  }

  private static func decodeMultiset(
    frequency: Int, layout: (bits: Int, low: Int), base: UnsafeRawPointer, start: Int,
    table: UnsafePointer<UInt16>, to positions: UnsafeMutablePointer<UInt32>
  ) {
    let low = layout.low &- multisetMark
    let mask = (UInt64(1) &<< UInt64(low)) &- 1
    var bit = start
    let highStart = start &+ frequency &* low
    let highMask = (UInt64(1) &<< UInt64(start &+ layout.bits &- highStart)) &- 1
    var highs = MultisetCode.multiset(
      load(base, highStart) & highMask, count: frequency, table: table)
    for index in 0..<frequency {
      let high = UInt64(highs & MultisetCode.highMask)
      positions[index] = UInt32(
        truncatingIfNeeded: high &<< UInt64(low) | (load(base, bit) & mask))
      highs = highs &>> MultisetCode.highWidth
      bit = bit &+ low
    }
  }

  /// Calls a function with each position of one document, if its code is short.
  ///
  /// - Parameters:
  ///   - frequency: The number of positions, at least 1.
  ///   - layout: The layout for that frequency and the document's length code.
  ///   - base: The start of the term's positions.
  ///   - start: The number of bits from there to the document's code. The caller has checked that
  ///     the whole code is inside the section.
  ///   - table: ``table``.
  ///   - body: Receives each position, ascending; of a damaged code, wrong ones of less than 2^57.
  ///     It says whether it wants the next.
  /// - Returns: Whether the code was whole; `nil` for one of more than 56 low or high bits, with
  ///   which nothing is done.
  @inline(__always)
  package static func forEachPosition(
    frequency: Int, layout: (bits: Int, low: Int), base: UnsafeRawPointer, start: Int,
    table: UnsafePointer<UInt16>, _ body: (Int) -> Bool
  ) -> Bool? {
    let low = layout.low & (multisetMark &- 1)
    let mask = (UInt64(1) &<< UInt64(low)) &- 1
    let lowBits = frequency &* low
    let highBits = layout.bits &- lowBits
    if lowBits > 56 || highBits > 56 { return nil }
    var lows = load(base, start)
    if highBits == 0 {
      for _ in 0..<frequency {
        if !body(Int(truncatingIfNeeded: lows & mask)) { return true }
        lows = lows &>> UInt64(low)
      }
      return true
    }
    var highs = load(base, start &+ lowBits)
    if layout.low >= multisetMark {
      var multiset = MultisetCode.multiset(
        highs & ((1 &<< UInt64(highBits)) &- 1), count: frequency, table: table)
      for _ in 0..<frequency {
        let high = Int(multiset & MultisetCode.highMask)
        if !body((high &<< low) | Int(truncatingIfNeeded: lows & mask)) { return true }
        lows = lows &>> UInt64(low)
        multiset = multiset &>> MultisetCode.highWidth
      }
      return true
    }
    var index = 0
    while index < frequency && highs != 0 {
      let high = highs.trailingZeroBitCount &- index
      if !body((high &<< low) | Int(truncatingIfNeeded: lows & mask)) { return true }
      lows = lows &>> UInt64(low)
      highs &= highs &- 1
      index = index &+ 1
    }
    return index == frequency
  }

  /// The bits from a place on, at least 57 of them.
  @inline(__always)
  static func load(_ base: UnsafeRawPointer, _ bit: Int) -> UInt64 {
    UInt64(littleEndian: (base + bit >> 3).loadUnaligned(as: UInt64.self))
      &>> UInt64(bit & 7)
  }
}
