// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct PostingBlockTests {
  /// How the documents of a block are coded.
  enum Kind: String, CaseIterable {
    case packed, rice, runs, bitSet

    init(_ header: PostingBlock.Header) {
      switch header.documents {
      case .packed(0, _): self = .runs
      case .packed: self = .packed
      case .rice: self = .rice
      case .bitSet: self = .bitSet
      }
    }
  }

  /// 128 documents from `base` on that are coded in a certain way.
  static func documents(_ kind: Kind, base: UInt32, seed: UInt64) -> [UInt32] {
    var random = SeededGenerator(seed: seed)
    var next = base
    return (0..<128).map { index in
      switch kind {
      case .packed:
        // Gaps of all widths up to one are what packing is best at.
        next += UInt32.random(in: 0..<1 << UInt32(5 + seed % 12), using: &random)
      case .rice:
        // Those of documents that are spread by chance are geometric.
        while Int.random(in: 0..<1 << (4 + Int(seed % 8)), using: &random) > 0 { next += 1 }
      case .runs:
        if seed % 4 > 0 && index % 29 == seed % 29 {
          next += UInt32.random(in: 1...(seed % 4 == 1 ? 1 : 200), using: &random)
        }
      case .bitSet:
        next += UInt32.random(in: 0...2, using: &random)
      }
      defer { next += 1 }
      return next
    }
  }

  /// Codes a block, decodes it, and says how it was coded.
  private static func roundTrip(
    _ documents: [UInt32], _ frequencies: [UInt32], base: UInt32
  ) throws -> Kind {
    var buffer = RawBuffer()
    PostingBlock.encode(
      documents: documents, frequencies: frequencies, base: base, to: &buffer)
    let size = buffer.count
    for _ in 0..<8 { buffer.append(UInt64(0)) }
    let block = UnsafeRawPointer(buffer.base)
    let header = PostingBlock.Header(block)
    #expect(header.size <= size)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 4 * 272, alignment: 64)
    defer { memory.deallocate() }
    let decoded = memory.bindMemory(to: UInt32.self, capacity: 144)
    let decodedFrequencies = (memory + 4 * 144).bindMemory(to: UInt32.self, capacity: 128)
    let last = documents[127]
    #expect(
      PostingBlock.decodeDocuments(block, header: header, base: base, last: last, to: decoded))
    #expect(Array(UnsafeBufferPointer(start: decoded, count: 128)) == documents)
    PostingBlock.decodeFrequencies(block, header: header, to: decodedFrequencies)
    #expect(Array(UnsafeBufferPointer(start: decodedFrequencies, count: 128)) == frequencies)
    for index in 0..<128 {
      #expect(PostingBlock.frequency(at: index, block, header: header) == frequencies[index])
    }
    #expect(
      !PostingBlock.decodeDocuments(
        block, header: header, base: base, last: last + 1, to: decoded))
    return Kind(header)
  }

  @Test(arguments: Kind.allCases)
  func `a block decodes to what was written, however it is coded`(kind: Kind) throws {
    var random = SeededGenerator(seed: 1)
    var kinds: [Kind: Int] = [:]
    for seed in UInt64(0)..<60 {
      let base = UInt32.random(in: 0..<1 << 30, using: &random)
      // None, few, many and wide frequencies above 1.
      let widest = UInt32(1) << UInt32(seed % 31)
      let frequencies = (0..<128).map { _ in
        Int.random(in: 0..<1 + Int(seed % 20), using: &random) == 0
          ? UInt32.random(in: 1...widest, using: &random) : 1
      }
      kinds[
        try Self.roundTrip(
          Self.documents(kind, base: base, seed: seed), frequencies, base: base), default: 0] += 1
    }
    #expect(kinds.max { $0.value < $1.value }?.key == kind, "\(kinds)")
  }

  @Test
  func `the least and the greatest doc ids and frequencies are coded`() throws {
    let ones = [UInt32](repeating: 1, count: 128)
    let most = [UInt32](repeating: 1 << 31, count: 128)
    let limit = UInt32(Int32.max)
    #expect(try Self.roundTrip(Array(0..<128), most, base: 0) == .runs)
    #expect(try Self.roundTrip(Array(limit - 128..<limit), ones, base: limit - 128) == .runs)
    #expect(try Self.roundTrip(Array(0..<127) + [limit - 1], ones, base: 0) == .packed)
    let wide = (0..<128).map { UInt32($0) << 23 + UInt32($0 * $0) }
    _ = try Self.roundTrip(wide, most, base: 0)
  }

  @Test
  func `a Rice code of any span around two to the sixteenth comes back`() throws {
    let ones = [UInt32](repeating: 1, count: 128)
    var riceCount = 0
    for seed in UInt64(0)..<40 {
      let drawn = Self.documents(.rice, base: 1000, seed: 8 * seed + 5)
      for span in [UInt32(65_534), 65_535, 65_536, 65_537] {
        let documents = Array(drawn[..<127]) + [1000 + span]
        if drawn[126] >= 1000 + span { continue }
        riceCount += try Self.roundTrip(documents, ones, base: 1000) == .rice ? 1 : 0
      }
    }
    #expect(riceCount > 60)
  }

  @Test(arguments: Kind.allCases)
  func `the words of a block, where there are any, are its documents`(kind: Kind) throws {
    for seed in UInt64(0)..<24 {
      var documents: [UInt32] = []
      for _ in 0..<3 {
        documents += Self.documents(kind, base: (documents.last ?? 0) + 2, seed: seed)
      }
      let limit = Int(documents.last ?? 0) + 1
      let sample = PostingsTests.Sample(
        lengths: [UInt8](repeating: 5, count: limit), totalLength: UInt64(limit) * 5,
        documents: documents, frequencies: documents.map { _ in 1 }, positions: [])
      let (bytes, infos) = try PostingsTests.write([sample], hasPositions: false)
      try bytes.withUnsafeBytes { section in
        let list = try PostingList(
          infos[0], section: section, limit: UInt32(limit), hasPositions: false)
        try PositionCode.table.withUnsafeBufferPointer { table in
          try sample.lengths.withUnsafeBufferPointer { lengths in
            let cursor = PostingsCursor(
              list: list, lengths: try #require(lengths.baseAddress),
              positionTable: try #require(table.baseAddress))
            defer { cursor.deallocate() }
            for block in 0..<3 {
              let own = documents[block * 128..<block * 128 + 128]
              let base = block == 0 ? 0 : documents[block * 128 - 1] + 1
              let last = documents[block * 128 + 127]
              // What was made for one block is not taken for another.
              _ = cursor.bitSetWords(0, base: 0, last: documents[127])
              guard let words = cursor.bitSetWords(block, base: base, last: last) else {
                #expect(kind == .packed || kind == .rice)
                continue
              }
              let found = (base...last).filter { document in
                let bit = Int(document) - Int(base & ~63)
                let word = words.loadUnaligned(fromByteOffset: bit / 64 * 8, as: UInt64.self)
                return UInt64(littleEndian: word) >> UInt64(bit % 64) & 1 == 1
              }
              #expect(found == Array(own))
            }
          }
        }
      }
    }
  }

  @Test(arguments: Kind.allCases)
  func `no damaged bit of a list makes a cursor trap or read outside`(kind: Kind) throws {
    let documents = Self.documents(kind, base: 5, seed: 2) + [70_000]
    let sample = PostingsTests.Sample(
      lengths: [UInt8](repeating: 5, count: 70_001), totalLength: 350_005, documents: documents,
      frequencies: documents.map { $0 % 3 + 1 }, positions: [])
    let (bytes, infos) = try PostingsTests.write([sample], hasPositions: false)
    var failures = 0
    for bit in 0..<bytes.count * 8 {
      // An exact copy on the heap: an address sanitizer sees any read outside.
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      try damaged.withUnsafeBytes { section in
        guard
          let list = try? PostingList(
            infos[0], section: section, limit: 70_001, hasPositions: false)
        else {
          failures += 1
          return
        }
        try PositionCode.table.withUnsafeBufferPointer { table in
          try sample.lengths.withUnsafeBufferPointer { lengths in
            var cursor = PostingsCursor(
              list: list, lengths: try #require(lengths.baseAddress),
              positionTable: try #require(table.baseAddress))
            defer { cursor.deallocate() }
            let last = list.lastDocument(0)
            if let words = cursor.bitSetWords(0, base: 0, last: last) {
              let bits = (0...Int(last >> 6)).reduce(0) {
                $0 + words.loadUnaligned(fromByteOffset: $1 * 8, as: UInt64.self).nonzeroBitCount
              }
              #expect(bits <= Int(last) + 1)
            }
            cursor.loadDocuments(0)
            cursor.loadFrequencies()
            let decoded = Array(UnsafeBufferPointer(start: cursor.documents, count: cursor.count))
            #expect(zip(decoded, decoded.dropFirst()).allSatisfy { $0 < $1 })
            #expect(decoded.allSatisfy { $0 < 70_001 })
            if cursor.isCorrupt { failures += 1 }
          }
        }
      }
    }
    #expect(failures > 100)
  }
}
