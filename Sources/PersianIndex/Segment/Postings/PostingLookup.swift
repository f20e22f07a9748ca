// SPDX-License-Identifier: Apache-2.0

/// Looks single documents up in a posting list, in ascending order.
///
/// A search needs most postings of the blocks that it decodes. Of documents that lie far apart one
/// posting of a block is needed each: whether a bit set has one is seen without decoding it, and
/// where its positions stand follows from the postings before it.
///
///     let memory = PostingLookup.Memory()
///     var lookup = PostingLookup(list, lengths: lengths, positionTable: table, memory)
///     for document in documents where lookup.move(to: document) { count += lookup.frequency() }
///
/// It works in the memory it was given: one lookup at a time.
package struct PostingLookup {
  /// What lookups decode into, one after another.
  package struct Memory: ~Copyable {
    /// A block's documents, and room for what fills up rows of four.
    fileprivate let documents: UnsafeMutablePointer<UInt32>
    /// A block's frequencies, and room for what damaged bits count beyond them.
    fileprivate let frequencies: UnsafeMutablePointer<UInt32>
    /// The bit set of a block of runs.
    fileprivate let runs: UnsafeMutablePointer<UInt64>
    private let bytes: UnsafeMutableRawPointer

    /// Allocates the memory.
    package init() {
      bytes = .allocate(
        byteCount: 4 * (144 + 192) + 8 * DocumentRuns.mostWords, alignment: 64)
      documents = bytes.bindMemory(to: UInt32.self, capacity: 144)
      frequencies = (bytes + 4 * 144).bindMemory(to: UInt32.self, capacity: 192)
      frequencies.initialize(repeating: 1, count: 192)
      runs = (bytes + 4 * (144 + 192)).bindMemory(
        to: UInt64.self, capacity: DocumentRuns.mostWords)
    }

    deinit {
      bytes.deallocate()
    }
  }

  /// Whether something damaged was met; documents are not found any more then.
  package private(set) var isCorrupt = false
  private let list: PostingList
  private let lengths: UnsafePointer<UInt8>
  private let positionTable: UnsafePointer<UInt16>
  private let documents: UnsafeMutablePointer<UInt32>
  private let frequencies: UnsafeMutablePointer<UInt32>
  private let runs: UnsafeMutablePointer<UInt64>

  /// The current block; −1 before the first.
  private var block = -1
  /// One past the last document before it.
  private var base: UInt32 = 0
  /// Its words, where its documents are a bit set; otherwise ``count`` of them are decoded.
  private var words: UnsafeRawPointer?
  private var count = 0
  private var isFull = false
  private var hasFrequencies = false
  /// Whether all frequencies of the current block are below ``PositionCode/tabulatedFrequencies``.
  private var areFew = false
  /// Of a Rice-coded run: where its frequencies begin, in bits, and then how many bytes it has.
  private var frequencyStart = 0
  private var runSize = 0

  /// The block whose ``anchor`` was read, what its single positions are coded by, and the bytes before
  /// its codes.
  private var anchorBlock = -1
  private var anchor: PositionAnchor?
  private var anchorSize = 0

  /// The document found last and its index in the block; of one in a bit set, only if ``isIndexed``.
  private var document: UInt32 = 0
  private var index = 0
  private var isIndexed = false
  /// How many postings of the block are summed up in ``positionBits``, the bits that their positions
  /// take; of a bit set, all up to ``summedWord`` but for the bits of that word in ``summedRest``.
  private var summed = 0
  private var positionBits = 0
  private var summedWord = 0
  private var summedRest: UInt64 = 0

  /// Creates a lookup before the first document.
  ///
  /// - Parameters:
  ///   - list: The list.
  ///   - lengths: The codes of the field's length, as many as the segment has documents.
  ///   - positionTable: ``PositionCode/table``, at a fixed place.
  ///   - memory: Where blocks are decoded to; it outlives the lookup, and no other uses it meanwhile.
  package init(
    _ list: PostingList, lengths: UnsafePointer<UInt8>, positionTable: UnsafePointer<UInt16>,
    _ memory: borrowing Memory
  ) {
    self.list = list
    self.lengths = lengths
    self.positionTable = positionTable
    documents = memory.documents
    frequencies = memory.frequencies
    runs = memory.runs
  }

  /// Moves to a document.
  ///
  /// - Parameter document: The document, after the one asked for last.
  /// - Returns: Whether the list has it.
  @inline(__always)
  package mutating func move(to document: UInt32) -> Bool {
    let next = list.block(containing: document, from: max(block, 0))
    if next >= list.blockCount { return false }
    if next != block { begin(next) }
    if let words {
      if document < base { return false }
      let bit = Int(document) &- Int(base & ~63)
      let word = words.loadUnaligned(fromByteOffset: bit >> 6 &* 8, as: UInt64.self)
      if UInt64(littleEndian: word) &>> UInt64(bit & 63) & 1 == 0 { return false }
      isIndexed = false
    } else {
      // What came before is less.
      index = LowerBound.index(of: document, in: documents, index..<max(index, count))
      if index >= count || documents[index] != document { return false }
    }
    self.document = document
    return true
  }

  @inline(never)
  private mutating func begin(_ block: Int) {
    self.block = block
    words = nil
    count = 0
    index = 0
    isIndexed = true
    hasFrequencies = false
    (summed, positionBits, summedWord, summedRest) = (0, 0, -1, 0)
    if isCorrupt { return }
    let list = list
    isFull = list.hasSkips && block < list.layout.fullBlocks
    guard list.hasSkips else {
      decodeRun(offset: 0, count: list.documentFrequency)
      return
    }
    base = block == 0 ? 0 : list.lastDocument(block &- 1) &+ 1
    let last = list.lastDocument(block)
    let offset = list.blockOffset(block)
    guard last < list.limit, base <= last else {
      isCorrupt = true
      return
    }
    if !isFull {
      decodeRun(offset: offset, count: list.documentFrequency % PostingsFormat.blockSize)
      return
    }
    guard offset &+ PostingBlock.headerSize <= list.dataEnd else {
      isCorrupt = true
      return
    }
    let source = list.record + offset
    let header = PostingBlock.Header(source)
    guard offset &+ header.size <= list.dataEnd else {
      isCorrupt = true
      return
    }
    if case .bitSet(Int(last >> 6) &- Int(base >> 6) &+ 1) = header.documents {
      words = source + PostingBlock.headerSize
    } else if case .packed(0, let count) = header.documents,
      DocumentRuns.makeBitSet(
        source + PostingBlock.headerSize, count: count, base: base, last: last, to: runs)
    {
      words = UnsafeRawPointer(runs)
    } else if PostingBlock.decodeDocuments(
      source, header: header, base: base, last: last, to: documents)
    {
      count = PostingsFormat.blockSize
    } else {
      isCorrupt = true
    }
  }

  private mutating func decodeRun(offset: Int, count: Int) {
    if !list.hasSkips && count == 1 {
      documents[0] = list.singleDocument
      self.count = 1
      return
    }
    let start = RiceCode.decodeDocuments(
      list.record + offset, available: list.dataEnd &- offset, count: count, base: base,
      limit: list.limit, to: documents)
    if let start {
      frequencyStart = start
      self.count = count
    } else {
      isCorrupt = true
    }
  }

  /// How often the document found last has the term; 1 where the list is damaged.
  @inline(__always)
  package mutating func frequency() -> UInt32 {
    if !list.hasFrequencies { return 1 }
    if !isFull {
      loadFrequencies()
      return isCorrupt ? 1 : frequencies[index]
    }
    if !isIndexed { findIndex() }
    if hasFrequencies { return frequencies[index] }
    let source = list.record + list.blockOffset(block)
    return PostingBlock.frequency(at: index, source, header: PostingBlock.Header(source))
  }

  /// Finds the index of the document found last in a bit set.
  private mutating func findIndex() {
    isIndexed = true
    index = 0
    guard let words else { return }
    let bit = Int(document) &- Int(base & ~63)
    let mask = (UInt64(1) &<< UInt64(bit & 63)) &- 1
    let last = words.loadUnaligned(fromByteOffset: bit >> 6 &* 8, as: UInt64.self)
    var rank = (UInt64(littleEndian: last) & mask).nonzeroBitCount
    for word in 0..<(bit >> 6) {
      rank =
        rank
        &+ words.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self).nonzeroBitCount
    }
    // A damaged block may have more than 128 bits.
    index = rank & 127
  }

  /// Decodes the frequencies of the current block, unless they are there.
  @inline(__always)
  private mutating func loadFrequencies() {
    if !hasFrequencies { decodeFrequencies() }
  }

  @inline(never)
  private mutating func decodeFrequencies() {
    hasFrequencies = true
    areFew = false
    if isFull {
      // The extents were checked with the documents.
      let source = list.record + list.blockOffset(block)
      let header = PostingBlock.Header(source)
      PostingBlock.decodeFrequencies(source, header: header, to: frequencies)
      areFew =
        header.frequencyExceptions == 0
        ? 1 << header.frequencyWidth < PositionCode.tabulatedFrequencies : areFewFrequencies()
    } else if list.documentFrequency == 1 {
      frequencies[0] = list.singleFrequency
    } else if !list.hasFrequencies {
      frequencies.update(repeating: 1, count: count)
      runSize = (frequencyStart &+ 7) >> 3
    } else {
      let offset = list.hasSkips ? list.blockOffset(block) : 0
      let size = RiceCode.decodeFrequencies(
        list.record + offset, available: list.dataEnd &- offset, start: frequencyStart,
        count: count, to: frequencies)
      if let size { runSize = size } else { isCorrupt = true }
    }
  }

  private func areFewFrequencies() -> Bool {
    frequencies.withMemoryRebound(to: SIMD4<UInt32>.self, capacity: 32) { rows in
      var all = SIMD4<UInt32>(repeating: 0)
      for row in 0..<32 { all |= rows[row] }
      return all[0] | all[1] | all[2] | all[3] < UInt32(PositionCode.tabulatedFrequencies)
    }
  }

  /// Finds the positions of the document found last; nothing of them is read.
  ///
  /// - Returns: Where they stand; `nil` where that would be outside the section.
  package mutating func locatePositions() -> PositionPlace? {
    loadFrequencies()
    if list.hasAnchors && anchorBlock != block { readAnchor() }
    if words != nil { sumBits() } else { sumPostings() }
    if isCorrupt { return nil }
    let list = list
    let frequency = frequencies[index]
    let layout = PositionCode.layout(
      frequency: frequency, lengthCode: lengths[Int(document)], table: positionTable)
    let offset =
      list.hasSkips
      ? list.positionsOffset(block) &+ anchorSize : list.documentFrequency == 1 ? 0 : runSize
    let anchor = frequency == 1 ? anchor : nil
    let size = anchor?.width ?? layout.bits
    guard positionBits &+ size <= max(0, list.available &- offset) &* 8 else {
      isCorrupt = true
      return nil
    }
    let base = list.record + min(offset, list.available)
    if let anchor {
      let code = PositionCode.load(base, positionBits) & ((1 &<< UInt64(size)) &- 1)
      return PositionPlace(position: anchor.position(at: index, code: code), base: base)
    }
    return PositionPlace(
      base: base, start: positionBits, frequency: Int(frequency), layout: layout)
  }

  /// Reads what the positions of the current block begin with.
  private mutating func readAnchor() {
    anchorBlock = block
    anchor = nil
    anchorSize = 1
    let offset = list.positionsOffset(block)
    let available = list.available &- offset
    switch PositionAnchor.read(
      list.record + min(offset, list.available), available: available)
    {
    case .absent: break
    case .present(let found):
      anchor = found
      anchorSize = found.size
    case .corrupt: isCorrupt = true
    }
  }

  /// The bits that the positions of a posting take.
  ///
  /// - Parameters:
  ///   - index: The posting's index in the block.
  ///   - document: Its document.
  ///   - areFew: Whether all frequencies of the block are tabulated.
  ///   - width: The bits of a single position where the block has an anchor.
  /// - Returns: The bits.
  @inline(__always)
  private func bits(_ index: Int, of document: UInt32, areFew: Bool, width: Int?) -> Int {
    let (frequency, code) = (frequencies[index], lengths[Int(document)])
    if let width, frequency == 1 { return width }
    return areFew
      ? PositionCode.tabulatedBits(frequency: frequency, lengthCode: code, table: positionTable)
      : PositionCode.layout(frequency: frequency, lengthCode: code, table: positionTable).bits
  }

  /// Sums up what lies before the positions of the document found last.
  private mutating func sumPostings() {
    if summed >= index { return }
    if let anchor {
      positionBits = sumPostings(areFew: false, width: anchor.width)
    } else {
      positionBits =
        areFew ? sumPostings(areFew: true, width: nil) : sumPostings(areFew: false, width: nil)
    }
    summed = index
  }

  @inline(__always)
  private func sumPostings(areFew: Bool, width: Int?) -> Int {
    var sum = positionBits
    for before in summed..<index {
      sum = sum &+ bits(before, of: documents[before], areFew: areFew, width: width)
    }
    return sum
  }

  /// Sums up what lies before the positions of the document found last, in a bit set.
  private mutating func sumBits() {
    if let anchor {
      sumBits(areFew: false, width: anchor.width)
    } else if areFew {
      sumBits(areFew: true, width: nil)
    } else {
      sumBits(areFew: false, width: nil)
    }
  }

  @inline(__always)
  private mutating func sumBits(areFew: Bool, width: Int?) {
    guard let words else { return }
    let first = base & ~63
    let bit = Int(document) &- Int(first)
    let target = bit >> 6
    var (sum, next, word, rest) = (positionBits, summed, summedWord, summedRest)
    while true {
      let isLast = word == target
      var before = isLast ? rest & ((UInt64(1) &<< UInt64(bit & 63)) &- 1) : rest
      rest ^= before
      let start = first &+ UInt32(truncatingIfNeeded: word &* 64)
      while before != 0 {
        let document = start &+ UInt32(truncatingIfNeeded: before.trailingZeroBitCount)
        sum = sum &+ bits(next, of: document, areFew: areFew, width: width)
        next = next &+ 1
        before &= before &- 1
      }
      if isLast || next >= PostingsFormat.blockSize { break }
      word = word &+ 1
      rest = UInt64(
        littleEndian: words.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self))
    }
    // A damaged block has more bits than postings.
    if next >= PostingsFormat.blockSize { isCorrupt = true }
    (positionBits, summed, summedWord, summedRest) = (sum, next, word, rest)
    (index, isIndexed) = (min(next, PostingsFormat.blockSize &- 1), true)
  }
}
