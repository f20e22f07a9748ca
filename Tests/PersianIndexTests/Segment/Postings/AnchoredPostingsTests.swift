// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct AnchoredPostingsTests {
  typealias Sample = PostingsTests.Sample

  private static func isAnchored(_ info: TermInfo, _ bytes: [UInt8]) -> Bool {
    bytes[Int(info.offset) + 13] & 0x80 != 0
  }

  /// The first byte of the positions of each block of a list.
  private static func forms(
    _ info: TermInfo, _ sample: Sample, in section: UnsafeRawBufferPointer
  ) throws -> [UInt8] {
    let list = try PostingList(
      info, section: section, limit: UInt32(sample.lengths.count), hasPositions: true)
    return (0..<list.blockCount).map {
      list.record.load(fromByteOffset: list.positionsOffset($0), as: UInt8.self)
    }
  }

  private static func decode(
    _ info: TermInfo, _ sample: Sample, in section: UnsafeRawBufferPointer
  ) throws -> DecodedPostings {
    var list = DecodedPostings()
    try sample.lengths.withUnsafeBufferPointer { lengths in
      try PostingsReader(bytes: section).decode(
        info, lengths: lengths, hasPositions: true, into: &list)
    }
    return list
  }

  private static func expectDecoded(_ samples: [Sample], _ infos: [TermInfo], _ bytes: [UInt8])
    throws
  {
    try bytes.withUnsafeBytes { section in
      for (sample, info) in zip(samples, infos) {
        let list = try decode(info, sample, in: section)
        #expect(list.documents == sample.documents)
        #expect(list.frequencies == sample.frequencies)
        #expect(list.positions == sample.positions)
      }
    }
  }

  /// Calls a function with a cursor of a list.
  private static func withCursor(
    _ sample: Sample, _ info: TermInfo, in bytes: [UInt8],
    _ body: (inout PostingsCursor, UnsafePointer<UInt16>) throws -> Void
  ) throws {
    try bytes.withUnsafeBytes { section in
      let list = try PostingList(
        info, section: section, limit: UInt32(sample.lengths.count), hasPositions: true)
      try PositionCode.table.withUnsafeBufferPointer { table in
        try sample.lengths.withUnsafeBufferPointer { lengths in
          let table = try #require(table.baseAddress)
          var cursor = PostingsCursor(
            list: list, lengths: try #require(lengths.baseAddress), positionTable: table)
          defer { cursor.deallocate() }
          try body(&cursor, table)
        }
      }
    }
  }

  /// Where the positions of each document begin in a sample, and where the last end.
  private static func starts(_ sample: Sample) -> [Int] {
    sample.frequencies.reduce(into: [0]) { $0.append(($0.last ?? 0) + Int($1)) }
  }

  @Test(arguments: AnchoredSample.Spacing.allCases)
  func `anchored lists decode to what was written and are smaller`(
    spacing: AnchoredSample.Spacing
  ) throws {
    // With and without a run behind the blocks, alone and behind another list.
    let samples = [128 * 31 + 57, 128 * 6, 128, 128 * 12 + 1].enumerated().map { seed, count in
      AnchoredSample.list(seed: UInt64(seed), count: count, spacing: spacing)
    }
    let (bytes, infos) = try PostingsTests.write(samples, hasPositions: true)
    try Self.expectDecoded(samples, infos, bytes)
    for (sample, info) in zip(samples, infos) {
      #expect(Self.isAnchored(info, bytes))
      let (single, singleInfos) = try PostingsTests.write([sample], hasPositions: true)
      let spread = [AnchoredSample.spread(sample)]
      let (spreadBytes, spreadInfos) = try PostingsTests.write(spread, hasPositions: true)
      #expect(!Self.isAnchored(spreadInfos[0], spreadBytes))
      #expect(single.count < spreadBytes.count)
      try Self.expectDecoded([sample], singleInfos, single)
      try Self.expectDecoded(spread, spreadInfos, spreadBytes)
    }
    // What the other tests rely on: blocks of all kinds.
    let forms = try bytes.withUnsafeBytes { try Self.forms(infos[0], samples[0], in: $0) }
    #expect(Set(forms.map { $0 & 15 }) == [0, 1, 2, 3, 4, 5, 15])
    for mark: UInt8 in [16, 32, 64, 128] {
      #expect(forms.contains { $0 != 15 && $0 & mark != 0 }, "\(mark)")
    }
    #expect(forms.contains { $0 != 15 && $0 & 0xc0 == 0x80 })
    #expect(forms.contains { $0 != 15 && $0 & 0x80 == 0 })
  }

  @Test(arguments: AnchoredSample.Spacing.allCases, [1, 3, 40])
  func `lookups find what was written in anchored lists`(
    spacing: AnchoredSample.Spacing, step: Int
  ) throws {
    var random = SeededGenerator(seed: UInt64(step))
    for (seed, count) in [128 * 31 + 57, 128 * 12].enumerated() {
      let sample = AnchoredSample.list(seed: UInt64(seed), count: count, spacing: spacing)
      let (bytes, infos) = try PostingsTests.write([sample], hasPositions: true)
      let wanted = sample.lengths.indices.map { UInt32($0) }.filter { _ in
        Int.random(in: 0..<step, using: &random) == 0
      }
      for asksFrequencies in [false, true] {
        let found = try bytes.withUnsafeBytes { section in
          try PostingLookupTests.find(
            wanted, infos[0], lengths: sample.lengths, in: section, hasPositions: true,
            asksFrequencies: asksFrequencies, asksPositions: true)
        }
        let expected = PostingLookupTests.expected(
          wanted, sample, asksFrequencies: asksFrequencies, asksPositions: true)
        #expect(found == expected)
      }
    }
  }

  @Test(arguments: AnchoredSample.Spacing.allCases)
  func `positions of one document of an anchored list are reached without the others`(
    spacing: AnchoredSample.Spacing
  ) throws {
    let sample = AnchoredSample.list(seed: 5, count: 128 * 31 + 57, spacing: spacing)
    let (bytes, infos) = try PostingsTests.write([sample], hasPositions: true)
    let starts = Self.starts(sample)
    try Self.withCursor(sample, infos[0], in: bytes) { cursor, _ in
      var buffer = PositionBuffer()
      defer { buffer.deallocate() }
      for index in stride(from: sample.documents.count - 1, through: 0, by: -5) {
        cursor.loadDocuments(cursor.list.block(containing: sample.documents[index], from: 0))
        cursor.loadFrequencies()
        let wanted = Array(sample.positions[starts[index]..<starts[index + 1]])
        let place = cursor.index(of: sample.documents[index])
        let count = cursor.positions(at: place, into: &buffer)
        #expect(Array(UnsafeBufferPointer(start: buffer.base, count: count)) == wanted)
        var called: [UInt32] = []
        cursor.forEachPosition(at: place, &buffer) { position in
          called.append(UInt32(position))
          return true
        }
        #expect(called == wanted)
      }
      #expect(!cursor.isCorrupt)
    }
  }

  @Test(arguments: AnchoredSample.Spacing.allCases)
  func `positions of anchored blocks are noted for later`(spacing: AnchoredSample.Spacing) throws {
    let sample = AnchoredSample.list(seed: 6, count: 128 * 31 + 57, spacing: spacing)
    let (bytes, infos) = try PostingsTests.write([sample], hasPositions: true)
    let starts = Self.starts(sample)
    var random = SeededGenerator(seed: 7)
    try Self.withCursor(sample, infos[0], in: bytes) { cursor, table in
      let visits = NotedPositions(cursor.list.record, table)
      defer { visits.deallocate() }
      for block in 0..<cursor.list.blockCount {
        cursor.loadDocuments(block)
        cursor.loadFrequencies()
        // Some of the documents from one on to another, as of a window that cuts the block.
        let first = Int.random(in: 0..<cursor.count, using: &random)
        let range = first..<Int.random(in: first...cursor.count, using: &random)
        let share = Int.random(in: 1...4, using: &random)
        let chosen = range.filter { _ in Int.random(in: 0..<share, using: &random) == 0 }
        let wanted = chosen.map { index in
          let place = block * 128 + index
          return Array(sample.positions[starts[place]..<starts[place + 1]])
        }
        #expect(visits.notedTogether(chosen, of: range, &cursor) == wanted, "block \(block)")
        #expect(visits.notedSingly(chosen, &cursor) == wanted, "block \(block)")
      }
      #expect(!cursor.isCorrupt)
    }
  }

  // Codes of documents of one word have no bits, so the first byte may be the section's last.
  @Test
  func `an anchored list may end with a block without positions`() throws {
    for count in [128 * 4 + 1, 128 * 4 + 100, 128 * 5] {
      let sample = AnchoredSample.singles(count) { index in
        index < 128 * 4 ? (300, UInt32(7 + index % 2)) : (1, 0)
      }
      let (bytes, infos) = try PostingsTests.write([sample], hasPositions: true)
      #expect(Self.isAnchored(infos[0], bytes))
      #expect(bytes[bytes.count - PostingsFormat.padding - 1] == PositionAnchor.none)
      try Self.expectDecoded([sample], infos, bytes)
      let found = try bytes.withUnsafeBytes { section in
        try PostingLookupTests.find(
          sample.documents, infos[0], lengths: sample.lengths, in: section, hasPositions: true,
          asksFrequencies: true, asksPositions: true)
      }
      #expect(!found.isCorrupt && found.positions == sample.positions)
    }
  }

  @Test
  func `no list is anchored that would be larger`() throws {
    for others in 10...17 {
      let sample = AnchoredSample.singles(128 * (others + 1)) { index in
        index < 128 ? (2, 1) : (128, UInt32(index % 128))
      }
      let (bytes, infos) = try PostingsTests.write([sample], hasPositions: true)
      // An anchor of two bytes saves the first block sixteen; each other loses one.
      #expect(Self.isAnchored(infos[0], bytes) == (others < 14))
      try Self.expectDecoded([sample], infos, bytes)
    }
  }

  @Test(arguments: [AnchoredSample.Spacing.dense, .sparse])
  func `no damaged byte of an anchored list makes anything trap or read outside`(
    spacing: AnchoredSample.Spacing
  ) throws {
    let sample = AnchoredSample.list(seed: 9, count: 128 * 2 + 40, spacing: spacing)
    let limit = UInt32(sample.lengths.count)
    let (bytes, infos) = try PostingsTests.write([sample], hasPositions: true)
    try #require(Self.isAnchored(infos[0], bytes))
    let wanted = (0..<limit).filter { $0 % 7 < 3 }
    var failures = 0
    for place in 0..<bytes.count - PostingsFormat.padding {
      for bit in [0, 3, 7] {
        // An exact copy on the heap: an address sanitizer sees any read outside.
        var damaged = bytes
        damaged[place] ^= 1 << UInt8(bit)
        damaged.withUnsafeBytes { section in
          if let list = try? Self.decode(infos[0], sample, in: section) {
            #expect(list.documents.allSatisfy { $0 < limit })
            #expect(list.positions.allSatisfy { $0 < 1 << 31 })
          } else {
            failures += 1
          }
          let found = try? PostingLookupTests.find(
            wanted, infos[0], lengths: sample.lengths, in: section, hasPositions: true,
            asksFrequencies: true, asksPositions: true)
          if found?.isCorrupt ?? true { failures += 1 }
        }
      }
    }
    #expect(failures > 100)
  }
}
