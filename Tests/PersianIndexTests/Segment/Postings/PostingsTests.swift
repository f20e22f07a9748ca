// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct PostingsTests {
  /// One made-up list and the field lengths it lies in.
  struct Sample {
    var lengths: [UInt8]
    var totalLength: UInt64
    var documents: [UInt32]
    var frequencies: [UInt32]
    var positions: [UInt32]
  }

  /// Makes a list of about `count` documents among `limit`.
  static func sample(
    seed: UInt64, count: Int, limit: Int, isClustered: Bool, longest: UInt32 = 300
  ) -> Sample {
    var random = SeededGenerator(seed: seed)
    var lengths: [UInt8] = []
    var raw: [UInt32] = []
    var total: UInt64 = 0
    for _ in 0..<limit {
      let length =
        UInt32.random(in: 0..<20, using: &random) == 0
        ? UInt32.random(in: 1...longest * 40, using: &random)
        : UInt32.random(in: 1...longest, using: &random)
      raw.append(length)
      lengths.append(FieldLengthCode.encode(length))
      total += UInt64(length)
    }
    var documents: [UInt32] = []
    if isClustered {
      var document = UInt32.random(in: 0..<UInt32(limit / 4 + 1), using: &random)
      while document < UInt32(limit) && documents.count < count {
        documents.append(document)
        let isJump = UInt32.random(in: 0..<40, using: &random) == 0
        document += UInt32.random(in: 1...(isJump ? 500 : 3), using: &random)
      }
    } else {
      documents = (0..<UInt32(limit)).shuffled(using: &random).prefix(count).sorted()
    }
    var frequencies: [UInt32] = []
    var positions: [UInt32] = []
    for document in documents {
      let length = raw[Int(document)]
      let isFrequent = UInt32.random(in: 0..<10, using: &random) == 0
      let frequency = UInt32.random(in: 1...min(length, isFrequent ? 200 : 3), using: &random)
      frequencies.append(frequency)
      positions += (0..<frequency).map { _ in UInt32.random(in: 0..<length, using: &random) }
        .sorted()
    }
    return Sample(
      lengths: lengths, totalLength: total, documents: documents, frequencies: frequencies,
      positions: positions)
  }

  /// Writes lists one after another and pads the section.
  static func write(_ samples: [Sample], hasPositions: Bool) throws -> (
    bytes: [UInt8], infos: [TermInfo]
  ) {
    var writer = PostingsWriter()
    var bytes: [UInt8] = []
    var infos: [TermInfo] = []
    for sample in samples {
      try sample.lengths.withUnsafeBufferPointer { lengths in
        writer.beginField(
          lengths: lengths, totalLength: sample.totalLength, hasPositions: hasPositions)
        infos.append(
          try sample.documents.withUnsafeBufferPointer { documents in
            try sample.frequencies.withUnsafeBufferPointer { frequencies in
              try (hasPositions ? sample.positions : []).withUnsafeBufferPointer { positions in
                try writer.write(
                  documents: documents, frequencies: frequencies, positions: positions)
              }
            }
          })
      }
      bytes.append(contentsOf: writer.output)
    }
    bytes.append(contentsOf: [UInt8](repeating: 0, count: PostingsFormat.padding))
    return (bytes, infos)
  }

  @Test(arguments: [true, false])
  func `every list decodes to what was written`(hasPositions: Bool) throws {
    var samples: [Sample] = []
    for (index, count) in [1, 2, 5, 127, 128, 129, 255, 256, 1000, 4200, 9000].enumerated() {
      for isClustered in [false, true] {
        samples.append(
          Self.sample(
            seed: UInt64(index), count: count, limit: 10_000, isClustered: isClustered))
      }
    }
    samples.append(Self.sample(seed: 77, count: 10_000, limit: 10_000, isClustered: false))
    let (bytes, infos) = try Self.write(samples, hasPositions: hasPositions)
    try bytes.withUnsafeBytes { section in
      let reader = PostingsReader(bytes: section)
      var list = DecodedPostings()
      for (sample, info) in zip(samples, infos) {
        try sample.lengths.withUnsafeBufferPointer { lengths in
          try reader.decode(info, lengths: lengths, hasPositions: hasPositions, into: &list)
        }
        #expect(list.documents == sample.documents)
        #expect(list.frequencies == sample.frequencies)
        #expect(list.positions == (hasPositions ? sample.positions : []))
      }
    }
  }

  @Test(arguments: [65_536, 65_537, 1 << 24, 1 << 24 + 1])
  func `last documents are whole in segments of any size`(limit: Int) throws {
    var random = SeededGenerator(seed: UInt64(limit))
    var chosen: Set<UInt32> = [UInt32(limit - 1)]
    while chosen.count < 700 {
      chosen.insert(UInt32.random(in: 0..<UInt32(limit), using: &random))
    }
    let sample = Sample(
      lengths: [UInt8](repeating: 5, count: limit), totalLength: UInt64(limit * 5),
      documents: chosen.sorted(), frequencies: [UInt32](repeating: 1, count: 700),
      positions: (0..<700).map { UInt32($0 % 5) })
    try Self.expectRoundTrip(sample)
  }

  @Test
  func `blocks whose positions take more than 64 KB are found`() throws {
    var random = SeededGenerator(seed: 4)
    let count = 128 * 40 + 5
    // Every fourth block has some documents with very many positions.
    var frequencies: [UInt32] = []
    for index in 0..<count {
      let isLong = index / 128 % 4 == 1 && index % 16 == 0
      frequencies.append(
        isLong ? UInt32.random(in: 8000...20_000, using: &random) : UInt32(index % 3 + 1))
    }
    var positions: [UInt32] = []
    for frequency in frequencies { positions += (0..<frequency).map { $0 } }
    let sample = Sample(
      lengths: [UInt8](repeating: FieldLengthCode.encode(20_000), count: count),
      totalLength: UInt64(count) * 20_000, documents: Array(0..<UInt32(count)),
      frequencies: frequencies, positions: positions)
    try Self.expectRoundTrip(sample)
  }

  private static func expectRoundTrip(_ sample: Sample) throws {
    let (bytes, infos) = try write([sample], hasPositions: true)
    try bytes.withUnsafeBytes { section in
      var list = DecodedPostings()
      try sample.lengths.withUnsafeBufferPointer { lengths in
        try PostingsReader(bytes: section).decode(
          infos[0], lengths: lengths, hasPositions: true, into: &list)
      }
      #expect(list.documents == sample.documents)
      #expect(list.frequencies == sample.frequencies)
      #expect(list.positions == sample.positions)
    }
  }

  @Test
  func `gaps beyond 2^24 survive a packed block`() throws {
    let documents = (0..<128).map { UInt32($0) * 33_000_000 + UInt32($0 % 7) }
    let frequencies = [UInt32](repeating: 3, count: 128)
    var buffer = RawBuffer()
    PostingBlock.encode(documents: documents, frequencies: frequencies, base: 0, to: &buffer)
    buffer.append(UInt64(0))
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 512, alignment: 64)
    defer { memory.deallocate() }
    let decoded = memory.bindMemory(to: UInt32.self, capacity: 128)
    let header = PostingBlock.Header(buffer.bytes.baseAddress ?? UnsafeRawPointer(memory))
    #expect(
      PostingBlock.decodeDocuments(
        buffer.base, header: header, base: 0, last: documents[127], to: decoded))
    #expect(Array(UnsafeBufferPointer(start: decoded, count: 128)) == documents)
    #expect(
      !PostingBlock.decodeDocuments(
        buffer.base, header: header, base: 0, last: documents[127] - 1, to: decoded))
  }

  @Test
  func `the positions of one document are reached without the others`() throws {
    let sample = Self.sample(seed: 5, count: 3000, limit: 9000, isClustered: false)
    let (bytes, infos) = try Self.write([sample], hasPositions: true)
    var starts = [0]
    for frequency in sample.frequencies { starts.append((starts.last ?? 0) + Int(frequency)) }
    try bytes.withUnsafeBytes { section in
      let list = try PostingList(
        infos[0], section: section, limit: UInt32(sample.lengths.count), hasPositions: true)
      try PositionCode.table.withUnsafeBufferPointer { table in
        try sample.lengths.withUnsafeBufferPointer { lengths in
          var cursor = PostingsCursor(
            list: list, lengths: try #require(lengths.baseAddress),
            positionTable: try #require(table.baseAddress))
          var buffer = PositionBuffer()
          defer {
            cursor.deallocate()
            buffer.deallocate()
          }
          for index in stride(from: 2990, through: 0, by: -37) {
            let block = list.block(containing: sample.documents[index], from: 0)
            #expect(block == index / 128)
            cursor.loadDocuments(block)
            cursor.loadFrequencies()
            let place = cursor.index(of: sample.documents[index])
            let count = cursor.positions(at: place, into: &buffer)
            #expect(
              Array(UnsafeBufferPointer(start: buffer.base, count: count))
                == Array(sample.positions[starts[index]..<starts[index + 1]]))
          }
        }
      }
    }
  }

  @Test
  func `a position beyond the field's length is refused`() throws {
    var sample = Self.sample(seed: 5, count: 3, limit: 10, isClustered: false, longest: 9)
    sample.lengths = [UInt8](repeating: 9, count: 10)
    sample.frequencies = [1, 1, 1]
    sample.positions = [0, 10, 0]
    #expect(throws: IndexError.self) { try Self.write([sample], hasPositions: true) }
  }

  @Test
  func `no damaged byte makes decoding trap or read outside`() throws {
    let samples = [3, 300].map { count in
      Self.sample(seed: 9, count: count, limit: 900, isClustered: false, longest: 50)
    }
    let (bytes, infos) = try Self.write(samples, hasPositions: true)
    var list = DecodedPostings()
    var failures = 0
    for (sample, info) in zip(samples, infos) {
      for place in Int(info.offset)..<bytes.count {
        for bit in [0, 3, 7] {
          // An exact copy on the heap: an address sanitizer sees any read outside.
          var damaged = bytes
          damaged[place] ^= 1 << UInt8(bit)
          damaged.withUnsafeBytes { section in
            sample.lengths.withUnsafeBufferPointer { lengths in
              do {
                try PostingsReader(bytes: section).decode(
                  info, lengths: lengths, hasPositions: true, into: &list)
              } catch {
                failures += 1
              }
            }
          }
          #expect(list.documents.allSatisfy { $0 < 900 })
        }
      }
    }
    #expect(failures > 100)
  }
}
