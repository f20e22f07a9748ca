// SPDX-License-Identifier: Apache-2.0

/// Numbers of equally many bits each, one after another from the lowest bit of the first byte.
///
/// A view: whoever owns the bytes must outlive it, and at least 8 bytes after the numbers must be
/// readable.
package struct PackedIntegers {
  /// The widest numbers a single load can reach at every bit position.
  package static let mostBits = 57

  private let start: UnsafeRawPointer
  private let width: Int
  private let mask: UInt64

  /// Creates a view.
  ///
  /// - Parameters:
  ///   - start: The first byte; the caller has checked that `byteCount` bytes are there.
  ///   - width: The bits of a number, 0 to ``mostBits``.
  package init(_ start: UnsafeRawPointer, width: Int) {
    self.start = start
    self.width = width
    mask = width == 0 ? 0 : UInt64.max >> UInt64(64 - width)
  }

  /// The number at a place, which must be below the count.
  @inline(__always)
  package subscript(_ index: Int) -> UInt64 {
    let bit = index &* width
    let word = UInt64(
      littleEndian: start.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
    return (word &>> UInt64(bit & 7)) & mask
  }

  /// The bytes that `count` numbers of `width` bits take.
  package static func byteCount(of count: Int, width: Int) -> Int {
    (count * width + 7) / 8
  }

  /// The bits needed for numbers up to `largest`.
  package static func width(for largest: UInt64) -> Int {
    64 - largest.leadingZeroBitCount
  }

  /// Appends numbers, padded to a whole byte.
  package static func append(
    _ numbers: some Sequence<UInt64>, width: Int, to writer: inout ByteWriter
  ) {
    var pending: UInt64 = 0
    var bits = 0
    for number in numbers {
      pending |= number &<< UInt64(bits)
      bits += width
      while bits >= 8 {
        writer.append(UInt8(truncatingIfNeeded: pending))
        pending &>>= 8
        bits -= 8
      }
    }
    if bits > 0 { writer.append(UInt8(truncatingIfNeeded: pending)) }
  }
}
