// SPDX-License-Identifier: Apache-2.0

/// Where the documents of a block that have a term once have it, if most have it near the same place.
///
/// Words of headings, bylines and set phrases stand at much the same position in one document after
/// another. Such a block has an *anchor*, and the code of a single position is its distance from it, in
/// a few bits, the same number for all. What lies farther away is an exception, whose higher bits
/// stand apart (as in Zukowski et al., "Super-scalar RAM-CPU cache compression", 2006). Codes of
/// several positions are as in other blocks.
///
/// docs/FORMAT.md has it byte by byte.
package struct PositionAnchor {
  /// The bits of a code of a single position.
  package let width: Int
  /// The bytes before the block's codes.
  package let size: Int
  private let anchor: Int
  // A bit for each document whose position is an exception, by its index in the block.
  private let exceptions: (UInt64, UInt64)
  private let highs: UnsafeRawPointer
  private let isWide: Bool

  /// The first byte of a block without an anchor.
  package static var none: UInt8 { 15 }
  static var widthMask: UInt8 { 15 }
  /// Whether the higher bits of exceptions take two bytes each, and not one.
  static var wideMark: UInt8 { 16 }
  /// Whether the anchor is 256 more than its byte says.
  static var farMark: UInt8 { 32 }
  /// Whether exceptions are told by a bit set, and not by their indexes.
  static var bitSetMark: UInt8 { 64 }
  /// Whether there are exceptions.
  static var exceptionsMark: UInt8 { 128 }
  static var bitSetSize: Int { 16 }

  /// What the first bytes of a block's positions say.
  package enum Reading {
    /// Single positions are coded as all others are; codes begin one byte from here on.
    case absent
    /// What single positions are coded by.
    case present(PositionAnchor)
    /// The bytes contradict themselves or do not end inside the section.
    case corrupt
  }

  /// Reads what a block of an anchored list begins with.
  ///
  /// - Parameters:
  ///   - source: The block's positions.
  ///   - available: The bytes that may be read.
  /// - Returns: What they say.
  package static func read(_ source: UnsafeRawPointer, available: Int) -> Reading {
    guard available >= 1 else { return .corrupt }
    let form = source.load(as: UInt8.self)
    if form & widthMask == none { return form == none ? .absent : .corrupt }
    // All that a block without an anchor may have, where the codes of its documents take no bits.
    guard available >= 2,
      let anchor = PositionAnchor(source, form: form, available: available)
    else { return .corrupt }
    return .present(anchor)
  }

  private init?(_ source: UnsafeRawPointer, form: UInt8, available: Int) {
    width = Int(form & Self.widthMask)
    anchor =
      Int(source.load(fromByteOffset: 1, as: UInt8.self)) | (form & Self.farMark != 0 ? 256 : 0)
    isWide = form & Self.wideMark != 0
    guard form & Self.exceptionsMark != 0 else {
      if form & (Self.bitSetMark | Self.wideMark) != 0 { return nil }
      exceptions = (0, 0)
      highs = source
      size = 2
      return
    }
    var bits: (UInt64, UInt64) = (0, 0)
    var next = 2
    if form & Self.bitSetMark != 0 {
      guard available >= next + Self.bitSetSize else { return nil }
      bits.0 = UInt64(
        littleEndian: source.loadUnaligned(fromByteOffset: next, as: UInt64.self))
      bits.1 = UInt64(
        littleEndian: source.loadUnaligned(fromByteOffset: next + 8, as: UInt64.self))
      next += Self.bitSetSize
    } else {
      guard available >= 3 else { return nil }
      let count = Int(source.load(fromByteOffset: 2, as: UInt8.self))
      next += 1 + count
      guard available >= next else { return nil }
      var before = -1
      for place in 3..<next {
        let index = Int(source.load(fromByteOffset: place, as: UInt8.self))
        guard index > before, index < PostingsFormat.blockSize else { return nil }
        before = index
        if index < 64 { bits.0 |= 1 << UInt64(index) } else { bits.1 |= 1 << UInt64(index - 64) }
      }
    }
    let count = bits.0.nonzeroBitCount + bits.1.nonzeroBitCount
    exceptions = bits
    highs = source + next
    size = next + (isWide ? 2 : 1) * count
    guard count > 0, available >= size else { return nil }
  }

  /// The only position of a document.
  ///
  /// - Parameters:
  ///   - index: The document's index in the block.
  ///   - code: Its code.
  /// - Returns: The position; of damaged bytes, any number below 2^30.
  @inline(__always)
  package func position(at index: Int, code: UInt64) -> Int {
    let low = Int(truncatingIfNeeded: code)
    let bits = index < 64 ? exceptions.0 : exceptions.1
    let bit = UInt64(truncatingIfNeeded: index & 63)
    if (bits &>> bit) & 1 == 0 { return anchor &+ low }
    let before = bits & ((1 &<< bit) &- 1)
    let rank = before.nonzeroBitCount &+ (index < 64 ? 0 : exceptions.0.nonzeroBitCount)
    let high =
      isWide
      ? Int(UInt16(littleEndian: highs.loadUnaligned(fromByteOffset: 2 &* rank, as: UInt16.self)))
      : Int(highs.load(fromByteOffset: rank, as: UInt8.self))
    // What lies before the anchor is as far below the modulus.
    let mask = 1 &<< (width &+ (isWide ? 16 : 8)) &- 1
    return (anchor &+ low &+ high &<< width) & mask
  }
}
