// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct DocValuesTests {
  private static func write(_ values: [Int64?]) throws(IndexError) -> SegmentFile {
    let directory = MemoryDirectory()
    let file = try SegmentFileWriter(directory, segmentID: 1)
    let bytes = DocValuesWriter.encode(documentCount: values.count) { values[Int($0)] }
    try file.writeSection(.docValues, field: 3, bytes)
    _ = try file.finish()
    return try SegmentFile(directory.open(IndexFileName.segment(id: 1).description))
  }

  private static let samples: [[Int64?]] = {
    var generator = SeededGenerator(seed: 17)
    let days = (0..<3000).map { _ in Int64.random(in: 0...4000, using: &generator) * 86_400_000 }
    return [
      [], [nil], [5], [nil, 5, nil], [.min, .max], [.max, .max, .max], [0, nil, .min],
      Array(repeating: 7, count: 5000), Array(repeating: nil, count: 2000), days,
      days.map { $0 % 3 == 0 ? nil : $0 - 9 },
      (0..<2500).map { _ in Int64.random(in: .min ... .max, using: &generator) },
      (0..<1025).map { Int64($0) - 500 },
      (0..<4000).map { (1024..<2048).contains($0) ? nil : Int64($0) << 40 },
      (0..<1100).map { $0 % 2 == 0 ? 0 : 1 << 56 }, (0..<1100).map { $0 % 2 == 0 ? 0 : 1 << 58 },
    ]
  }()

  @Test(arguments: 0..<16)
  func `numbers come back and ranges are found`(sample: Int) throws {
    let values = Self.samples[sample]
    let reader = try #require(try DocValuesReader(Self.write(values), column: 3))
    #expect(reader.documentCount == values.count)
    #expect((0..<UInt32(values.count)).map { reader.value(of: $0) } == values)
    let present = values.compactMap { $0 }
    #expect(reader.bounds?.lowerBound == present.min())
    #expect(reader.bounds?.upperBound == present.max())
    var generator = SeededGenerator(seed: UInt64(sample))
    var ranges: [ClosedRange<Int64>] = [.min ... .max, 0...0, 1_000...2_000]
    for _ in 0..<20 where !present.isEmpty {
      let ends = (0..<2).map { _ in present.randomElement(using: &generator) ?? 0 }
      ranges.append(min(ends[0], ends[1])...max(ends[0], ends[1]))
    }
    for range in ranges {
      var words = [UInt64](repeating: 0, count: (values.count + 63) / 64)
      words.withUnsafeMutableBufferPointer { reader.mark(range, in: $0) }
      let found = (0..<values.count).filter { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
      #expect(found == values.indices.filter { values[$0].map { range.contains($0) } ?? false })
    }
  }

  @Test func `a column the segment does not have is nil`() throws {
    #expect(try DocValuesReader(Self.write([1]), column: 4) == nil)
  }

  @Test func `days take the bits of days`() throws {
    let file = try Self.write(Self.samples[9])
    #expect(try file.requiredSection(.docValues, field: 3).count < 3000 * 12 / 8 + 200)
  }

  @Test(arguments: [1, 3, 6, 4, 12])
  func `damage behind valid checksums gives an error or another number, never a trap`(
    sample: Int
  ) throws {
    let values = Self.samples[sample].prefix(1030)
    let file = try Self.write(Array(values))
    let bytes = Array(try file.requiredSection(.docValues, field: 3))
    forEachDamage(of: bytes) { damaged, what in
      do throws(IndexError) {
        guard
          let reader = try DocValuesReader(
            file.resealed(replacing: .docValues, field: 3, with: damaged), column: 3)
        else { return }
        for document in 0..<UInt32(reader.documentCount) { _ = reader.value(of: document) }
        var words = [UInt64](repeating: 0, count: (reader.documentCount + 63) / 64)
        words.withUnsafeMutableBufferPointer { reader.mark(-5...5, in: $0) }
      } catch {
        #expect(error.code == .corrupt, "\(what)")
      }
    }
  }
}
