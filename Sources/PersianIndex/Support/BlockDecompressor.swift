// SPDX-License-Identifier: Apache-2.0

/// Undoes ``BlockCompressor``; damaged input makes it give up, never read or write out of bounds.
package enum BlockDecompressor {
  /// The bytes past the wanted ones that a buffer should have for the fast path to be taken.
  package static let slack = 32

  /// The largest block that `count` compressed bytes can hold.
  package static func largestSize(from count: Int) -> Int {
    count > Int.max / 256 ? Int.max : count * 255 + 64
  }

  /// Decompresses a block, or the first bytes of it.
  ///
  /// - Parameters:
  ///   - source: The compressed block.
  ///   - output: Where the bytes go; those after the wanted ones may be overwritten.
  ///   - wanted: How many bytes are wanted, at most `output.count`.
  /// - Returns: Whether that many could be had; `false` where the block is damaged.
  /// - Complexity: O(`wanted`).
  package static func decompress(
    _ source: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, wanted: Int
  ) -> Bool {
    guard wanted > 0 else { return true }
    guard var input = source.baseAddress, let start = output.baseAddress,
      wanted <= output.count
    else { return false }
    let inputEnd = input + source.count
    let end = start + output.count
    let goal = start + wanted
    var out = start
    while out < goal {
      guard input < inputEnd else { return false }
      let token = Int(input.load(as: UInt8.self))
      input += 1

      var literals = token >> 4
      if literals == 15 {
        guard let rest = readRest(&input, inputEnd) else { return false }
        literals += rest
      }
      if literals <= 16, inputEnd - input >= 16, end - out >= 16 {
        copy16(from: input, to: out)
      } else {
        guard literals <= inputEnd - input else { return false }
        // The last literals wanted may be only a part of the sequence's.
        out.copyMemory(from: input, byteCount: min(literals, end - out))
        if literals >= goal - out { return true }
      }
      guard literals <= inputEnd - input else { return false }
      input += literals
      out += literals
      if out >= goal { return true }

      guard inputEnd - input >= 2 else { return false }
      let distance = Int(UInt16(littleEndian: input.loadUnaligned(as: UInt16.self)))
      input += 2
      var length = token & 15 + BlockCompressor.shortestMatch
      if token & 15 == 15 {
        guard let rest = readRest(&input, inputEnd) else { return false }
        length += rest
      }
      guard distance > 0, distance <= out - start else { return false }
      let match = UnsafeRawPointer(out) - distance
      if distance >= 16, length <= 32, end - out >= 32 {
        copy16(from: match, to: out)
        copy16(from: match + 16, to: out + 16)
      } else {
        copyOverlapping(from: match, to: out, count: min(length, end - out))
      }
      if length >= goal - out { return true }
      out += length
    }
    return true
  }

  // `nil` where the bytes end or the number is absurd.
  @inline(__always)
  private static func readRest(_ input: inout UnsafeRawPointer, _ end: UnsafeRawPointer) -> Int? {
    var sum = 0
    while input < end {
      let byte = Int(input.load(as: UInt8.self))
      input += 1
      sum += byte
      if byte < 255 { return sum }
    }
    return nil
  }

  @inline(__always)
  private static func copy16(from: UnsafeRawPointer, to: UnsafeMutableRawPointer) {
    to.storeBytes(
      of: from.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
  }

  private static func copyOverlapping(
    from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int
  ) {
    let distance = UnsafeRawPointer(target) - source
    var done = 0
    // What is copied repeats with the period `distance`, so each round can copy twice as much.
    while done < count {
      let step = min(count - done, distance + done)
      (target + done).copyMemory(from: source, byteCount: step)
      done += step
    }
  }
}
