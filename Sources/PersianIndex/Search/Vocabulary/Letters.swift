// SPDX-License-Identifier: Apache-2.0

/// Brings parts of words into the letters of the vocabulary, where the analyzer, which wants whole
/// words, cannot.
enum Letters {
  /// The text in Persian letters and ASCII digits, without half-spaces, vowel signs and tatweel,
  /// Latin letters in lower case.
  static func folded(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.lowercased().unicodeScalars {
      switch scalar.value {
      case 0x064A, 0x0649, 0x06D0, 0x06D2, 0x06CD: result.append("ی")
      case 0x0643, 0x06AA: result.append("ک")
      case 0x0629, 0x06C0, 0x06C1, 0x06C2, 0x06C3, 0x06D5, 0x06BE: result.append("ه")
      case 0x0623, 0x0625, 0x0671: result.append("ا")
      case 0x0660...0x0669: result.append(digit(scalar.value - 0x0660))
      case 0x06F0...0x06F9: result.append(digit(scalar.value - 0x06F0))
      case 0x0640, 0x064B...0x065F, 0x0670, 0x200B...0x200F, 0x00AD, 0x061C, 0xFEFF: continue
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func digit(_ value: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(truncatingIfNeeded: 0x30 + value))
  }
}
