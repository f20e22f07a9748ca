// SPDX-License-Identifier: Apache-2.0

/// Codes one block of 128 documents and frequencies.
///
/// Four bytes, then the documents, then the frequencies less 1. Documents are either the gaps
/// between them less 1, packed with their exceptions, or a bit set. The gaps are packed in such an
/// order that lane *l* holds those of documents 32 *l* to 32 *l* + 31, so that all four lanes sum up
/// their gaps at once.
package enum PostingBlock {
  /// The most exceptions that a block has of its gaps or its frequencies.
  private static let mostExceptions = 31

  /// How 128 values are packed: exceptions have bits above the width, and `large` of them have more
  /// above it than the number 1.
  private struct Packing {
    var width: Int
    var exceptions = 0
    var large = 0

    var size: Int { 16 * width + exceptions + large }
    /// The bytes, and about as much for the time that exceptions take.
    var cost: Int { size + exceptions / 2 }
  }

  /// Chooses the packing of the fewest bytes.
  private static func choosePacking(_ values: UnsafePointer<UInt32>) -> Packing {
    var bits = SIMD4<UInt32>(repeating: 0)
    for row in 0..<32 { bits |= load(values, row) }
    let all = bits[0] | bits[1] | bits[2] | bits[3]
    let widest = UInt32.bitWidth - all.leadingZeroBitCount
    var best = Packing(width: widest)
    var packing = best
    // The high part of an exception has 8 bits at most.
    while packing.width > 0 && widest - packing.width < 8 {
      packing.large = packing.exceptions
      packing.width -= 1
      packing.exceptions = count(of: values, above: packing.width)
      if packing.exceptions > mostExceptions { break }
      if packing.cost < best.cost { best = packing }
    }
    return best
  }

  /// Counts the values that have bits above a width, of 0 to 31.
  private static func count(of values: UnsafePointer<UInt32>, above width: Int) -> Int {
    let shift = SIMD4(repeating: UInt32(truncatingIfNeeded: width))
    var counts = SIMD4<UInt32>(repeating: 0)
    for row in 0..<32 {
      let high = load(values, row) &>> shift
      // The highest bit of a number or of its negative is set, unless it is 0.
      counts &+= (high | (0 &- high)) &>> 31
    }
    return Int(counts.wrappedSum())
  }

  @inline(__always)
  private static func load(_ values: UnsafePointer<UInt32>, _ row: Int) -> SIMD4<UInt32> {
    UnsafeRawPointer(values).loadUnaligned(fromByteOffset: row &* 16, as: SIMD4<UInt32>.self)
  }

  /// Packs 128 values in their order of memory and appends the exceptions.
  private static func appendPacked(
    _ values: UnsafePointer<UInt32>, _ packing: Packing, to output: inout RawBuffer
  ) {
    let place = output.reserve(packing.size)
    BitPacking.pack(values, width: packing.width, to: place)
    if packing.exceptions > 0 {
      var next = 16 * packing.width
      var nextLarge = next + packing.exceptions
      for index in 0..<128 where values[index] >> UInt32(packing.width) != 0 {
        let high = UInt8(truncatingIfNeeded: values[index] >> UInt32(packing.width))
        let mark: UInt8 = high > 1 ? 0x80 : 0
        place.storeBytes(of: UInt8(index) | mark, toByteOffset: next, as: UInt8.self)
        next += 1
        if high > 1 {
          place.storeBytes(of: high, toByteOffset: nextLarge, as: UInt8.self)
          nextLarge += 1
        }
      }
    }
    output.advance(by: packing.size)
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
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { buffer in
      guard let gaps = buffer.baseAddress else { return }
      let excesses = gaps + 128
      var previous = base
      for index in 0..<128 {
        gaps[(index & 31) * 4 + index >> 5] = documents[index] &- previous
        previous = documents[index] &+ 1
        excesses[index] = frequencies[index] &- 1
      }
      let packing = choosePacking(gaps)
      let words = Int(documents[127] >> 6) - Int(base >> 6) + 1
      let frequencyPacking = choosePacking(excesses)
      // A bit set intersects so much faster that 24 bytes more are worth it.
      let isBitSet = words <= 255 && words * 8 <= packing.size + 24
      let header =
        isBitSet
        ? UInt32(bitSetMark) | UInt32(words) << 8
        : UInt32(packing.width | packing.exceptions << 6 | packing.large << 11)
      output.append(
        header | UInt32(frequencyPacking.width) << 16
          | UInt32(frequencyPacking.exceptions) << 22 | UInt32(frequencyPacking.large) << 27)
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
        appendPacked(gaps, packing, to: &output)
      }
      appendPacked(excesses, frequencyPacking, to: &output)
    }
  }

  private static var bitSetMark: UInt8 { PostingsFormat.bitSetMark }

  /// Adds the high parts of exceptions to unpacked values.
  ///
  /// Of damaged bytes, it may read as many bytes after the block as there are exceptions.
  @inline(__always)
  private static func patch(
    _ values: UnsafeMutablePointer<UInt32>, from source: UnsafeRawPointer, count: Int, width: Int
  ) {
    var next = count
    for exception in 0..<count {
      let place = source.load(fromByteOffset: exception, as: UInt8.self)
      let large = UInt32(source.load(fromByteOffset: next, as: UInt8.self))
      let isLarge = Int(place >> 7)
      let high = isLarge != 0 ? large : 1
      next = next &+ isLarge
      values[Int(place & 127)] |= high &<< UInt32(width & 31)
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
    /// The bytes from the block's start to its frequencies.
    package let frequenciesOffset: Int
    /// The bytes of the block.
    package let size: Int

    /// Reads a header; widths that no writer writes are cut down to 32 bits.
    @inline(__always)
    package init(_ block: UnsafeRawPointer) {
      let word = Int(UInt32(littleEndian: block.loadUnaligned(as: UInt32.self)))
      isBitSet = word & 0xff == Int(PostingsFormat.bitSetMark)
      documentWidth = isBitSet ? word >> 8 & 0xff : min(word & 63, 32)
      documentExceptions = isBitSet ? 0 : word >> 6 & 31
      frequencyWidth = min(word >> 16 & 63, 32)
      frequencyExceptions = word >> 22 & 31
      frequenciesOffset =
        4
        &+ (isBitSet
          ? documentWidth &* 8
          : documentWidth &* 16 &+ documentExceptions &+ (word >> 11 & 31))
      size = frequenciesOffset &+ frequencyWidth &* 16 &+ frequencyExceptions &+ word >> 27
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
