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

  /// Whether a document can be in a block that is not decoded yet, as far as can be told cheaply.
  @inline(__always)
  func mayContain(_ document: UInt32, block: Int) -> Bool {
    let list = cursor.list
    if !list.hasSkips { return true }
    let first = block == 0 ? 0 : list.lastDocument(block &- 1) &+ 1
    if document < first { return false }
    guard let words = cursor.bitSetWords(block, base: first, last: list.lastDocument(block))
    else { return true }
    let bit = Int(document) &- Int(first >> 6) &* 64
    return words.load(fromByteOffset: bit >> 3, as: UInt8.self) >> UInt8(bit & 7) & 1 != 0
  }

  /// Whether a block's documents are a bit set, so that ``mayContain(_:block:)`` is certain.
  @inline(__always)
  func isBitSet(_ block: Int) -> Bool {
    let list = cursor.list
    if !list.hasSkips { return false }
    let first = block == 0 ? 0 : list.lastDocument(block &- 1) &+ 1
    return cursor.bitSetWords(block, base: first, last: list.lastDocument(block)) != nil
  }

  /// Adds a list's documents in a window to a set, and counts those that were in it.
  ///
  /// - Parameters:
  ///   - start: The window's first document.
  ///   - isLast: Whether no other list follows: then nothing is added.
  ///   - bits: The window's bits.
  /// - Returns: How many of the list's documents in the window were in the set.
  mutating func countRepeated(
    start: UInt32, isLast: Bool, in bits: UnsafeMutablePointer<UInt64>
  ) -> Int {
    guard skip(to: start) else { return 0 }
    let last = start &+ UInt32(Window.size &- 1)
    let list = cursor.list
    var repeated: UInt64 = 0
    var next = block
    while next < list.blockCount {
      cursor.loadDocuments(next)
      let end = list.hasSkips ? list.lastDocument(next) : UInt32.max
      if cursor.count > 0 && cursor.documents[0] > last { break }
      let from = cursor.count > 0 && cursor.documents[0] >= start ? 0 : cursor.index(of: start)
      let to = end <= last ? cursor.count : cursor.index(of: last &+ 1)
      let documents = cursor.documents
      var index = from
      while index < to {
        let place = Int(documents[index] &- start) & 4095
        let word = bits[place >> 6]
        repeated = repeated &+ ((word &>> UInt64(place & 63)) & 1)
        if !isLast { bits[place >> 6] = word | 1 &<< UInt64(place & 63) }
        index = index &+ 1
      }
      if end >= last { break }
      next = next &+ 1
    }
    return Int(truncatingIfNeeded: repeated)
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
        let bit = Int(document) &- Int(first >> 6) &* 64
        return words.load(fromByteOffset: bit >> 3, as: UInt8.self) >> UInt8(bit & 7) & 1 != 0
      }
    }
    cursor.loadDocuments(block)
    let place = cursor.index(of: document)
    return place < cursor.count && cursor.documents[place] == document
  }
}
