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
  private var positionBits = RawBuffer()
  private var lengths = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var hasPositions = false
  /// Whether some document of the list has the term more than once.
  private var hasFrequencies = false
  private var denominators: [Float] = []
  private var offset: UInt64 = 0
  private let positionTable = UnsafeMutablePointer<UInt16>.allocate(
    capacity: PositionCode.table.count)
  private var blocks: [BlockRecord] = []

  private struct BlockRecord {
    var lastDocument: UInt32
    var offset: Int
    var positionOffset: Int
    var bound: Float
  }

  /// Creates a writer whose first list stands at offset 0 of the section.
  package init() {
    PositionCode.table.withUnsafeBufferPointer { table in
      if let source = table.baseAddress {
        positionTable.initialize(from: source, count: table.count)
      }
    }
  }

  deinit {
    positionTable.deallocate()
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
    _ positions: UnsafeBufferPointer<UInt32>, from next: inout Int
  ) throws(IndexError) {
    for index in 0..<documents.count {
      let frequency = Int(frequencies[index])
      let code = lengths[Int(documents[index])]
      let slice = UnsafeBufferPointer(rebasing: positions[next..<next + frequency])
      guard slice[frequency - 1] < FieldLengthCode.universe(code) else {
        throw IndexError(
          .invalidDocument,
          "position \(slice[frequency - 1]) lies beyond the field's length in document "
            + "\(documents[index])")
      }
      PositionCode.encode(slice, lengthCode: code, table: positionTable, to: &positionBits)
      next += frequency
    }
    positionBits.alignToByte()
  }

  private mutating func writeBlocks(
    _ documents: UnsafeBufferPointer<UInt32>, _ frequencies: UnsafeBufferPointer<UInt32>,
    _ positions: UnsafeBufferPointer<UInt32>
  ) throws(IndexError) {
    var best = BestImpacts()
    var nextPosition = 0
    var base: UInt32 = 0
    blocks.removeAll(keepingCapacity: true)
    for start in stride(from: 0, to: documents.count, by: PostingsFormat.blockSize) {
      let end = min(start + PostingsFormat.blockSize, documents.count)
      let blockDocuments = UnsafeBufferPointer(rebasing: documents[start..<end])
      let blockFrequencies = UnsafeBufferPointer(rebasing: frequencies[start..<end])
      var bound: Float = 0
      for index in 0..<(end - start) {
        let frequency = Float(blockFrequencies[index])
        let impact =
          frequency / (frequency + denominators[Int(lengths[Int(blockDocuments[index])])])
        bound = max(bound, impact)
        best.insert(impact)
      }
      blocks.append(
        BlockRecord(
          lastDocument: documents[end - 1], offset: data.count,
          positionOffset: positionBits.count, bound: bound))
      if end - start == PostingsFormat.blockSize, let first = blockDocuments.baseAddress,
        let firstFrequency = blockFrequencies.baseAddress
      {
        PostingBlock.encode(
          documents: first, frequencies: firstFrequency, base: base, to: &data)
      } else {
        RiceCode.encode(
          documents: blockDocuments, frequencies: hasFrequencies ? blockFrequencies : nil,
          base: base, to: &data)
      }
      if hasPositions {
        try appendPositions(blockDocuments, blockFrequencies, positions, from: &nextPosition)
      }
      base = documents[end - 1] &+ 1
    }
    try writeRecord(best)
  }

  private mutating func writeRecord(_ best: BestImpacts) throws(IndexError) {
    guard data.count + positionBits.count < Int(UInt32.max) else {
      throw IndexError(.invalidDocument, "the postings of one term exceed 4 GB in a segment")
    }
    let maximum = UInt16(min(65535, best.maximum * 65535 + 1))
    let scale = Float(maximum) / 65535
    let offsets = OffsetTable(blocks.map(\.offset))
    let positionOffsets = hasPositions ? OffsetTable(blocks.map(\.positionOffset)) : nil
    record.append(UInt32(data.count))
    record.append(maximum)
    for rank in [10, 100, 1000] {
      record.append(UInt16(best.value(atRank: rank) * 65535))
    }
    record.append(UInt8(offsets.width))
    record.append(UInt8(positionOffsets?.width ?? 0))
    let documentSize = PostingsFormat.documentSize(limit: UInt32(lengths.count))
    for block in blocks {
      for byte in 0..<documentSize {
        record.append(UInt8(truncatingIfNeeded: block.lastDocument >> UInt32(8 * byte)))
      }
    }
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

/// Finds the 10th, 100th and 1000th greatest impact of a list, rounded down to 1/65536.
private struct BestImpacts {
  private(set) var maximum: Float = 0
  private var histogram = [UInt32](repeating: 0, count: 1 << 12)
  private var count = 0

  @inline(__always)
  mutating func insert(_ impact: Float) {
    maximum = max(maximum, impact)
    histogram[min(4095, Int(impact * 4096))] &+= 1
    count += 1
  }

  func value(atRank rank: Int) -> Float {
    if count < rank { return 0 }
    var seen = 0
    for bucket in stride(from: 4095, through: 0, by: -1) {
      seen += Int(histogram[bucket])
      if seen >= rank { return Float(bucket) / 4096 }
    }
    return 0
  }
}
