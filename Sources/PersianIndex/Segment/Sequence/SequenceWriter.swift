// SPDX-License-Identifier: Apache-2.0

/// Codes the insertion numbers of a segment's documents.
///
/// The bytes, all numbers little-endian:
///
///     0   8 bytes  base
///     8   1        step: 1 where the numbers ascend with the documents, 0 otherwise
///     9   1        width: the bits of each remainder, 0 to 56, or 64
///     10  6        zeros
///     16           the remainders, packed from the lowest bit of each byte up
///
/// The number of document *d* is base + step × *d* + remainder *d*. Documents inserted one after
/// another need no remainders at all.
package enum SequenceWriter {
  /// The bytes before the remainders.
  package static let headerSize = 16

  /// Returns the bytes of a section.
  ///
  /// - Parameter numbers: The insertion number of every document, by doc id.
  /// - Returns: The bytes of the section.
  /// - Complexity: O(*n*).
  package static func encode(_ numbers: [UInt64]) -> [UInt8] {
    let isAscending = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    let step: UInt64 = isAscending ? 1 : 0
    let base = (isAscending ? numbers.first : numbers.min()) ?? 0
    var greatest: UInt64 = 0
    for (document, number) in numbers.enumerated() {
      greatest |= number - base - step * UInt64(document)
    }
    var width = UInt64.bitWidth - greatest.leadingZeroBitCount
    if width > 56 { width = 64 }
    var writer = ByteWriter()
    writer.reserve(headerSize + (numbers.count * width + 7) / 8)
    writer.append(base)
    writer.append(UInt8(step))
    writer.append(UInt8(width))
    writer.append(repeatElement(UInt8(0), count: 6))
    var pending: UInt64 = 0
    var bits = 0
    for (document, number) in numbers.enumerated() where width > 0 {
      let remainder = number - base - step * UInt64(document)
      if width == 64 {
        writer.append(remainder)
        continue
      }
      pending |= remainder << UInt64(bits)
      bits += width
      while bits >= 8 {
        writer.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        bits -= 8
      }
    }
    if bits > 0 { writer.append(UInt8(truncatingIfNeeded: pending)) }
    return writer.bytes
  }
}
