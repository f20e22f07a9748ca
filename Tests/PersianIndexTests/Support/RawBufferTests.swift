// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct RawBufferTests {
  private struct Piece {
    var value: UInt64
    var count: Int
  }

  private func pieces(_ generator: inout SeededGenerator) -> [Piece] {
    (0..<Int.random(in: 0...400, using: &generator)).map { _ in
      let count = Int.random(in: 0...56, using: &generator)
      return Piece(value: generator.next() & ((1 << UInt64(count)) - 1), count: count)
    }
  }

  /// The bytes of some bits, the lowest first.
  private func bytes(_ pieces: [Piece]) -> [UInt8] {
    let bits = pieces.flatMap { piece in (0..<piece.count).map { piece.value >> UInt64($0) & 1 } }
    return stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<min(start + 8, bits.count)].reversed().reduce(0) { $0 << 1 | UInt8($1) }
    }
  }

  @Test(arguments: 1...8)
  func `Bits of a tail and of single calls follow one another`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var buffer = RawBuffer()
    var all: [Piece] = []
    for round in 0..<12 {
      let pieces = pieces(&generator)
      all += pieces
      if round % 2 == 0 {
        for piece in pieces { buffer.appendBits(piece.value, count: piece.count) }
      } else {
        var tail = buffer.tail(reserving: 0)
        for piece in pieces {
          if !tail.hasRoom(for: piece.count) {
            buffer.end(tail)
            tail = buffer.tail(reserving: piece.count)
          }
          tail.append(piece.value, count: piece.count)
        }
        buffer.end(tail)
      }
    }
    buffer.alignToByte()
    #expect(Array(buffer.bytes) == bytes(all))
  }
}
