// SPDX-License-Identifier: Apache-2.0

/// Codes one block of 128 documents and frequencies.
///
/// Four bytes, then the documents, then the frequencies less 1. Documents are either the gaps
/// between them less 1, packed with their exceptions, or a bit set. The gaps are packed in such an
/// order that lane *l* holds those of documents 32 *l* to 32 *l* + 31, so that all four lanes sum up
/// their gaps at once.
package enum PostingBlock {
  /// The greatest number of bytes that a block takes.
  package static let maximumSize = 4 + 2 * (16 * 32 + 2 * 128)

  /// Chooses the width that packs 128 values in the fewest bytes, exceptions included.
  ///
  /// Exceptions have at most 8 bits above the width.
  private static func chooseWidth(_ values: UnsafePointer<UInt32>) -> (width: Int, exceptions: Int)
  {
    var histogram = (0...32).map { _ in 0 }
    var widest = 0
    for index in 0..<128 {
      let width = UInt32.bitWidth - values[index].leadingZeroBitCount
      histogram[width] += 1
      widest = max(widest, width)
    }
    var best = (width: widest, exceptions: 0)
    var above = 0
    var width = widest
    while width > 0 && widest - width < 8 {
      above += histogram[width]
      width -= 1
      // Two bytes an exception, and about as much again for the time they cost.
      if 16 * width + 2 * above + above / 2 < 16 * best.width + 2 * best.exceptions
        + best.exceptions / 2
      {
        best = (width, above)
      }
    }
    return best
  }

  /// Packs 128 values in their order of memory and appends the exceptions.
  private static func appendPacked(
    _ values: UnsafePointer<UInt32>, width: Int, exceptions: Int, to output: inout RawBuffer
  ) {
    let place = output.reserve(16 * width + 2 * exceptions)
    BitPacking.pack(values, width: width, to: place)
    if exceptions > 0 {
      var next = 16 * width
      for index in 0..<128 where width < 32 && values[index] >> UInt32(width) != 0 {
        place.storeBytes(of: UInt8(index), toByteOffset: next, as: UInt8.self)
        place.storeBytes(
          of: UInt8(values[index] >> UInt32(width)), toByteOffset: next + exceptions,
          as: UInt8.self)
        next += 1
      }
    }
    output.advance(by: 16 * width + 2 * exceptions)
  }

  /// Appends a block.
  ///
  /// - Parameters:
  ///   - documents: 128 doc ids, ascending.
  ///   - frequencies: 128 frequencies, at least 1 each.
  ///   - base: One past the last document before the block.
  ///   - output: Receives the block.
  package static func encode(
    documents: UnsafePointer<UInt32>, frequencies: UnsafePointer<UInt32>, base: UInt32,
    to output: inout RawBuffer
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 128) { buffer in
      guard let values = buffer.baseAddress else { return }
      var previous = base
      for index in 0..<128 {
        values[(index & 31) * 4 + index >> 5] = documents[index] &- previous
        previous = documents[index] &+ 1
      }
      let choice = chooseWidth(values)
      let packedSize = 16 * choice.width + 2 * choice.exceptions
      let words = Int(documents[127] >> 6) - Int(base >> 6) + 1
      for index in 0..<128 { values[index] = frequencies[index] &- 1 }
      let frequencyChoice = chooseWidth(values)
      // A bit set decodes and intersects so much faster that 16 bytes more are worth it.
      let isBitSet = words <= 255 && words * 8 <= packedSize + 16
      output.append(isBitSet ? bitSetMark : UInt8(choice.width))
      output.append(isBitSet ? UInt8(words) : UInt8(choice.exceptions))
      output.append(UInt8(frequencyChoice.width))
      output.append(UInt8(frequencyChoice.exceptions))
      if isBitSet {
        let place = output.reserve(words * 8)
        place.initializeMemory(as: UInt8.self, repeating: 0, count: words * 8)
        for index in 0..<128 {
          let bit = Int(documents[index]) - Int(base >> 6) * 64
          let byte = place.load(fromByteOffset: bit >> 3, as: UInt8.self)
          place.storeBytes(
            of: byte | 1 << UInt8(bit & 7), toByteOffset: bit >> 3, as: UInt8.self)
        }
        output.advance(by: words * 8)
      } else {
        previous = base
        for index in 0..<128 {
          values[(index & 31) * 4 + index >> 5] = documents[index] &- previous
          previous = documents[index] &+ 1
        }
        appendPacked(values, width: choice.width, exceptions: choice.exceptions, to: &output)
        for index in 0..<128 { values[index] = frequencies[index] &- 1 }
      }
      appendPacked(
        values, width: frequencyChoice.width, exceptions: frequencyChoice.exceptions,
        to: &output)
    }
  }

  private static var bitSetMark: UInt8 { PostingsFormat.bitSetMark }

  /// Adds the high parts of exceptions to unpacked values.
  @inline(__always)
  private static func patch(
    _ values: UnsafeMutablePointer<UInt32>, from source: UnsafeRawPointer, count: Int, width: Int
  ) {
    for exception in 0..<count {
      let index = Int(source.load(fromByteOffset: exception, as: UInt8.self) & 127)
      let high = UInt32(source.load(fromByteOffset: count &+ exception, as: UInt8.self))
      values[index] |= high &<< UInt32(width & 31)
    }
  }

  /// What the first four bytes of a block say.
  package struct Header {
    /// The width of the gaps, or the number of words of a bit set.
    package let documentWidth: Int
    package let documentExceptions: Int
    package let isBitSet: Bool
    package let frequencyWidth: Int
    package let frequencyExceptions: Int

    /// Reads a header; widths that no writer writes are cut down to 32 bits.
    @inline(__always)
    package init(_ block: UnsafeRawPointer) {
      let word = UInt32(littleEndian: block.loadUnaligned(as: UInt32.self))
      let mark = UInt8(truncatingIfNeeded: word)
      isBitSet = mark == PostingsFormat.bitSetMark
      let second = Int(truncatingIfNeeded: word &>> 8 & 0xff)
      documentWidth = isBitSet ? second : min(Int(mark), 32)
      documentExceptions = isBitSet ? 0 : min(second, 128)
      frequencyWidth = min(Int(truncatingIfNeeded: word &>> 16 & 0xff), 32)
      frequencyExceptions = min(Int(truncatingIfNeeded: word &>> 24), 128)
    }

    /// The bytes from the block's start to its frequencies.
    @inline(__always)
    package var frequenciesOffset: Int {
      4 &+ (isBitSet ? documentWidth &* 8 : documentWidth &* 16 &+ documentExceptions &* 2)
    }

    /// The bytes of the block.
    @inline(__always)
    package var size: Int {
      frequenciesOffset &+ frequencyWidth &* 16 &+ frequencyExceptions &* 2
    }
  }

  /// Decodes the documents of a block.
  ///
  /// - Parameters:
  ///   - block: The block, all of whose bytes are inside the section.
  ///   - header: Its header.
  ///   - base: One past the last document before the block.
  ///   - last: The last document of the block.
  ///   - documents: Room for 32 rows, aligned to 16 bytes.
  /// - Returns: Whether the documents ascend and end at `last`; where not, the block is damaged,
  ///   and what was written must not be used.
  @inline(__always)
  package static func decodeDocuments(
    _ block: UnsafeRawPointer, header: Header, base: UInt32, last: UInt32,
    to documents: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    if header.isBitSet {
      return BitSetBlock.decode(
        block + 4, words: header.documentWidth, base: base & ~63, to: documents)
        && documents[127] == last && documents[0] >= base
    }
    return documents.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { rows in
      BitPacking.unpack(block + 4, width: header.documentWidth, to: rows)
      if header.documentExceptions > 0 {
        documents.withMemoryRebound(to: UInt32.self, capacity: 128) { values in
          patch(
            values, from: block + 4 + header.documentWidth &* 16,
            count: header.documentExceptions, width: header.documentWidth)
        }
      }
      return sumGaps(rows, base: base, last: last)
    }
  }

  /// Turns gaps in lane order into documents in ascending order.
  @inline(__always)
  private static func sumGaps(
    _ rows: UnsafeMutablePointer<SIMD4<UInt32>>, base: UInt32, last: UInt32
  ) -> Bool {
    var sum = SIMD4<UInt32>(repeating: 0)
    var seen = SIMD4<UInt32>(repeating: 0)
    let one = SIMD4<UInt32>(repeating: 1)
    for row in 0..<32 {
      let gaps = rows[row]
      seen |= gaps
      sum = sum &+ gaps
      rows[row] = sum
      sum = sum &+ one
    }
    let start = SIMD4(
      base, base &+ sum[0], base &+ sum[0] &+ sum[1], base &+ sum[0] &+ sum[1] &+ sum[2])
    // Gaps below 2^25 cannot overflow the sum of 128; a rare block of wider ones is summed with care.
    let widest = seen[0] | seen[1] | seen[2] | seen[3]
    if widest >> 24 != 0 && !isSumWhole(rows, start: start, base: base, last: last) {
      return false
    }
    withUnsafeTemporaryAllocation(
      byteCount: 512, alignment: 16
    ) { scratch in
      guard let copy = scratch.baseAddress?.assumingMemoryBound(to: SIMD4<UInt32>.self) else {
        return
      }
      for row in 0..<32 { copy[row] = rows[row] &+ start }
      for quarter in 0..<8 {
        let a = copy[quarter &* 4]
        let b = copy[quarter &* 4 &+ 1]
        let c = copy[quarter &* 4 &+ 2]
        let d = copy[quarter &* 4 &+ 3]
        rows[quarter] = SIMD4(a[0], b[0], c[0], d[0])
        rows[quarter &+ 8] = SIMD4(a[1], b[1], c[1], d[1])
        rows[quarter &+ 16] = SIMD4(a[2], b[2], c[2], d[2])
        rows[quarter &+ 24] = SIMD4(a[3], b[3], c[3], d[3])
      }
    }
    return rows[31][3] == last && rows[0][0] >= base
  }

  @inline(never)
  private static func isSumWhole(
    _ rows: UnsafeMutablePointer<SIMD4<UInt32>>, start: SIMD4<UInt32>, base: UInt32, last: UInt32
  ) -> Bool {
    var previous: Int64 = Int64(base) - 1
    for lane in 0..<4 {
      for row in 0..<32 {
        let document = Int64(rows[row][lane] &+ start[lane])
        if document <= previous { return false }
        previous = document
      }
    }
    return previous == Int64(last)
  }

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
    for exception in 0..<count
    where Int(exceptions.load(fromByteOffset: exception, as: UInt8.self)) == index {
      let high = exceptions.load(fromByteOffset: count &+ exception, as: UInt8.self)
      value |= UInt32(high) &<< UInt32(width & 31)
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
    let source = block + header.frequenciesOffset
    frequencies.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { rows in
      BitPacking.unpack(source, width: header.frequencyWidth, to: rows)
    }
    if header.frequencyExceptions > 0 {
      patch(
        frequencies, from: source + header.frequencyWidth &* 16,
        count: header.frequencyExceptions, width: header.frequencyWidth)
    }
    frequencies.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { rows in
      for row in 0..<32 { rows[row] = rows[row] &+ SIMD4(repeating: 1) }
    }
  }
}
