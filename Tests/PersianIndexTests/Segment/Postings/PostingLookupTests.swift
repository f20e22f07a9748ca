// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct PostingLookupTests {
  /// What a lookup finds of some documents, one after another.
  struct Found: Equatable {
    var documents: [UInt32] = []
    var frequencies: [UInt32] = []
    var positions: [UInt32] = []
    var isCorrupt = false
  }

  /// Asks for some documents; for the positions of each that is found, or its frequency, or both.
  static func find(
    _ wanted: [UInt32], _ info: TermInfo, lengths: [UInt8], in section: UnsafeRawBufferPointer,
    hasPositions: Bool, asksFrequencies: Bool, asksPositions: Bool
  ) throws -> Found {
    let list = try PostingList(
      info, section: section, limit: UInt32(lengths.count), hasPositions: hasPositions)
    let memory = PostingLookup.Memory()
    return try PositionCode.table.withUnsafeBufferPointer { table in
      try lengths.withUnsafeBufferPointer { lengths in
        let table = try #require(table.baseAddress)
        var lookup = PostingLookup(
          list, lengths: try #require(lengths.baseAddress), positionTable: table, memory)
        var buffer = PositionBuffer()
        defer { buffer.deallocate() }
        var found = Found()
        for document in wanted where lookup.move(to: document) {
          found.documents.append(document)
          if asksFrequencies { found.frequencies.append(lookup.frequency()) }
          guard asksPositions, var place = lookup.locatePositions() else { continue }
          place.read()
          buffer.reserve(place.frequency)
          if place.decode(table: table, to: buffer.base) {
            found.positions += UnsafeBufferPointer(start: buffer.base, count: place.frequency)
          }
        }
        found.isCorrupt = lookup.isCorrupt
        return found
      }
    }
  }

  /// What it is to find, from the sample itself.
  static func expected(
    _ wanted: [UInt32], _ sample: PostingsTests.Sample, asksFrequencies: Bool,
    asksPositions: Bool
  ) -> Found {
    let wanted = Set(wanted)
    var found = Found()
    var start = 0
    for (document, frequency) in zip(sample.documents, sample.frequencies) {
      let end = start + Int(frequency)
      defer { start = end }
      guard wanted.contains(document) else { continue }
      found.documents.append(document)
      if asksFrequencies { found.frequencies.append(frequency) }
      if asksPositions { found.positions += sample.positions[start..<end] }
    }
    return found
  }

  @Test(arguments: [1, 3, 40, 1_000])
  func `what is asked for here and there is what was written`(step: Int) throws {
    var random = SeededGenerator(seed: UInt64(step))
    for (seed, count) in [1, 2, 90, 127, 128, 129, 700, 4_000, 9_990].enumerated() {
      for isClustered in [false, true] {
        var sample = PostingsTests.sample(
          seed: UInt64(seed), count: count, limit: 10_000, isClustered: isClustered)
        if seed % 3 == 1 {
          // Lists without frequencies are coded in another way.
          sample.positions =
            zip(sample.frequencies.indices, sample.frequencies).reduce(
              into: (positions: [UInt32](), start: 0)
            ) {
              $0.positions.append(sample.positions[$0.start])
              $0.start += Int($1.1)
            }.positions
          sample.frequencies = sample.frequencies.map { _ in 1 }
        }
        for hasPositions in [false, true] {
          let (bytes, infos) = try PostingsTests.write([sample], hasPositions: hasPositions)
          let wanted = (0..<UInt32(10_000)).filter { _ in
            Int.random(in: 0..<step, using: &random) == 0
          }
          for (asksFrequencies, asksPositions) in [(true, false), (false, true), (true, true)]
          where hasPositions || !asksPositions {
            let found = try bytes.withUnsafeBytes { section in
              try Self.find(
                wanted, infos[0], lengths: sample.lengths, in: section,
                hasPositions: hasPositions, asksFrequencies: asksFrequencies,
                asksPositions: asksPositions)
            }
            let expected = Self.expected(
              wanted, sample, asksFrequencies: asksFrequencies, asksPositions: asksPositions)
            #expect(found == expected)
          }
        }
      }
    }
  }

  @Test
  func `no damaged byte makes a lookup trap or read outside`() throws {
    let samples = [3, 300, 500].map { count in
      PostingsTests.sample(
        seed: 9, count: count, limit: 900, isClustered: count == 500, longest: 50)
    }
    let (bytes, infos) = try PostingsTests.write(samples, hasPositions: true)
    let wanted = (0..<UInt32(900)).filter { $0 % 7 < 3 }
    var failures = 0
    for (sample, info) in zip(samples, infos) {
      for place in Int(info.offset)..<bytes.count {
        for bit in [0, 3, 7] {
          // An exact copy on the heap: an address sanitizer sees any read outside.
          var damaged = bytes
          damaged[place] ^= 1 << UInt8(bit)
          damaged.withUnsafeBytes { section in
            let found = try? Self.find(
              wanted, info, lengths: sample.lengths, in: section, hasPositions: true,
              asksFrequencies: true, asksPositions: true)
            if found?.isCorrupt ?? true { failures += 1 }
          }
        }
      }
    }
    #expect(failures > 100)
  }
}
