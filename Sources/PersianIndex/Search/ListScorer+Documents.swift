// SPDX-License-Identifier: Apache-2.0

extension ListScorer {
  /// Sets the bits of a list's documents in a window.
  ///
  /// - Parameters:
  ///   - start: The window's first document.
  ///   - stripes: The stripes whose documents are asked for; in others, some bits may be missing.
  ///   - bits: The window's bits.
  mutating func addDocuments(
    start: UInt32, stripes: UInt64, to bits: UnsafeMutablePointer<UInt64>
  ) {
    guard skip(to: start) else { return }
    let last = start &+ UInt32(Window.size &- 1)
    let list = cursor.list
    var next = block
    while next < list.blockCount {
      var first: UInt32 = 0
      var end = UInt32.max
      if list.hasSkips {
        first = next == 0 ? 0 : list.lastDocument(next &- 1) &+ 1
        end = list.lastDocument(next)
      }
      if first > last { return }
      let low = first <= start ? 0 : Int((first &- start) >> 6)
      let high = end >= last ? Window.stripeCount &- 1 : min(63, Int((end &- start) >> 6))
      if low <= high && Window.mask(low, high) & stripes != 0 {
        if let words = cursor.bitSetWords(next, base: first, last: end) {
          let firstWord = Int(first >> 6) &- Int(start >> 6)
          for word in low...high {
            bits[word] |= UInt64(
              littleEndian: words.loadUnaligned(
                fromByteOffset: (word &- firstWord) &* 8, as: UInt64.self))
          }
        } else {
          cursor.loadDocuments(next)
          let from = first >= start ? 0 : cursor.index(of: start)
          let to = end <= last ? cursor.count : cursor.index(of: last &+ 1)
          let documents = cursor.documents
          if to &- from == PostingsFormat.blockSize {
            // Neighbours mostly share a word, and each waits for the one before: four take turns.
            for index in 0..<32 {
              for lane in 0..<4 {
                let place = Int(documents[lane &* 32 &+ index] &- start) & 4095
                bits[place >> 6] |= 1 &<< UInt64(place & 63)
              }
            }
            if end >= last { return }
            next = next &+ 1
            continue
          }
          var index = from
          // Documents ascend: the current word is kept in a register.
          var previous = -1
          var current: UInt64 = 0
          while index < to {
            let place = Int(documents[index] &- start) & 4095
            let word = place >> 6
            current = (word == previous ? current : bits[word]) | 1 &<< UInt64(place & 63)
            bits[word] = current
            previous = word
            index = index &+ 1
          }
        }
      }
      if end >= last { return }
      next = next &+ 1
    }
  }

  /// Clears those bits of a window whose documents are not in the list.
  ///
  /// - Parameters:
  ///   - start: The window's first document.
  ///   - stripes: The stripes that have bits.
  ///   - bits: The window's bits.
  mutating func keepDocuments(
    start: UInt32, stripes: UInt64, in bits: UnsafeMutablePointer<UInt64>
  ) {
    var total = 0
    var rest = stripes
    while rest != 0 {
      total = total &+ bits[rest.trailingZeroBitCount].nonzeroBitCount
      rest &= rest &- 1
    }
    if total > 64 || !skip(to: start) {
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Window.stripeCount) { other in
        guard let own = other.baseAddress else { return }
        own.initialize(repeating: 0, count: Window.stripeCount)
        addDocuments(start: start, stripes: stripes, to: own)
        for word in 0..<Window.stripeCount { bits[word] &= own[word] }
      }
      return
    }
    let list = cursor.list
    var next = block
    rest = stripes
    while rest != 0 {
      let stripe = rest.trailingZeroBitCount
      rest &= rest &- 1
      var word = bits[stripe]
      var kept = word
      while word != 0 {
        let bit = word.trailingZeroBitCount
        word &= word &- 1
        let document = start &+ UInt32(truncatingIfNeeded: stripe &* 64 &+ bit)
        next = list.block(containing: document, from: next)
        if !contains(document, block: next) { kept &= ~(1 &<< UInt64(bit)) }
      }
      bits[stripe] = kept
    }
  }

  /// What lists do with the marks of a range's documents, one list after another.
  enum MarkUse {
    /// The first list marks, and all others both count and mark but the last, which counts.
    case mark, countAndMark, count
  }

  /// Marks a list's documents in a range, counts those that were marked, or both.
  ///
  /// - Parameters:
  ///   - use: What is done.
  ///   - start: The first document of the range.
  ///   - last: The last one.
  ///   - mark: One bit: documents are marked where it is set, whatever the others are.
  ///   - marks: A mark for each document of the range.
  /// - Returns: How many of the list's documents in the range were marked, times the value of `mark`.
  mutating func useMarks(
    _ use: MarkUse, start: UInt32, last: UInt32, mark: UInt8, in marks: UnsafeMutablePointer<UInt8>
  ) -> Int {
    guard skip(to: start) else { return 0 }
    let list = cursor.list
    var repeated = 0
    var next = block
    while next < list.blockCount {
      if list.hasSkips && next > 0 && list.lastDocument(next &- 1) >= last { break }
      cursor.loadDocuments(next)
      let end = list.hasSkips ? list.lastDocument(next) : UInt32.max
      let count = cursor.count
      let from = count > 0 && cursor.documents[0] >= start ? 0 : cursor.index(of: start)
      let to = end <= last ? count : cursor.index(of: last &+ 1)
      let documents = UnsafePointer(cursor.documents)
      switch use {
      case .mark:
        Self.forEach(documents, from, to, less: start) { marks[$0] = mark }
      case .countAndMark:
        Self.forEach(documents, from, to, less: start) {
          repeated = repeated &+ Int(marks[$0] & mark)
          marks[$0] = mark
        }
      case .count:
        Self.forEach(documents, from, to, less: start) {
          repeated = repeated &+ Int(marks[$0] & mark)
        }
      }
      if end >= last { break }
      next = next &+ 1
    }
    return repeated
  }

  /// Does something with some documents, four at a time.
  @inline(__always)
  private static func forEach(
    _ documents: UnsafePointer<UInt32>, _ from: Int, _ to: Int, less start: UInt32,
    _ body: (Int) -> Void
  ) {
    var index = from
    while index &+ 4 <= to {
      body(Int(documents[index] &- start))
      body(Int(documents[index &+ 1] &- start))
      body(Int(documents[index &+ 2] &- start))
      body(Int(documents[index &+ 3] &- start))
      index = index &+ 4
    }
    while index < to {
      body(Int(documents[index] &- start))
      index = index &+ 1
    }
  }

  /// Finds the place of a document in a block whose documents are a bit set.
  ///
  /// - Parameters:
  ///   - document: The document; at or after the block's first possible one.
  ///   - words: The block's words.
  ///   - base: One past the last document before the block.
  /// - Returns: The document's index in the block; `nil` where it is not there.
  @inline(__always)
  func place(of document: UInt32, in words: UnsafeRawPointer, base: UInt32) -> Int? {
    let bit = Int(document) &- Int(base >> 6) &* 64
    let last = UInt64(
      littleEndian: words.loadUnaligned(fromByteOffset: (bit >> 6) &* 8, as: UInt64.self))
    let mask = UInt64(1) &<< UInt64(bit & 63)
    if last & mask == 0 { return nil }
    var rank = (last & (mask &- 1)).nonzeroBitCount
    for word in 0..<(bit >> 6) {
      rank =
        rank
        &+ words.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self).nonzeroBitCount
    }
    return rank & 127
  }

  /// Whether a document is in a block whose documents are a bit set.
  ///
  /// - Parameters:
  ///   - document: The document; one that the block can hold.
  ///   - words: The block's words.
  ///   - base: One past the last document before the block.
  /// - Returns: Whether it is there.
  @inline(__always)
  static func contains(_ document: UInt32, in words: UnsafeRawPointer, base: UInt32) -> Bool {
    let bit = Int(document) &- Int(base >> 6) &* 64
    return words.load(fromByteOffset: bit >> 3, as: UInt8.self) &>> UInt8(bit & 7) & 1 != 0
  }

  /// Whether a document is in a block of the list, the first that ends at or after it.
  @inline(__always)
  mutating func contains(_ document: UInt32, block: Int) -> Bool {
    let list = cursor.list
    if block >= list.blockCount { return false }
    if list.hasSkips {
      let first = block == 0 ? 0 : list.lastDocument(block &- 1) &+ 1
      if document < first { return false }
      if let words = cursor.bitSetWords(block, base: first, last: list.lastDocument(block)) {
        return Self.contains(document, in: words, base: first)
      }
    }
    cursor.loadDocuments(block)
    let place = cursor.index(of: document)
    return place < cursor.count && cursor.documents[place] == document
  }
}
