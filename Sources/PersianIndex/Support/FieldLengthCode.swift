// SPDX-License-Identifier: Apache-2.0

/// Codes the length of a field in one byte: exact to 64 tokens, within 3 % to about 5,000, coarser
/// above.
///
/// Code *c* stands for the lengths from `lowerBounds[c]` up to, not including, `lowerBounds[c + 1]`.
/// Ranking takes the middle of that range; the coding of positions relies on its end, so a field's
/// length is always greater than every position in it.
package enum FieldLengthCode {
  /// The shortest length of each code, and at index 256 one past the longest length of all.
  package static let lowerBounds: [UInt32] = {
    var bounds: [UInt32] = []
    var length: UInt64 = 0
    while bounds.count < 256 {
      bounds.append(UInt32(length))
      if bounds.count < 40 {
        length += 1
      } else if bounds.count < 219 {
        length += max(1, length / 32)
      } else {
        length += length * 2 / 5
      }
    }
    bounds.append(maximumLength + 1)
    return bounds
  }()

  /// The greatest length that can be coded: 2³¹ − 1 tokens.
  package static let maximumLength: UInt32 = 0x7fff_ffff

  /// What ranking takes as the length of each code: the middle of its range.
  package static let rankingLengths: [Float] = (0..<256).map { code in
    let first = lowerBounds[code]
    let last = lowerBounds[code + 1] - 1
    return code == 255 ? Float(first) : Float(first) + Float((last - first) / 2)
  }

  /// Returns the code of a length.
  ///
  /// - Parameter length: A length in tokens, at most ``maximumLength``.
  /// - Returns: The code of the lengths that it is one of.
  /// - Complexity: O(1): eight steps of a binary search.
  package static func encode(_ length: UInt32) -> UInt8 {
    if length < 40 { return UInt8(length) }
    var low = 40
    var high = 255
    while low < high {
      let middle = (low + high + 1) / 2
      if lowerBounds[middle] <= length { low = middle } else { high = middle - 1 }
    }
    return UInt8(low)
  }

  /// Returns the longest length that has a code: every position of the field is below it.
  ///
  /// - Parameter code: The code of a field's length.
  /// - Returns: One less than the lower bound of the next code.
  package static func universe(_ code: UInt8) -> UInt32 {
    lowerBounds[Int(code) + 1] - 1
  }
}
