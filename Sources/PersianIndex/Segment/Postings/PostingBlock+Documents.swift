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
        BitPacking.unpack(source, width: parameter, to: lanes)
        // No sum overflows: high parts add up to less than 8 · 63.
        let start = starts(base, sumLanes(lanes).sum)
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
