// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct RiceCodeTests {
  /// A run as it was coded, its bytes followed by the padding of a section.
  private struct Run {
    var documents: [UInt32] = []
    var frequencies: [UInt32] = []
    var base: UInt32
    var bytes: [UInt8]
    var size: Int

    init(gaps: [UInt32], frequencies: [UInt32], base: UInt32) {
      self.base = base
      self.frequencies = frequencies
      var next = base
      for gap in gaps {
        documents.append(next + gap)
        next += gap + 1
      }
      var output = RawBuffer()
      documents.withUnsafeBufferPointer { documents in
        frequencies.withUnsafeBufferPointer { frequencies in
          RiceCode.encode(
            documents: documents, frequencies: frequencies, base: base, to: &output)
        }
      }
      bytes = Array(output.bytes)
      size = bytes.count
      bytes += [UInt8](repeating: 0xa5, count: farEnd - size + PostingsFormat.padding)
    }

    /// So many bytes that no value can reach their end.
    var farEnd: Int { size + 1 + 8 * documents.count }

    /// Decodes the run of so many bytes; `nil` where it is found damaged.
    func decoded(available: Int, limit: UInt32) -> (documents: [UInt32], frequencies: [UInt32])? {
      var documents = [UInt32](repeating: 0, count: self.documents.count)
      var frequencies = documents
      let isWhole = bytes.withUnsafeBytes { bytes -> Bool in
        guard let source = bytes.baseAddress else { return false }
        return documents.withUnsafeMutableBufferPointer { documents in
          frequencies.withUnsafeMutableBufferPointer { frequencies in
            guard let first = documents.baseAddress, let second = frequencies.baseAddress,
              let start = RiceCode.decodeDocuments(
                source, available: available, count: documents.count, base: base, limit: limit,
                to: first)
            else { return false }
            return RiceCode.decodeFrequencies(
              source, available: available, start: start, count: documents.count, to: second)
              == size
          }
        }
      }
      return isWhole ? (documents, frequencies) : nil
    }
  }

  @Test
  func `runs of every length come back, long codes and escaped values among them`() {
    var random = SeededGenerator(seed: 71)
    for count in 1...127 {
      for widest in [0, 1, 3, 8, 14, 20] {
        var gaps = (0..<count).map { _ in UInt32.random(in: 0...1 << widest, using: &random) }
        var frequencies = (0..<count).map { _ in
          UInt32.random(in: 1...(count % 3 == 0 ? 200 : 4), using: &random)
        }
        // Values far above the others are escaped.
        if count > 20 {
          gaps[Int.random(in: 0..<count, using: &random)] = 1 << UInt32(widest + 9)
          frequencies[Int.random(in: 0..<count, using: &random)] = 1_000_000
        }
        let run = Run(gaps: gaps, frequencies: frequencies, base: UInt32(count % 5))
        let limit = (run.documents.last ?? 0) + 1
        let decoded = run.decoded(available: run.size, limit: limit)
        #expect(decoded?.documents == run.documents)
        #expect(decoded?.frequencies == run.frequencies)
        let early = run.decoded(available: run.farEnd, limit: limit)
        #expect(early?.documents == run.documents)
        #expect(early?.frequencies == run.frequencies)
        #expect(run.decoded(available: run.size, limit: limit - 1) == nil)
        #expect(run.decoded(available: run.size / 2, limit: limit) == nil || count < 40)
      }
    }
  }

  @Test
  func `a single great frequency among ones comes back, escaped or not`() {
    for count in [1, 2, 63, 64, 65, 100, 127] {
      for place in [0, count / 2, count - 1] {
        for frequency in UInt32(1)...60 {
          var frequencies = [UInt32](repeating: 1, count: count)
          frequencies[place] = frequency
          let run = Run(
            gaps: [UInt32](repeating: 2, count: count), frequencies: frequencies, base: 7)
          let limit = (run.documents.last ?? 0) + 1
          for available in [run.size, run.farEnd] {
            let decoded = run.decoded(available: available, limit: limit)
            #expect(decoded?.documents == run.documents)
            #expect(decoded?.frequencies == frequencies)
          }
        }
      }
    }
  }

  @Test
  func `ones without an end are no frequencies`() {
    let ones = [UInt8](repeating: 0, count: 1) + [UInt8](repeating: 0xff, count: 4096)
    var frequencies = [UInt32](repeating: 0, count: 127)
    let size = ones.withUnsafeBytes { bytes -> Int? in
      guard let source = bytes.baseAddress else { return nil }
      return frequencies.withUnsafeMutableBufferPointer { frequencies in
        guard let first = frequencies.baseAddress else { return nil }
        return RiceCode.decodeFrequencies(
          source, available: 2048, start: 8, count: 127, to: first)
      }
    }
    // Each is escaped and has 24 + 32 bits.
    #expect(size == 1 + 127 * 7)
  }
}
