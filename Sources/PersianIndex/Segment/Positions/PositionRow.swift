// SPDX-License-Identifier: Apache-2.0

/// Which codes of positions are read by the same instructions.
///
/// Row *f* is that of *f* positions whose low bits and whose high bits are 56 at most: up to
/// ``MultisetCode/largestCount`` without unary numbers, above it with them. Row 0 is that of all others.
enum PositionRow {
  /// The number of rows.
  static var count: Int { 16 }
  /// The bits of a row in an entry.
  private static var rowWidth: Int { 4 }
  /// The bits of *l* in an entry.
  private static var lowWidth: Int { 5 }

  /// For each frequency up to ``count``, which stands for all above, and each code of a field's
  /// length: the row, the number of low bits of a position and that of the high bits of all.
  static let entries: [UInt16] = {
    var entries = [UInt16](repeating: 0, count: (count + 1) * 256)
    for frequency in 1..<count {
      for code in 0..<256 {
        let layout = PositionCode.computeLayout(
          frequency: UInt32(frequency), universe: FieldLengthCode.universe(UInt8(code)))
        let low = layout.low & (PositionCode.multisetMark - 1)
        let highs = layout.bits - frequency * low
        let isUnary = layout.low < PositionCode.multisetMark && highs > 0
        guard frequency * low <= 56, highs <= 56,
          isUnary == (frequency > MultisetCode.largestCount)
        else { continue }
        entries[frequency * 256 + code] = UInt16(
          frequency | low << rowWidth | highs << (rowWidth + lowWidth))
      }
    }
    return entries
  }()

  /// Where ``entries`` begin in ``PositionCode/table``.
  private static let start = PositionCode.table.count - entries.count

  /// The entries in a copy of ``PositionCode/table``.
  static func entries(in table: UnsafePointer<UInt16>) -> UnsafePointer<UInt16> {
    table + start
  }

  /// The entry of a frequency and a code of the field's length.
  @inline(__always)
  static func entry(
    frequency: UInt32, lengthCode: UInt8, entries: UnsafePointer<UInt16>
  ) -> UInt16 {
    entries[Int(min(frequency, UInt32(count))) &* 256 &+ Int(lengthCode)]
  }

  @inline(__always)
  static func row(_ entry: UInt16) -> Int { Int(entry & 15) }

  @inline(__always)
  static func low(_ entry: UInt16) -> Int { Int((entry >> 4) & 31) }

  @inline(__always)
  static func highs(_ entry: UInt16) -> Int { Int(entry >> 9) }
}
