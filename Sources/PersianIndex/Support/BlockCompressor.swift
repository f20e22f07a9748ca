// SPDX-License-Identifier: Apache-2.0

/// Compresses blocks of bytes by replacing what came before by a distance and a length.
///
/// The method is that of Ziv and Lempel, "A universal algorithm for sequential data compression",
/// IEEE Trans. Inf. Theory 23(3), 1977, in a form made for fast decoding. A block is a row of
/// sequences:
///
///     1 byte      number of literals in the upper, length of the match less 4 in the lower half;
///                 15 stands for 15 and more, and more follows: bytes to be added, up to the
///                 first that is not 255
///     ...         the literals, preceded by the rest of their number
///     2 bytes     distance back to the match, 1 to 65,535, little-endian
///     ...         the rest of the match's length
///
/// The last sequence ends after its literals. ``BlockDecompressor`` is the other direction.
package struct BlockCompressor: ~Copyable {
  static let shortestMatch = 4
  static let farthestMatch = 65_535
  private static let hashBits: UInt64 = 14

  // The position after which the hashed bytes were last seen, less the base; 0 for never.
  private let table = UnsafeMutablePointer<UInt32>.allocate(
    capacity: 1 << Int(BlockCompressor.hashBits))

  package init() {}

  deinit {
    table.deallocate()
  }

  /// Appends the compressed form of `source` to `output`; at most 16 + `source.count` * 256 / 255.
  ///
  /// - Complexity: O(`source.count`); it keeps no memory of earlier blocks.
  package mutating func compress(
    _ source: UnsafeRawBufferPointer, appendingTo output: inout [UInt8]
  ) {
    let bound = source.count + source.count / 255 + 32
    let written = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      count = encode(source, UnsafeMutableRawBufferPointer(buffer))
    }
    output.append(contentsOf: written)
  }

  private func encode(
    _ source: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let input = source.baseAddress, var out = output.baseAddress else { return 0 }
    let start = out
    let end = source.count
    var anchor = 0
    // Loads of eight bytes stay within the source.
    let searchEnd = end - 12
    if searchEnd > 0 {
      table.update(repeating: 0, count: 1 << Int(Self.hashBits))
      var position = 0
      var misses = 0
      while position < searchEnd {
        let word = Self.load(input, position)
        let slot = Self.slot(of: word)
        let candidate = Int(table[slot]) - 1
        table[slot] = UInt32(truncatingIfNeeded: position + 1)
        guard candidate >= 0, position - candidate <= Self.farthestMatch,
          UInt32(truncatingIfNeeded: Self.load(input, candidate))
            == UInt32(truncatingIfNeeded: word)
        else {
          // Text that does not compress is passed over faster and faster.
          misses += 1
          position += 1 + misses >> 6
          continue
        }
        misses = 0
        var from = candidate
        var to = position
        while to > anchor, from > 0, input.byte(to - 1) == input.byte(from - 1) {
          to -= 1
          from -= 1
        }
        let length =
          position - to + Self.matchLength(input, candidate, position, limit: end)
        out = Self.emit(
          out, input + anchor, literals: to - anchor, distance: to - from, length: length)
        position = to + length
        anchor = position
        if position < searchEnd {
          table[Self.slot(of: Self.load(input, position - 2))] =
            UInt32(truncatingIfNeeded: position - 1)
        }
      }
    }
    out = Self.emit(out, input + anchor, literals: end - anchor, distance: 0, length: 0)
    return out - start
  }

  @inline(__always)
  private static func load(_ input: UnsafeRawPointer, _ position: Int) -> UInt64 {
    UInt64(littleEndian: input.loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  // Six bytes are hashed: three letters of Persian text. Shorter repeats are not worth a sequence.
  @inline(__always)
  private static func slot(of word: UInt64) -> Int {
    Int(((word &<< 16) &* 0x9e37_79b1_85eb_ca87) &>> (64 - hashBits))
  }

  @inline(__always)
  private static func matchLength(
    _ input: UnsafeRawPointer, _ first: Int, _ second: Int, limit: Int
  ) -> Int {
    var length = 0
    while second + length + 8 <= limit {
      let difference = load(input, first + length) ^ load(input, second + length)
      if difference != 0 { return length + difference.trailingZeroBitCount / 8 }
      length += 8
    }
    while second + length < limit, input.byte(first + length) == input.byte(second + length) {
      length += 1
    }
    return length
  }

  @inline(__always)
  private static func emit(
    _ output: UnsafeMutableRawPointer, _ literalBytes: UnsafeRawPointer, literals: Int,
    distance: Int, length: Int
  ) -> UnsafeMutableRawPointer {
    var out = output
    let extra = max(length - shortestMatch, 0)
    out.storeBytes(of: UInt8(min(literals, 15) << 4 | min(extra, 15)), as: UInt8.self)
    out += 1
    if literals >= 15 { out = emitRest(out, literals - 15) }
    out.copyMemory(from: literalBytes, byteCount: literals)
    out += literals
    guard distance > 0 else { return out }
    out.storeBytes(of: UInt16(truncatingIfNeeded: distance).littleEndian, as: UInt16.self)
    out += 2
    return extra >= 15 ? emitRest(out, extra - 15) : out
  }

  private static func emitRest(
    _ output: UnsafeMutableRawPointer, _ number: Int
  ) -> UnsafeMutableRawPointer {
    var out = output
    var rest = number
    while rest >= 255 {
      out.storeBytes(of: 255, as: UInt8.self)
      out += 1
      rest -= 255
    }
    out.storeBytes(of: UInt8(rest), as: UInt8.self)
    return out + 1
  }
}

extension UnsafeRawPointer {
  @inline(__always)
  fileprivate func byte(_ offset: Int) -> UInt8 {
    load(fromByteOffset: offset, as: UInt8.self)
  }
}
