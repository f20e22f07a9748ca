// SPDX-License-Identifier: Apache-2.0

/// Decodes blocks of a posting list, one at a time, into its own memory.
///
/// It owns memory, so it lives behind a pointer, with one owner that calls ``deallocate()``.
package struct PostingsCursor {
  /// The list.
  package let list: PostingList
  /// The documents of the current block; ``count`` of them.
  package let documents: UnsafeMutablePointer<UInt32>
  /// The frequencies of the current block, once ``loadFrequencies()`` was called for it.
  package let frequencies: UnsafeMutablePointer<UInt32>
  /// The codes of the field's length by document.
  package let lengths: UnsafePointer<UInt8>
  /// The current block; −1 before the first.
  package private(set) var block = -1
  /// The number of documents decoded of the current block: 0 where it is damaged.
  package private(set) var count = 0
  /// Whether a damaged block was met.
  package internal(set) var isCorrupt = false
  private var frequenciesBlock = -1
  /// Of a Rice-coded run: where its frequencies begin, in bits.
  private var frequencyStart = 0
  /// Of a Rice-coded run: its bytes, once the frequencies are decoded.
  private(set) var runSize = 0
  private let memory: UnsafeMutableRawPointer
  /// The memory of ``positionStarts``, once they are asked for.
  private var ownStarts: UnsafeMutablePointer<Int>?
  package let positionTable: UnsafePointer<UInt16>
  /// The block whose ``positionStarts`` are computed, and for how many of its documents.
  var positionBlock = -1
  var positionCount = 0
  /// The start of the positions of ``positionBlock``, and the bits that may be read from there.
  var positionBase: UnsafeRawPointer
  var positionBits = 0
  /// What single positions of ``positionBlock`` are coded by; `nil` where they are as all others.
  var positionAnchor: PositionAnchor?
  /// Whether the table of layouts may lack a frequency of ``positionBlock``.
  var hasLargeFrequencies = false
  /// The bits from the block's positions to each document's; 129 of them, once
  /// ``makePositionStarts()`` was called.
  private(set) var positionStarts: UnsafeMutablePointer<Int>

  /// Of a list with blocks: the bit set of one of runs, and which block that is; −1 for none.
  private let runs: UnsafeMutablePointer<UInt64>
  private let runsBlock: UnsafeMutablePointer<Int>

  /// The bytes of memory that a cursor takes.
  ///
  /// Allocators have small pieces at hand, so what only positions need is apart.
  private static let memorySize = 4 * 128 + 4 * 128

  /// Creates a cursor before the first block.
  ///
  /// - Parameters:
  ///   - list: The list.
  ///   - lengths: The codes of the field's length, as many as the segment has documents.
  ///   - positionTable: ``PositionCode/table``, at a fixed place.
  package init(
    list: PostingList, lengths: UnsafePointer<UInt8>, positionTable: UnsafePointer<UInt16>
  ) {
    self.list = list
    self.lengths = lengths
    self.positionTable = positionTable
    positionBase = list.record
    let size = Self.memorySize + (list.hasSkips ? 8 * (DocumentRuns.mostWords + 1) : 0)
    memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    documents = memory.bindMemory(to: UInt32.self, capacity: 128)
    frequencies = (memory + 4 * 128).bindMemory(to: UInt32.self, capacity: 128)
    positionStarts = UnsafeMutableRawPointer(documents).assumingMemoryBound(to: Int.self)
    let rest = memory + Self.memorySize
    runs = rest.assumingMemoryBound(to: UInt64.self)
    runsBlock = (rest + 8 * DocumentRuns.mostWords).assumingMemoryBound(to: Int.self)
    if list.hasSkips { runsBlock.initialize(to: -1) }
  }

  /// Makes room for ``positionStarts``.
  mutating func makePositionStarts() {
    if ownStarts != nil { return }
    let starts = UnsafeMutablePointer<Int>.allocate(capacity: PostingsFormat.blockSize + 1)
    ownStarts = starts
    positionStarts = starts
  }

  /// Frees the cursor's memory.
  package func deallocate() {
    memory.deallocate()
    ownStarts?.deallocate()
  }

  /// Decodes the documents of a block, unless it is the current one.
  @inline(__always)
  package mutating func loadDocuments(_ block: Int) {
    if block != self.block { decodeDocuments(block) }
  }

  @inline(never)
  private mutating func decodeDocuments(_ block: Int) {
    self.block = block
    count = 0
    let list = list
    guard list.hasSkips else {
      decodeRunDocuments(offset: 0, end: list.dataEnd, base: 0, count: list.documentFrequency)
      return
    }
    let base = block == 0 ? 0 : list.lastDocument(block &- 1) &+ 1
    let last = list.lastDocument(block)
    let offset = list.blockOffset(block)
    guard last < list.limit, base <= last else {
      isCorrupt = true
      return
    }
    if block >= list.layout.fullBlocks {
      decodeRunDocuments(
        offset: offset, end: list.dataEnd, base: base,
        count: list.documentFrequency % PostingsFormat.blockSize)
      return
    }
    if last &- base == UInt32(PostingsFormat.blockSize &- 1) {
      for index in 0..<128 { documents[index] = base &+ UInt32(truncatingIfNeeded: index) }
      count = PostingsFormat.blockSize
      return
    }
    guard offset &+ PostingBlock.headerSize <= list.dataEnd else {
      isCorrupt = true
      return
    }
    let header = PostingBlock.Header(list.record + offset)
    if offset &+ header.size <= list.dataEnd
      && PostingBlock.decodeDocuments(
        list.record + offset, header: header, base: base, last: last, to: documents)
    {
      count = PostingsFormat.blockSize
    } else {
      isCorrupt = true
    }
  }

  private mutating func decodeRunDocuments(offset: Int, end: Int, base: UInt32, count: Int) {
    if count == 1 && !list.hasSkips {
      documents.update(repeating: list.singleDocument, count: 4)
      self.count = 1
      return
    }
    let start = RiceCode.decodeDocuments(
      list.record + offset, available: end &- offset, count: count, base: base,
      limit: list.limit, to: documents)
    if let start {
      frequencyStart = start
      self.count = count
      // Whoever scores four at a time reads up to three more.
      (documents + count).update(repeating: base, count: -count & 3)
    } else {
      isCorrupt = true
    }
  }

  /// Decodes the frequencies of the current block, unless they are there.
  @inline(__always)
  package mutating func loadFrequencies() {
    if frequenciesBlock != block { decodeFrequencies() }
  }

  @inline(never)
  private mutating func decodeFrequencies() {
    frequenciesBlock = block
    if count == 0 { return }
    let list = list
    if list.hasSkips && block < list.layout.fullBlocks {
      let offset = list.blockOffset(block)
      let source = list.record + min(offset, list.dataEnd)
      let header = PostingBlock.Header(source)
      if offset &+ header.size <= list.dataEnd {
        PostingBlock.decodeFrequencies(source, header: header, to: frequencies)
      } else {
        isCorrupt = true
        count = 0
      }
      return
    }
    if list.documentFrequency == 1 {
      frequencies[0] = list.singleFrequency
      return
    }
    if !list.hasFrequencies {
      frequencies.update(repeating: 1, count: count)
      runSize = (frequencyStart &+ 7) >> 3
      return
    }
    let offset = list.hasSkips ? list.blockOffset(block) : 0
    let size = RiceCode.decodeFrequencies(
      list.record + offset, available: list.dataEnd &- offset, start: frequencyStart,
      count: count, to: frequencies)
    if let size {
      runSize = size
    } else {
      isCorrupt = true
      count = 0
    }
  }

  /// Decodes the frequencies of a block that is the current one or full, unless they are there.
  @inline(__always)
  package mutating func loadFrequencies(of block: Int) {
    if block == self.block { return loadFrequencies() }
    if block != frequenciesBlock { decodeFrequencies(ofFullBlock: block) }
  }

  @inline(never)
  private mutating func decodeFrequencies(ofFullBlock block: Int) {
    let offset = list.blockOffset(block)
    let source = list.record + min(offset, list.dataEnd)
    let header = PostingBlock.Header(source)
    guard offset &+ header.size <= list.dataEnd else {
      isCorrupt = true
      return
    }
    frequenciesBlock = block
    PostingBlock.decodeFrequencies(source, header: header, to: frequencies)
  }

  /// Reads one frequency of a full block without decoding the others.
  ///
  /// - Parameters:
  ///   - index: The posting's index in the block.
  ///   - block: The block, any of those of 128 documents.
  /// - Returns: The frequency; 1 where the block is damaged.
  @inline(__always)
  package mutating func frequency(at index: Int, ofFullBlock block: Int) -> UInt32 {
    if block == frequenciesBlock { return frequencies[index] }
    let offset = list.blockOffset(block)
    let source = list.record + min(offset, list.dataEnd)
    let header = PostingBlock.Header(source)
    guard offset &+ header.size <= list.dataEnd else {
      isCorrupt = true
      return 1
    }
    return PostingBlock.frequency(at: index, source, header: header)
  }

  /// Reads one frequency of a block that is the current one or full.
  ///
  /// - Parameters:
  ///   - index: The posting's index in the block.
  ///   - block: The block.
  /// - Returns: The frequency; 1 where the block is damaged.
  @inline(__always)
  package mutating func frequency(at index: Int, of block: Int) -> UInt32 {
    if isFull(block) { return frequency(at: index, ofFullBlock: block) }
    loadFrequencies()
    return index < count ? frequencies[index] : 1
  }

  /// Whether a block is one of 128 documents.
  @inline(__always)
  package func isFull(_ block: Int) -> Bool {
    list.hasSkips && block < list.layout.fullBlocks
  }

  /// Finds the place of a document in the current block.
  ///
  /// - Returns: The index of the first document of the block at or after it; ``count`` where there
  ///   is none.
  @inline(__always)
  package func index(of document: UInt32) -> Int {
    if count == PostingsFormat.blockSize {
      var base = 0
      base = documents[63] < document ? 64 : base
      base = documents[base &+ 31] < document ? base &+ 32 : base
      base = documents[base &+ 15] < document ? base &+ 16 : base
      base = documents[base &+ 7] < document ? base &+ 8 : base
      base = documents[base &+ 3] < document ? base &+ 4 : base
      base = documents[base &+ 1] < document ? base &+ 2 : base
      base = documents[base] < document ? base &+ 1 : base
      return documents[base] < document ? base &+ 1 : base
    }
    return LowerBound.index(of: document, in: documents, 0..<count)
  }

  /// Finds a document in the current block, given those looked for before, which were less.
  ///
  /// - Parameters:
  ///   - document: The document.
  ///   - start: A place whose documents before are all less than it; moved on.
  /// - Returns: Its index; `nil` where the block does not hold it.
  @inline(__always)
  package func place(of document: UInt32, from start: inout Int) -> Int? {
    var place = start
    while place &+ 8 <= count && documents[place &+ 7] < document { place = place &+ 8 }
    start = place
    if place &+ 8 <= count {
      let row = UnsafeRawPointer(documents + place)
      let wanted = SIMD4<UInt32>(repeating: document)
      let equal =
        (row.loadUnaligned(as: SIMD4<UInt32>.self) .== wanted)
        .| ((row + 16).loadUnaligned(as: SIMD4<UInt32>.self) .== wanted)
      let bits = unsafeBitCast(equal, to: SIMD2<Int64>.self)
      if bits[0] | bits[1] == 0 { return nil }
    }
    while place < count && documents[place] < document { place = place &+ 1 }
    return place < count && documents[place] == document ? place : nil
  }

  /// Finds the words of a block whose documents are a bit set, without decoding it, or makes
  /// those of runs.
  ///
  /// - Parameters:
  ///   - block: The block.
  ///   - base: One past the last document before the block.
  ///   - last: The last document of the block.
  /// - Returns: The words, the first of which holds the bit of document `base`, valid until the
  ///   next call; `nil` for a block of another kind or a damaged one.
  @inline(__always)
  package func bitSetWords(_ block: Int, base: UInt32, last: UInt32) -> UnsafeRawPointer? {
    let list = list
    guard list.hasSkips, block < list.layout.fullBlocks, base <= last, last < list.limit else {
      return nil
    }
    if last &- base == UInt32(PostingsFormat.blockSize &- 1) {
      // There is no other block of so many documents between these two.
      DocumentRuns.makeBitSet(ofAllFrom: base, to: runs)
      runsBlock.pointee = -1
      return UnsafeRawPointer(runs)
    }
    let offset = list.blockOffset(block)
    guard offset &+ PostingBlock.headerSize <= list.dataEnd else { return nil }
    let source = list.record + offset
    guard PostingBlock.Header.isBitSet(source) else {
      guard let count = PostingBlock.Header.runs(source) else { return nil }
      guard offset &+ PostingBlock.headerSize &+ count <= list.dataEnd else { return nil }
      if runsBlock.pointee != block {
        runsBlock.pointee = -1
        guard
          DocumentRuns.makeBitSet(
            source + PostingBlock.headerSize, count: count, base: base, last: last, to: runs)
        else { return nil }
        runsBlock.pointee = block
      }
      return UnsafeRawPointer(runs)
    }
    let words = Int(source.load(as: UInt8.self))
    guard words == Int(last >> 6) &- Int(base >> 6) &+ 1,
      offset &+ PostingBlock.headerSize &+ words &* 8 <= list.dataEnd
    else { return nil }
    return source + PostingBlock.headerSize
  }

  /// Finds the place of a document in the current block, starting at a place before or at it.
  ///
  /// - Parameters:
  ///   - document: The document.
  ///   - start: A place whose documents before are all less than it.
  /// - Returns: The index of the first document of the block at or after it; ``count`` where there
  ///   is none.
  @inline(__always)
  package func index(of document: UInt32, from start: Int) -> Int {
    if start &+ 4 <= count {
      // Where a list is dense, the document is all but next.
      let next = UnsafeRawPointer(documents + start).loadUnaligned(as: SIMD4<Int32>.self)
      let less = next .< SIMD4(repeating: Int32(truncatingIfNeeded: document))
      if !less[3] {
        let ones = SIMD4<Int32>(repeating: 0).replacing(with: 1, where: less)
        return start &+ Int(ones[0] &+ ones[1] &+ ones[2])
      }
      if start &+ 8 <= count {
        let next = UnsafeRawPointer(documents + (start &+ 4))
          .loadUnaligned(as: SIMD4<Int32>.self)
        let less = next .< SIMD4(repeating: Int32(truncatingIfNeeded: document))
        if !less[3] {
          let ones = SIMD4<Int32>(repeating: 0).replacing(with: 1, where: less)
          return start &+ 4 &+ Int(ones[0] &+ ones[1] &+ ones[2])
        }
      }
    }
    return index(of: document)
  }
}
