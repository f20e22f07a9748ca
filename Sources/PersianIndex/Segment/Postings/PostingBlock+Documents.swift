// SPDX-License-Identifier: Apache-2.0

extension PostingBlock {
  /// Decodes the documents of a block.
  ///
  /// - Parameters:
  ///   - block: The block, all of whose bytes are inside the section.
  ///   - header: Its header.
  ///   - base: One past the last document before the block.
  ///   - last: The last document of the block.
  ///   - documents: Room for 128 documents, aligned to 16 bytes.
  /// - Returns: Whether the documents ascend and end at `last`; where not, the block is damaged,
  ///   and what was written must not be used.
  @inline(__always)
  package static func decodeDocuments(
    _ block: UnsafeRawPointer, header: Header, base: UInt32, last: UInt32,
    to documents: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let source = block + headerSize
    if case .bitSet(let words) = header.documents {
      return BitSetBlock.decode(source, words: words, base: base & ~63, to: documents)
        && documents[127] == last && documents[0] >= base
    }
    if case .packed(0, let exceptions) = header.documents {
      return DocumentRuns.decode(source, count: exceptions, base: base, to: documents)
        && documents[127] == last
    }
    return withUnsafeTemporaryAllocation(byteCount: 512, alignment: 16) { scratch in
      guard let gaps = scratch.baseAddress?.assumingMemoryBound(to: UInt32.self) else {
        return false
      }
      return documents.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { rows in
        switch header.documents {
        case .packed(let width, let exceptions):
          PatchedPacking.unpack(source, width: width, exceptions: exceptions, to: gaps)
          return sumGaps(gaps, base: base, last: last, to: rows)
        case .rice(let parameter, let byteCount):
          return decodeRice(
            source, parameter: parameter, byteCount: byteCount, base: base, last: last, gaps,
            to: rows)
        case .bitSet:
          return false
        }
      }
    }
  }

  @inline(__always)
  private static func decodeRice(
    _ source: UnsafeRawPointer, parameter: Int, byteCount: Int, base: UInt32, last: UInt32,
    _ gaps: UnsafeMutablePointer<UInt32>, to rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) -> Bool {
    if parameter > RicePacking.greatestParameter { return false }
    return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: BitPlaces.room) { scratch in
      guard let places = scratch.baseAddress,
        BitPlaces.find(
          in: source + 16 &* parameter, byteCount: byteCount, leastWords: 4, to: places) >= 128,
        Int(places[127]) < byteCount &* 8
      else { return false }
      return gaps.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { lanes in
        #if _endian(little)
          if last &- base < 1 << 16 && parameter <= greatestHalfParameter {
            return decodeNarrowRice(
              source, parameter: parameter, places, base: base, last: last, lanes, to: rows)
          }
        #endif
        BitPacking.unpackSums(source, width: parameter, to: lanes)
        // No sum overflows: high parts add up to less than 8 · 63.
        let start = starts(base, lanes[31])
        let shift = SIMD4(repeating: UInt32(truncatingIfNeeded: parameter))
        // The ones before a one do not count.
        let one = UInt32(1) &<< UInt32(truncatingIfNeeded: parameter)
        transpose(lanes, start: start, less: one, to: rows) { row in
          BitPlaces.row(row, of: places) &<< shift
        }
        return rows[31][3] == last
      }
    }
  }

  /// The greatest parameter whose low parts add up to less than 2^16 in a lane.
  private static var greatestHalfParameter: Int { 11 }

  /// Decodes a Rice code whose documents are less than 2^16 apart, eight at a time.
  ///
  /// - Parameters:
  ///   - source: The low parts.
  ///   - parameter: The parameter, at most ``greatestHalfParameter``.
  ///   - places: The places of the ones.
  ///   - base: One past the last document before the block.
  ///   - last: The last document of the block.
  ///   - lanes: Room for 16 rows.
  ///   - rows: Receives the documents.
  /// - Returns: Whether the documents end at `last`.
  @inline(__always)
  private static func decodeNarrowRice(
    _ source: UnsafeRawPointer, parameter: Int, _ places: UnsafePointer<UInt16>, base: UInt32,
    last: UInt32, _ lanes: UnsafeMutablePointer<SIMD4<UInt32>>,
    to rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) -> Bool {
    BitPacking.unpackHalfSums(source, width: parameter, to: lanes)
    let start = starts(0, lanes[15] &>> SIMD4(repeating: 16))
    let total = start[3] &+ lanes[15][3] >> 16 &+ 32
    let high = UInt32(places[127] &- 127) &<< UInt32(truncatingIfNeeded: parameter)
    // No document is more than the last one is: what follows does not overflow.
    if total &+ high &- 1 != last &- base { return false }
    let shift = SIMD8(repeating: UInt16(truncatingIfNeeded: parameter))
    // Each document counts, and the ones before its one do not.
    let each = 1 &- UInt16(1) &<< UInt16(truncatingIfNeeded: parameter)
    let step = SIMD8(repeating: 8 &* each)
    let missing = SIMD8<UInt16>(0, 1, 2, 3, 4, 5, 6, 7) &* SIMD8(repeating: each)
    let less = UInt16(32) &<< UInt16(truncatingIfNeeded: parameter)
    @inline(__always)
    func first(_ lane: Int) -> SIMD8<UInt16> {
      let start = UInt16(truncatingIfNeeded: start[lane])
      return missing &+ SIMD8(repeating: start &- UInt16(truncatingIfNeeded: lane) &* less)
    }
    var (one, two, three, four) = (first(0), first(1), first(2), first(3))
    let base = SIMD4(repeating: base)
    @inline(__always)
    func write(_ row: Int, _ sums: SIMD4<UInt32>, _ missing: SIMD8<UInt16>) {
      let place = UnsafeRawPointer(places)
        .loadUnaligned(fromByteOffset: row &* 16, as: SIMD8<UInt16>.self)
      let next = unsafeBitCast(sums, to: SIMD8<UInt16>.self) &+ missing &+ place &<< shift
      rows[2 &* row] =
        base &+ SIMD4(UInt32(next[0]), UInt32(next[1]), UInt32(next[2]), UInt32(next[3]))
      rows[2 &* row &+ 1] =
        base &+ SIMD4(UInt32(next[4]), UInt32(next[5]), UInt32(next[6]), UInt32(next[7]))
    }
    for row in 0..<4 {
      let a = lanes[row &* 4]
      let b = lanes[row &* 4 &+ 1]
      let c = lanes[row &* 4 &+ 2]
      let d = lanes[row &* 4 &+ 3]
      write(row, SIMD4(a[0], b[0], c[0], d[0]), one)
      write(row &+ 4, SIMD4(a[1], b[1], c[1], d[1]), two)
      write(row &+ 8, SIMD4(a[2], b[2], c[2], d[2]), three)
      write(row &+ 12, SIMD4(a[3], b[3], c[3], d[3]), four)
      one = one &+ step
      two = two &+ step
      three = three &+ step
      four = four &+ step
    }
    return true
  }

  /// Turns gaps in lane order into documents in ascending order.
  @inline(__always)
  private static func sumGaps(
    _ gaps: UnsafeMutablePointer<UInt32>, base: UInt32, last: UInt32,
    to rows: UnsafeMutablePointer<SIMD4<UInt32>>
  ) -> Bool {
    gaps.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { lanes in
      let (sum, seen) = sumLanes(lanes)
      let start = starts(base, sum)
      // Gaps below 2^24 cannot overflow the sum of 128; a rare block of wider ones is summed with
      // care.
      let widest = seen[0] | seen[1] | seen[2] | seen[3]
      if widest >> 24 != 0 && !isSumWhole(lanes, start: start, base: base, last: last) {
        return false
      }
      transpose(lanes, start: start, less: 0, to: rows) { _ in SIMD4(repeating: 0) }
      return rows[31][3] == last && rows[0][0] >= base
    }
  }

  /// Sums up the gaps of each lane.
  ///
  /// - Returns: What all gaps of each lane come to, and the bits that some gap has.
  @inline(__always)
  private static func sumLanes(
    _ lanes: UnsafeMutablePointer<SIMD4<UInt32>>
  ) -> (sum: SIMD4<UInt32>, seen: SIMD4<UInt32>) {
    var sum = SIMD4<UInt32>(repeating: 0)
    var seen = SIMD4<UInt32>(repeating: 0)
    for row in 0..<32 {
      let gaps = lanes[row]
      seen |= gaps
      sum = sum &+ gaps
      lanes[row] = sum
    }
    return (sum, seen)
  }

  /// Where each lane starts: its 32 documents count 1 each beside their gaps.
  @inline(__always)
  private static func starts(_ base: UInt32, _ sum: SIMD4<UInt32>) -> SIMD4<UInt32> {
    let size = sum &+ SIMD4(repeating: 32)
    return SIMD4(
      base, base &+ size[0], base &+ size[0] &+ size[1],
      base &+ size[0] &+ size[1] &+ size[2])
  }

  /// Puts lane after lane, and adds what is missing from the sums of gaps.
  ///
  /// - Parameters:
  ///   - lanes: The sums.
  ///   - start: Where each lane starts.
  ///   - less: What each document is less by for every one before it.
  ///   - rows: Receives the documents.
  ///   - high: What four documents are greater by.
  @inline(__always)
  private static func transpose(
    _ lanes: UnsafePointer<SIMD4<UInt32>>, start: SIMD4<UInt32>, less: UInt32,
    to rows: UnsafeMutablePointer<SIMD4<UInt32>>, high: (Int) -> SIMD4<UInt32>
  ) {
    let each = SIMD4(repeating: 1 &- less)
    let step = each &* SIMD4(repeating: 4)
    var missing = each &* SIMD4(0, 1, 2, 3)
    let first = SIMD4(repeating: start[0])
    let second = SIMD4(repeating: start[1] &- 32 &* less)
    let third = SIMD4(repeating: start[2] &- 64 &* less)
    let fourth = SIMD4(repeating: start[3] &- 96 &* less)
    for row in 0..<8 {
      let a = lanes[row &* 4]
      let b = lanes[row &* 4 &+ 1]
      let c = lanes[row &* 4 &+ 2]
      let d = lanes[row &* 4 &+ 3]
      rows[row] = SIMD4(a[0], b[0], c[0], d[0]) &+ (first &+ missing) &+ high(row)
      rows[row &+ 8] =
        SIMD4(a[1], b[1], c[1], d[1]) &+ (second &+ missing) &+ high(row &+ 8)
      rows[row &+ 16] =
        SIMD4(a[2], b[2], c[2], d[2]) &+ (third &+ missing) &+ high(row &+ 16)
      rows[row &+ 24] =
        SIMD4(a[3], b[3], c[3], d[3]) &+ (fourth &+ missing) &+ high(row &+ 24)
      missing = missing &+ step
    }
  }

  @inline(never)
  private static func isSumWhole(
    _ lanes: UnsafePointer<SIMD4<UInt32>>, start: SIMD4<UInt32>, base: UInt32, last: UInt32
  ) -> Bool {
    var previous: Int64 = Int64(base) - 1
    for lane in 0..<4 {
      for row in 0..<32 {
        let document = Int64(lanes[row][lane] &+ start[lane] &+ UInt32(row))
        if document <= previous { return false }
        previous = document
      }
    }
    return previous == Int64(last)
  }
}
