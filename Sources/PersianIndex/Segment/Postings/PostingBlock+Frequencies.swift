// SPDX-License-Identifier: Apache-2.0

extension PostingBlock {
  /// Reads one frequency of a block.
  ///
  /// - Parameters:
  ///   - index: The posting's index, 0 to 127.
  ///   - block: The block, all of whose bytes are inside the section.
  ///   - header: Its header.
  /// - Returns: The frequency.
  @inline(__always)
  package static func frequency(at index: Int, _ block: UnsafeRawPointer, header: Header) -> UInt32
  {
    let width = header.frequencyWidth
    let source = block + header.frequenciesOffset
    var value: UInt32 = 0
    if width > 0 {
      let bit = (index >> 2) &* width
      let word = (bit >> 5) &* 16 &+ (index & 3) &* 4
      let low = UInt32(littleEndian: source.loadUnaligned(fromByteOffset: word, as: UInt32.self))
      // The padding of the section lets the word after the last be read.
      let high = UInt32(
        littleEndian: source.loadUnaligned(fromByteOffset: word &+ 16, as: UInt32.self))
      let both = UInt64(low) | UInt64(high) &<< 32
      value = UInt32(
        truncatingIfNeeded: (both &>> UInt64(bit & 31)) & ((1 &<< UInt64(width)) &- 1))
    }
    let exceptions = source + width &* 16
    let count = header.frequencyExceptions
    var next = count
    for exception in 0..<count {
      let place = Int(exceptions.load(fromByteOffset: exception, as: UInt8.self))
      if place & 127 == index {
        let large = exceptions.load(fromByteOffset: next, as: UInt8.self)
        value |= (place > 127 ? UInt32(large) : 1) &<< UInt32(width & 31)
      }
      next = next &+ place >> 7
    }
    return value &+ 1
  }

  /// Decodes the frequencies of a block.
  ///
  /// - Parameters:
  ///   - block: The block, all of whose bytes are inside the section.
  ///   - header: Its header.
  ///   - frequencies: Room for 32 rows, aligned to 16 bytes.
  @inline(__always)
  package static func decodeFrequencies(
    _ block: UnsafeRawPointer, header: Header, to frequencies: UnsafeMutablePointer<UInt32>
  ) {
    PatchedPacking.unpack(
      block + header.frequenciesOffset, width: header.frequencyWidth,
      exceptions: header.frequencyExceptions, addsOne: true, to: frequencies)
  }
}
