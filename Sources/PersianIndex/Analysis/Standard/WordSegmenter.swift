// SPDX-License-Identifier: Apache-2.0

/// Walks the word segments of a text by the default rules of Unicode Standard Annex #29.
///
/// Source: Unicode Standard Annex #29, Unicode Text Segmentation, version 16.0.0, section 4.1.
struct WordSegmenter {
  private let text: UnsafeBufferPointer<UInt8>
  private var offset = 0
  /// Where the last look-ahead through ignored scalars began and ended, so that a text of marks is
  /// not read again for each of them.
  private var skipped = (from: -1, to: -1)

  init(_ text: UnsafeBufferPointer<UInt8>, from offset: Int = 0) {
    self.text = text
    self.offset = offset
  }

  /// Returns the next segment's bytes and whether it holds a word, or `nil` at the end.
  mutating func next() -> (range: Range<Int>, isWord: Bool)? {
    guard offset < text.count else { return nil }
    let start = offset
    let (first, length) = properties(at: offset)
    offset += length
    var isWord = Self.makesWord(first)
    if first.class == .carriageReturn {
      if offset < text.count, text[offset] == 0x0A { offset += 1 }
      return (start..<offset, false)
    }
    if first.class == .lineFeed || first.class == .newline { return (start..<offset, false) }
    var previous = first.class  // last scalar that is not ignored
    var beforePrevious = WordBreakClass.other
    var last = first.class  // last scalar of all
    var indicators = previous == .regionalIndicator ? 1 : 0
    while offset < text.count {
      let (now, nowLength) = properties(at: offset)
      guard
        !breaks(
          now, length: nowLength, last: last, previous: previous, before: beforePrevious,
          indicators: indicators)
      else { break }
      if !now.class.isIgnored {
        beforePrevious = previous
        previous = now.class
        indicators = now.class == .regionalIndicator ? indicators + 1 : 0
        if Self.makesWord(now) { isWord = true }
      }
      last = now.class
      offset += nowLength
    }
    return (start..<offset, isWord)
  }

  private typealias Properties = (class: WordBreakClass, isPictographic: Bool)

  private static func makesWord(_ properties: Properties) -> Bool {
    switch properties.class {
    case .alphabeticLetter, .hebrewLetter, .katakana, .numeric, .otherLetter, .regionalIndicator:
      true
    default:
      properties.isPictographic
    }
  }

  private func properties(at offset: Int) -> (Properties, Int) {
    let (scalar, length) = UTF8Scalars.decode(text, at: offset)
    let properties = WordBreak.properties(of: scalar)
    // Of the pictographs, those in ASCII (digits, signs) and the marks © ® are text first.
    return ((properties.class, properties.isPictographic && scalar > 0xFF), length)
  }

  /// Whether there is a boundary before the scalar `now`, which stands at `offset`.
  private mutating func breaks(
    _ now: Properties, length: Int, last: WordBreakClass, previous: WordBreakClass,
    before: WordBreakClass, indicators: Int
  ) -> Bool {
    switch now.class {
    case .carriageReturn, .lineFeed, .newline: return true
    case .extend, .format, .zeroWidthJoiner: return false
    default: break
    }
    if last == .zeroWidthJoiner, now.isPictographic { return false }
    if last == .segmentSpace, now.class == .segmentSpace { return false }
    let here = now.class
    switch previous {
    case .alphabeticLetter, .hebrewLetter:
      if here.isLetter || here == .numeric || here == .extendNumberLetter { return false }
      if here == .midLetter || here == .midNumberLetter || here == .singleQuote {
        if following(offset + length).isLetter { return false }
        return !(previous == .hebrewLetter && here == .singleQuote)
      }
      if here == .doubleQuote, previous == .hebrewLetter {
        return following(offset + length) != .hebrewLetter
      }
      return true
    case .midLetter, .midNumberLetter, .singleQuote:
      if here.isLetter, before.isLetter { return false }
      return !(here == .numeric && before == .numeric && previous != .midLetter)
    case .doubleQuote:
      return !(here == .hebrewLetter && before == .hebrewLetter)
    case .midNumber:
      return !(here == .numeric && before == .numeric)
    case .numeric:
      if here == .numeric || here.isLetter || here == .extendNumberLetter { return false }
      if here == .midNumber || here == .midNumberLetter || here == .singleQuote {
        return following(offset + length) != .numeric
      }
      return true
    case .katakana:
      return !(here == .katakana || here == .extendNumberLetter)
    case .extendNumberLetter:
      return
        !(here.isLetter || here == .numeric || here == .katakana
        || here == .extendNumberLetter)
    case .regionalIndicator:
      return !(here == .regionalIndicator && indicators % 2 == 1)
    default:
      return true
    }
  }

  /// The class of the first scalar from an offset on that is not ignored.
  private mutating func following(_ start: Int) -> WordBreakClass {
    var index = start >= skipped.from && start < skipped.to ? skipped.to : start
    var result = WordBreakClass.other
    while index < text.count {
      let (now, length) = properties(at: index)
      guard now.class.isIgnored else {
        result = now.class
        break
      }
      index += length
    }
    skipped = (start, index)
    return result
  }
}
