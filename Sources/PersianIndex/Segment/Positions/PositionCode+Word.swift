// SPDX-License-Identifier: Apache-2.0

extension PositionCode {
  /// The bits of a code.
  ///
  /// - Parameters:
  ///   - frequency: The number of positions, below ``tabulatedFrequencies``.
  ///   - lengthCode: The code of the field's length.
  ///   - table: ``table``.
  /// - Returns: The bits.
  @inline(__always)
  package static func tabulatedBits(
    frequency: UInt32, lengthCode: UInt8, table: UnsafePointer<UInt16>
  ) -> Int {
    Int(table[Int(frequency &<< 8 | UInt32(lengthCode))] >> 6)
  }

  /// The most bits of a code that ``decodeWord(_:frequency:layout:table:to:)`` takes: what is left of
  /// 64 where the code begins within a byte.
  package static var wordBits: Int { 57 }

  /// Decodes the positions of one document whose whole code has been read.
  ///
  /// - Parameters:
  ///   - word: The code, lowest bit first; what follows it is ignored.
  ///   - frequency: The number of positions, at least 1.
  ///   - layout: The layout for that frequency and the document's length code, of at most
  ///     ``wordBits`` bits.
  ///   - table: ``table``.
  ///   - positions: Room for `frequency` positions.
  /// - Returns: Whether the code was whole; a damaged one leaves some positions out.
  @inline(__always)
  package static func decodeWord(
    _ word: UInt64, frequency: Int, layout: (bits: Int, low: Int), table: UnsafePointer<UInt16>,
    to positions: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let low = layout.low & (multisetMark &- 1)
    let mask = (UInt64(1) &<< UInt64(low)) &- 1
    let lowBits = frequency &* low
    let highBits = layout.bits &- lowBits
    var lows = word
    var highs = (word &>> UInt64(lowBits)) & ((UInt64(1) &<< UInt64(highBits)) &- 1)
    if highBits == 0 {
      for index in 0..<frequency {
        positions[index] = UInt32(truncatingIfNeeded: lows & mask)
        lows = lows &>> UInt64(low)
      }
      return true
    }
    if layout.low >= multisetMark {
      var multiset = MultisetCode.multiset(highs, count: frequency, table: table)
      for index in 0..<frequency {
        let high = UInt64(multiset & MultisetCode.highMask)
        positions[index] = UInt32(truncatingIfNeeded: high &<< UInt64(low) | (lows & mask))
        lows = lows &>> UInt64(low)
        multiset = multiset &>> MultisetCode.highWidth
      }
      return true
    }
    for index in 0..<frequency {
      if highs == 0 { return false }
      let high = UInt64(truncatingIfNeeded: highs.trailingZeroBitCount &- index)
      positions[index] = UInt32(truncatingIfNeeded: high &<< UInt64(low) | (lows & mask))
      lows = lows &>> UInt64(low)
      highs &= highs &- 1
    }
    return true
  }
}
