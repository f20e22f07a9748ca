// SPDX-License-Identifier: Apache-2.0

/// Codes 128 documents most of which directly follow one another, as the gaps between their runs.
///
/// In the densest lists whole blocks are one run. A bit set of them takes longer to read than to
/// make, so it is made where one is asked for.
enum DocumentRuns {
  /// The most words of a bit set that is made.
  static let mostWords = 16

  /// Appends the gaps: the indexes of the documents after them, then the long ones' lengths.
  ///
  /// - Parameters:
  ///   - documents: 128 doc ids, ascending; no gap is of more than 255 documents.
  ///   - base: One past the last document before them.
  ///   - output: Receives the gaps.
  static func append(
    _ documents: UnsafePointer<UInt32>, base: UInt32, to output: inout RawBuffer
  ) {
    var expected = base
    for index in 0..<128 {
      let gap = documents[index] &- expected
      if gap > 0 { output.append(UInt8(index) | (gap > 1 ? 0x80 : 0)) }
      expected = documents[index] &+ 1
    }
    expected = base
    for index in 0..<128 {
      let gap = documents[index] &- expected
      if gap > 1 { output.append(UInt8(gap)) }
      expected = documents[index] &+ 1
    }
  }

  /// Calls a function with each gap: the index of the document after it, and its length.
  ///
  /// - Parameters:
  ///   - source: The gaps; of damaged ones, as many bytes after them may be read as there are.
  ///   - count: Their number.
  ///   - body: Receives the gaps and returns whether it wants the next.
  @inline(__always)
  private static func forEach(
    _ source: UnsafeRawPointer, count: Int, _ body: (_ index: Int, _ gap: Int) -> Bool
  ) {
    var next = count
    for place in 0..<count {
      let byte = Int(source.load(fromByteOffset: place, as: UInt8.self))
      let length = Int(source.load(fromByteOffset: next, as: UInt8.self))
      next = next &+ byte >> 7
      if !body(byte & 127, byte > 127 ? length : 1) { return }
    }
  }

  /// Writes the documents.
  ///
  /// - Parameters:
  ///   - source: The gaps.
  ///   - count: Their number.
  ///   - base: One past the last document before them.
  ///   - documents: Room for 128 documents.
  /// - Returns: Whether the gaps ascend.
  @inline(__always)
  static func decode(
    _ source: UnsafeRawPointer, count: Int, base: UInt32,
    to documents: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let output = UnsafeMutableRawPointer(documents)
    var next = 0
    var document = base
    func write(to end: Int) {
      var row = SIMD4(repeating: document) &+ SIMD4(0, 1, 2, 3)
      var index = next
      while index < end {
        if index > PostingsFormat.blockSize &- 4 {
          // There is no room behind the last document.
          documents[index] = row[0]
          row = row &+ SIMD4(repeating: 1)
          index = index &+ 1
          continue
        }
        output.storeBytes(of: row, toByteOffset: index &* 4, as: SIMD4<UInt32>.self)
        row = row &+ SIMD4(repeating: 4)
        index = index &+ 4
      }
    }
    var isAscending = true
    forEach(source, count: count) { index, gap in
      guard index >= next else {
        isAscending = false
        return false
      }
      write(to: index)
      document = document &+ UInt32(truncatingIfNeeded: index &- next &+ gap)
      next = index
      return true
    }
    write(to: PostingsFormat.blockSize)
    return isAscending
  }

  /// Makes the bit set of 128 documents that directly follow one another.
  ///
  /// - Parameters:
  ///   - base: The first document.
  ///   - words: Room for three words.
  @inline(__always)
  static func makeBitSet(ofAllFrom base: UInt32, to words: UnsafeMutablePointer<UInt64>) {
    let start = UInt64(base & 63)
    words[0] = .max &<< start
    words[1] = .max
    // A shift by 64 would be one by none.
    words[2] = (1 &<< start) &- 1
  }

  /// Makes the bit set of the documents.
  ///
  /// - Parameters:
  ///   - source: The gaps.
  ///   - count: Their number.
  ///   - base: One past the last document before them.
  ///   - last: The last document.
  ///   - words: Room for ``mostWords`` words; the lowest bit of the first is that of a multiple of 64.
  /// - Returns: Whether the gaps come to so many documents, and to not too many words.
  @inline(never)
  static func makeBitSet(
    _ source: UnsafeRawPointer, count: Int, base: UInt32, last: UInt32,
    to words: UnsafeMutablePointer<UInt64>
  ) -> Bool {
    let start = Int(base & 63)
    let end = start &+ Int(last &- base)
    let lastWord = end >> 6
    if lastWord >= mostWords { return false }
    for word in 0...lastWord { words[word] = .max }
    words[0] = .max &<< UInt64(start)
    words[lastWord] &= .max &>> UInt64(63 &- end & 63)
    var next = 0
    var bit = start
    var isWhole = true
    forEach(source, count: count) { index, gap in
      bit = bit &+ (index &- next)
      guard index >= next, bit &+ gap <= end else {
        isWhole = false
        return false
      }
      next = index
      if gap == 1 {
        words[bit >> 6] &= ~(1 &<< UInt64(bit & 63))
        bit = bit &+ 1
        return true
      }
      for bit in bit..<bit &+ gap { words[bit >> 6] &= ~(1 &<< UInt64(bit & 63)) }
      bit = bit &+ gap
      return true
    }
    return isWhole && bit &+ (127 &- next) == end
  }
}
