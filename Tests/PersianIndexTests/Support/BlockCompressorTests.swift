// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct BlockCompressorTests {
  @Test(arguments: 0..<40)
  func `every prefix of a block comes back`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let block = Self.block(using: &generator)
    let compressed = Self.compressed(block)
    #expect(compressed.count <= block.count + block.count / 255 + 16)
    for _ in 0..<20 {
      let wanted = Int.random(in: 0...block.count, using: &generator)
      let slack = Bool.random(using: &generator) ? BlockDecompressor.slack : 0
      let result = Self.decompressed(compressed, wanted: wanted, slack: slack)
      #expect(result == Array(block[..<wanted]))
    }
    #expect(Self.decompressed(compressed, wanted: block.count, slack: 0) == block)
  }

  @Test func `repetitive text becomes much smaller`() {
    let block = Array(String(repeating: "تعاونی توسعه و عمران، ", count: 500).utf8)
    #expect(Self.compressed(block).count < block.count / 50)
  }

  @Test(arguments: 0..<20)
  func `damaged blocks give wrong bytes or nothing but never reach outside`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let block = Self.block(using: &generator)
    let compressed = Self.compressed(block)
    for _ in 0..<200 {
      var damaged = compressed
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: damaged.removeLast(Int.random(in: 0...damaged.count, using: &generator))
      case 1: damaged = [UInt8].random(upTo: 200, using: &generator)
      default:
        for _ in 0..<3 where !damaged.isEmpty {
          let place = Int.random(in: 0..<damaged.count, using: &generator)
          damaged[place] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      // A guard of known bytes after the buffer shows a write beyond it.
      let result = Self.decompressed(damaged, wanted: block.count, slack: 0)
      #expect(result == nil || result?.count == block.count)
    }
  }

  @Test func `a cut block is noticed when its end is wanted`() {
    let block = Array("این متن کوتاه است و تکرار ندارد".utf8)
    let compressed = Self.compressed(block)
    for length in 0..<compressed.count {
      let cut = Array(compressed[..<length])
      #expect(Self.decompressed(cut, wanted: block.count, slack: 32) == nil)
    }
  }

  private static func block(using generator: inout SeededGenerator) -> [UInt8] {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return .random(upTo: 5000, using: &generator)
    case 1: return .random(upTo: 70_000, alphabet: 0...1, using: &generator)
    case 2: return [UInt8](repeating: 5, count: Int.random(in: 0...200_000, using: &generator))
    default:
      let words = (0..<50).map { _ in
        [UInt8].random(upTo: 12, alphabet: 0x80...0xbf, using: &generator)
      }
      return (0..<3000).flatMap { _ in words.randomElement(using: &generator) ?? [] }
    }
  }

  private static func compressed(_ block: [UInt8]) -> [UInt8] {
    var compressor = BlockCompressor()
    var output: [UInt8] = []
    block.withRawBytes { compressor.compress($0, appendingTo: &output) }
    return output
  }

  private static func decompressed(_ source: [UInt8], wanted: Int, slack: Int) -> [UInt8]? {
    let guardSize = 64
    var output = [UInt8](repeating: 0xa5, count: wanted + slack + guardSize)
    let isWhole = output.withUnsafeMutableBytes { output in
      source.withRawBytes {
        BlockDecompressor.decompress(
          $0, into: UnsafeMutableRawBufferPointer(rebasing: output[..<(wanted + slack)]),
          wanted: wanted)
      }
    }
    #expect(output.suffix(guardSize).allSatisfy { $0 == 0xa5 })
    return isWhole ? Array(output[..<wanted]) : nil
  }
}
