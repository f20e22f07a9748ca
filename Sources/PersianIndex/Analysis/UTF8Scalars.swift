// SPDX-License-Identifier: Apache-2.0

/// Decodes scalars from bytes that may not be valid UTF-8.
enum UTF8Scalars {
  /// The scalar value that stands for a byte which begins no valid sequence.
  static let invalid: UInt32 = 0xFFFD

  /// Returns the scalar that begins at an offset, and its length in bytes.
  ///
  /// A byte that begins no valid sequence is ``invalid`` with a length of 1, so every text can be
  /// walked to its end.
  ///
  /// - Parameters:
  ///   - text: The bytes.
  ///   - offset: Where to decode, less than the count of `text`.
  /// - Returns: The scalar and its length.
  /// - Complexity: O(1).
  @inline(__always)
  static func decode(
    _ text: UnsafeBufferPointer<UInt8>, at offset: Int
  ) -> (scalar: UInt32, length: Int) {
    let first = UInt32(text[offset])
    if first < 0x80 { return (first, 1) }
    let left = text.count &- offset
    if first >= 0xC2, first < 0xE0, left >= 2 {
      let second = UInt32(text[offset &+ 1])
      if second & 0xC0 == 0x80 { return ((first & 0x1F) << 6 | (second & 0x3F), 2) }
    } else if first >= 0xE0, first < 0xF0, left >= 3 {
      let second = UInt32(text[offset &+ 1])
      let third = UInt32(text[offset &+ 2])
      let scalar = (first & 0x0F) << 12 | (second & 0x3F) << 6 | (third & 0x3F)
      if second & 0xC0 == 0x80, third & 0xC0 == 0x80, scalar >= 0x800, scalar & 0xF800 != 0xD800 {
        return (scalar, 3)
      }
    } else if first >= 0xF0, first < 0xF5, left >= 4 {
      let second = UInt32(text[offset &+ 1])
      let third = UInt32(text[offset &+ 2])
      let fourth = UInt32(text[offset &+ 3])
      let high = (first & 0x07) << 18 | (second & 0x3F) << 12
      let scalar = high | (third & 0x3F) << 6 | (fourth & 0x3F)
      if second & 0xC0 == 0x80, third & 0xC0 == 0x80, fourth & 0xC0 == 0x80,
        scalar >= 0x10000, scalar < 0x11_0000
      {
        return (scalar, 4)
      }
    }
    return (invalid, 1)
  }

  /// Appends a scalar in UTF-8.
  ///
  /// - Parameters:
  ///   - scalar: A valid scalar value.
  ///   - bytes: Receives 1 to 4 bytes.
  @inline(__always)
  static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    if scalar < 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: scalar))
      return
    }
    if scalar < 0x800 {
      bytes.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
    } else {
      if scalar < 0x10000 {
        bytes.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      } else {
        bytes.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
        bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
      }
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
    }
    bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
  }

  /// Returns the greatest length up to a limit at which a text can be cut between scalars.
  ///
  /// - Parameters:
  ///   - text: The bytes.
  ///   - limit: The most bytes to keep, at least 4.
  /// - Returns: The length in bytes.
  static func cut(_ text: UnsafeBufferPointer<UInt8>, to limit: Int) -> Int {
    guard text.count > limit else { return text.count }
    var end = limit
    while end > limit - 4, text[end] & 0xC0 == 0x80 { end -= 1 }
    return text[end] & 0xC0 == 0x80 ? limit : end
  }
}
