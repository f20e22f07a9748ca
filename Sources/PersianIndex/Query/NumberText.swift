// SPDX-License-Identifier: Apache-2.0

/// Reads numbers in Latin, Persian and Arabic-Indic digits.
enum NumberText {
  /// The text with its digits in ASCII, `٫` as a point, and group marks left out.
  static func ascii(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x06F0...0x06F9: result.append(Unicode.Scalar(UInt8(scalar.value - 0x06F0 + 0x30)))
      case 0x0660...0x0669: result.append(Unicode.Scalar(UInt8(scalar.value - 0x0660 + 0x30)))
      case 0x066B: result.append(".")
      case 0x066C: continue
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  static func integer(_ text: some StringProtocol) -> Int64? {
    Int64(ascii(text))
  }

  static func number(_ text: some StringProtocol) -> Double? {
    Double(ascii(text)).flatMap { $0.isFinite ? $0 : nil }
  }
}
