// SPDX-License-Identifier: Apache-2.0

/// A scalar's class for word boundaries (Unicode Standard Annex #29, property Word_Break).
enum WordBreakClass: UInt8 {
  case other
  case carriageReturn
  case lineFeed
  case newline
  case extend
  case zeroWidthJoiner
  case format
  case katakana
  case hebrewLetter
  case alphabeticLetter
  case midLetter
  case midNumber
  case midNumberLetter
  case numeric
  case extendNumberLetter
  case regionalIndicator
  case singleQuote
  case doubleQuote
  case segmentSpace
  case otherLetter

  var isLetter: Bool { self == .alphabeticLetter || self == .hebrewLetter }
  var isIgnored: Bool { self == .extend || self == .format || self == .zeroWidthJoiner }
}

/// Looks up word-boundary properties in the generated tables.
enum WordBreak {
  private static let latin: [UInt8] = (0..<0x800).map { search(UInt32($0)) }

  private static func search(_ scalar: UInt32) -> UInt8 {
    let ranges = WordBreakTables.ranges
    var low = 0
    var high = ranges.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if ranges[middle] >> 6 <= scalar { low = middle } else { high = middle }
    }
    return UInt8(truncatingIfNeeded: ranges[low] & 63)
  }

  /// Returns the class of a scalar, and whether it is pictographic.
  ///
  /// - Complexity: O(1) below U+0800, else O(log *n*) in the ranges of the table.
  static func properties(of scalar: UInt32) -> (class: WordBreakClass, isPictographic: Bool) {
    let bits = scalar < 0x800 ? latin[Int(scalar)] : search(scalar)
    return (WordBreakClass(rawValue: bits & 31) ?? .other, bits & 32 != 0)
  }

  /// Returns the simple lower-case mapping of a scalar, or the scalar itself.
  ///
  /// - Complexity: O(1) in ASCII, else O(log *n*) in the mappings.
  static func lowercase(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x80 { return scalar &- 0x41 < 26 ? scalar | 0x20 : scalar }
    let upper = WordBreakTables.upper
    var low = 0
    var high = upper.count
    while low < high {
      let middle = (low + high) / 2
      if upper[middle] < scalar { low = middle + 1 } else { high = middle }
    }
    return low < upper.count && upper[low] == scalar ? WordBreakTables.lower[low] : scalar
  }
}
