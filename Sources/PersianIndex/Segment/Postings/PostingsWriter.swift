// SPDX-License-Identifier: Apache-2.0

/// Codes posting lists, one whole list after another, for the postings section of a segment.
///
///     var writer = PostingsWriter()
///     writer.beginField(lengths: lengths, totalLength: total, hasPositions: true)
///     let info = try writer.write(documents: documents, frequencies: frequencies, positions: positions)
///     file.write(writer.output)          // the bytes of this list
///     dictionary.add(key: key, info)
///
/// The section is those bytes and ``PostingsFormat/padding`` zero bytes at its end. The layout is
/// described in docs/FORMAT.md.
package struct PostingsWriter: ~Copyable {
  private var record = RawBuffer()
  private var data = RawBuffer()
  var positionBits = RawBuffer()
  var lengths = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var hasPositions = false
  /// Whether some document of the list has the term more than once.
  private var hasFrequencies = false
  private var denominators: [Float] = []
  // The impacts of frequencies below `tabulatedImpacts`, by frequency · 256 + length code.
  private let impacts = UnsafeMutablePointer<Float>.allocate(
    capacity: PostingsWriter.tabulatedImpacts * 256)
  // How long the fields of each length code are at most.
  let universes = UnsafeMutablePointer<UInt32>.allocate(capacity: 256)
  private var best = BestImpacts()
  /// The bytes of all lists so far.
  package private(set) var offset: UInt64 = 0
  let positionTable = UnsafeMutablePointer<UInt16>.allocate(
    capacity: PositionCode.table.count)
  private var blocks: [BlockRecord] = []
  // What each block of a list is anchored by; empty where no block is.
  var anchors: [PositionAnchor.Choice?] = []
  var singles: [(index: Int, position: UInt32)] = []
  private let bitSetExcess: Int

  private static var tabulatedImpacts: Int { 8 }

  private struct BlockRecord {
    var lastDocument: UInt32
    var offset: Int
    var positionOffset: Int
    var bound: Float
  }

  /// Creates a writer whose first list stands at offset 0 of the section.
  ///
  /// - Parameter bitSetExcess: The bytes that a block's bit set may be larger than its gaps; bit sets
  ///   intersect faster.
  package init(bitSetExcess: Int = PostingBlock.bitSetExcess) {
    self.bitSetExcess = bitSetExcess
    for code in 0..<256 {
      (universes + code).initialize(to: FieldLengthCode.universe(UInt8(code)))
    }
    impacts.initialize(repeating: 0, count: Self.tabulatedImpacts * 256)
    PositionCode.table.withUnsafeBufferPointer { table in
      if let source = table.baseAddress {
        positionTable.initialize(from: source, count: table.count)
      }
    }
  }

  deinit {
    positionTable.deallocate()
    impacts.deallocate()
    universes.deallocate()
    best.deallocate()
  }

  /// The bytes of the list written last, valid until the next call.
  package var output: UnsafeRawBufferPointer { record.bytes }

  /// Sets the field whose lists follow.
  ///
  /// - Parameters:
  ///   - lengths: The code of the field's length in every document of the segment, by doc id; kept
  ///     by reference until the next call. A code's ``FieldLengthCode/universe(_:)`` must be greater
  ///     than every position of the field in that document.
  ///   - totalLength: The sum of the field's lengths in tokens, over all documents.
  ///   - hasPositions: Whether positions are written.
  package mutating func beginField(
    lengths: UnsafeBufferPointer<UInt8>, totalLength: UInt64, hasPositions: Bool
  ) {
    self.lengths = lengths
    self.hasPositions = hasPositions
    denominators = ImpactCode.denominators(
      k1: ImpactCode.k1, b: ImpactCode.b,
      averageLength: ImpactCode.averageLength(
        totalLength: totalLength, documentCount: lengths.count))
    for index in 0..<Self.tabulatedImpacts * 256 {
      impacts[index] = impact(Float(index / 256), UInt8(index % 256))
    }
  }

  private func impact(_ frequency: Float, _ lengthCode: UInt8) -> Float {
    frequency / (frequency + denominators[Int(lengthCode)])
  }

  /// Codes one list and leaves its bytes in ``output``.
  ///
  /// - Parameters:
  ///   - documents: The doc ids, ascending, at least one.
  ///   - frequencies: How often the term occurs in each, at least once.
  ///   - positions: The positions of each document in turn, ascending within a document; empty for
  ///     a field without positions.
  /// - Returns: What the dictionary has to know of the list.
  /// - Throws: `.invalidDocument` when a position is not below the document's field length, or when
  ///   one term's list exceeds 4 GB.
  /// - Complexity: O(*n*) in documents and positions.
  package mutating func write(
    documents: UnsafeBufferPointer<UInt32>, frequencies: UnsafeBufferPointer<UInt32>,
    positions: UnsafeBufferPointer<UInt32>
  ) throws(IndexError) -> TermInfo {
    record.removeAll()
    data.removeAll()
    positionBits.removeAll()
    let count = documents.count
    let info = TermInfo(
      documentFrequency: UInt32(count),
      totalTermFrequency: frequencies.reduce(0) { $0 &+ UInt64($1) }, offset: offset,
      singleDocument: count == 1 ? documents[0] : 0)
    hasFrequencies = info.totalTermFrequency > UInt64(count)
    if count >= PostingsFormat.blockSize {
      try writeBlocks(documents, frequencies, positions)
    } else {
      if count > 1 {
        RiceCode.encode(
          documents: documents, frequencies: hasFrequencies ? frequencies : nil, base: 0,
          to: &record)
      }
      if hasPositions {
        var next = 0
        try appendPositions(documents, frequencies, positions, from: &next)
        record.append(positionBits.bytes)
      }
    }
    offset += UInt64(record.count)
    return info
  }

  private mutating func appendPositions(
    _ documents: UnsafeBufferPointer<UInt32>, _ frequencies: UnsafeBufferPointer<UInt32>,
    _ positions: UnsafeBufferPointer<UInt32>, from next: inout Int,
    anchor: PositionAnchor.Choice? = nil
  ) throws(IndexError) {
    guard let first = positions.baseAddress else { return }
    var start = first + next
    var tail = positionBits.tail(reserving: documents.count * 32)
    for index in 0..<documents.count {
      let frequency = Int(frequencies[index])
      let code = lengths[Int(documents[index])]
      let last = start[frequency &- 1]
      if last >= universes[Int(code)] {
        throw IndexError(
          .invalidDocument,
          "position \(last) lies beyond the field's length in document \(documents[index])")
      }
      let layout = PositionCode.layout(
        frequency: frequencies[index], lengthCode: code, table: positionTable)
      if !tail.hasRoom(for: layout.bits) {
        positionBits.end(tail)
        tail = positionBits.tail(reserving: layout.bits)
      }
      if let anchor, frequency == 1 {
        let code = UInt64(anchor.distance(of: last)) & ((1 &<< UInt64(anchor.width)) &- 1)
        tail.append(code, count: anchor.width)
        start += 1
        continue
      }
      PositionCode.encode(
        start, count: frequency, layout: layout, table: positionTable, to: &tail)
      start += frequency
    }
    positionBits.end(tail)
    next = start - first
    positionBits.alignToByte()
  }

  private mutating func writeBlocks(
    _ documents: UnsafeBufferPointer<UInt32>, _ frequencies: UnsafeBufferPointer<UInt32>,
    _ positions: UnsafeBufferPointer<UInt32>
  ) throws(IndexError) {
    best.removeAll()
    if hasPositions { chooseAnchors(documents, frequencies, positions) }
    var nextPosition = 0
    var base: UInt32 = 0
    var maximum: Float = 0
    blocks.removeAll(keepingCapacity: true)
    for start in stride(from: 0, to: documents.count, by: PostingsFormat.blockSize) {
      let end = min(start + PostingsFormat.blockSize, documents.count)
      let blockDocuments = UnsafeBufferPointer(rebasing: documents[start..<end])
      let blockFrequencies = UnsafeBufferPointer(rebasing: frequencies[start..<end])
      var bound: Float = 0
      for index in 0..<(end - start) {
        let frequency = Int(blockFrequencies[index])
        let code = lengths[Int(blockDocuments[index])]
        let impact =
          frequency < Self.tabulatedImpacts
          ? impacts[frequency &* 256 &+ Int(code)] : impact(Float(frequency), code)
        bound = max(bound, impact)
        best.insert(impact)
      }
      maximum = max(maximum, bound)
      blocks.append(
        BlockRecord(
          lastDocument: documents[end - 1], offset: data.count,
          positionOffset: positionBits.count, bound: bound))
      if end - start == PostingsFormat.blockSize, let first = blockDocuments.baseAddress,
        let firstFrequency = blockFrequencies.baseAddress
      {
        PostingBlock.encode(
          documents: first, frequencies: firstFrequency, base: base,
          bitSetExcess: bitSetExcess, to: &data)
      } else {
        RiceCode.encode(
          documents: blockDocuments, frequencies: hasFrequencies ? blockFrequencies : nil,
          base: base, to: &data)
      }
      if hasPositions {
        let anchor = anchors.isEmpty ? nil : anchors[blocks.count - 1]
        if !anchors.isEmpty {
          beginPositions(blockFrequencies, positions, from: nextPosition, anchor)
        }
        try appendPositions(
          blockDocuments, blockFrequencies, positions, from: &nextPosition, anchor: anchor)
      }
      base = documents[end - 1] &+ 1
    }
    try writeRecord(maximum: maximum, count: documents.count)
  }

  private mutating func writeRecord(maximum: Float, count: Int) throws(IndexError) {
    guard data.count + positionBits.count < Int(UInt32.max) else {
      throw IndexError(.invalidDocument, "the postings of one term exceed 4 GB in a segment")
    }
    let greatest = maximum
    let maximum = UInt16(min(65535, greatest * 65535 + 1))
    let scale = Float(maximum) / 65535
    let offsets = OffsetTable(blocks.map(\.offset))
    let positionOffsets = hasPositions ? OffsetTable(blocks.map(\.positionOffset)) : nil
    record.append(UInt32(data.count))
    record.append(maximum)
    var walk = BestImpacts.Walk(greatest)
    for rank in [10, 100, 1000] {
      let value = rank <= count ? best.value(atRank: rank, &walk) : 0
      record.append(UInt16(value * 65535))
    }
    record.append(UInt8(offsets.width))
    record.append(
      UInt8(positionOffsets?.width ?? 0)
        | (hasPositions && !anchors.isEmpty ? PostingsFormat.anchorMark : 0))
    let documentWidth = PostingsFormat.documentWidth(limit: UInt32(lengths.count))
    for block in blocks {
      record.appendBits(UInt64(block.lastDocument), count: documentWidth)
    }
    record.alignToByte()
    offsets.append(to: &record)
    positionOffsets?.append(to: &record)
    for block in blocks { record.append(Self.quantized(block.bound, scale: scale)) }
    record.append(data.bytes)
    record.append(positionBits.bytes)
  }

  private static func quantized(_ bound: Float, scale: Float) -> UInt8 {
    UInt8(min(255, bound / scale * 255 + 0.99999))
  }
}

/// Codes where blocks lie: for each group a line, and for each block what it lies above the line.
private struct OffsetTable {
  private var groups: [(first: UInt32, step: UInt16)] = []
  private var distances: [UInt64] = []
  let width: Int

  /// - Parameter offsets: Ascending, below 2³².
  init(_ offsets: [Int]) {
    let size = PostingsFormat.groupSize
    for start in stride(from: 0, to: offsets.count, by: size) {
      let group = offsets[start..<min(start + size, offsets.count)]
      let first = group[start]
      let last = group[group.endIndex - 1]
      let step = group.count == 1 ? 0 : min((last - first) / (group.count - 1), 0xffff)
      var lowest = 0
      for (index, offset) in group.enumerated() {
        lowest = min(lowest, offset - first - step * index)
      }
      groups.append((UInt32(truncatingIfNeeded: first + lowest), UInt16(step)))
      for (index, offset) in group.enumerated() {
        distances.append(UInt64(offset - first - lowest - step * index))
      }
    }
    width = PackedIntegers.width(for: distances.max() ?? 0)
  }

  func append(to output: inout RawBuffer) {
    for group in groups {
      output.append(group.first)
      output.append(group.step)
    }
    for distance in distances { output.appendBits(distance, count: width) }
    output.alignToByte()
  }
}

/// Finds the 10th, 100th and 1000th greatest impact of a list, rounded down to 1/4096.
///
/// It owns memory, which its one owner frees.
private struct BestImpacts {
  private static let bucketCount = 1 << 12
  // How many impacts there are, by their first twelve bits.
  private let histogram = UnsafeMutablePointer<UInt32>.allocate(capacity: BestImpacts.bucketCount)

  /// How far the impacts have been counted, from the greatest down.
  struct Walk {
    fileprivate var bucket: Int
    fileprivate var seen = 0

    init(_ greatest: Float) {
      bucket = BestImpacts.bucket(greatest) + 1
    }
  }

  init() {
    removeAll()
  }

  func deallocate() {
    histogram.deallocate()
  }

  func removeAll() {
    histogram.initialize(repeating: 0, count: Self.bucketCount)
  }

  @inline(__always)
  private static func bucket(_ impact: Float) -> Int {
    min(bucketCount &- 1, Int(impact * Float(bucketCount)))
  }

  @inline(__always)
  func insert(_ impact: Float) {
    histogram[Self.bucket(impact)] &+= 1
  }

  /// - Parameters:
  ///   - rank: At most the number of impacts.
  ///   - walk: Where the search for a lower rank ended.
  /// - Returns: The impact that so many are at least as great as.
  func value(atRank rank: Int, _ walk: inout Walk) -> Float {
    while walk.seen < rank, walk.bucket > 0 {
      walk.bucket -= 1
      walk.seen += Int(histogram[walk.bucket])
    }
    return Float(walk.bucket) / Float(Self.bucketCount)
  }
}
