// SPDX-License-Identifier: Apache-2.0

/// The digits a person reads and types.
enum Digits {
  /// Replaces Persian and Arabic digits by ASCII ones.
  static func latin(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x06F0...0x06F9: append(scalar.value - 0x06F0 + 0x30)
      case 0x0660...0x0669: append(scalar.value - 0x0660 + 0x30)
      default: result.append(scalar)
      }
    }
    return String(result)

    func append(_ value: UInt32) {
      if let scalar = Unicode.Scalar(value) { result.append(scalar) }
    }
  }

  /// Replaces ASCII digits by Persian ones.
  static func persian(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if (0x30...0x39).contains(scalar.value),
        let digit = Unicode.Scalar(scalar.value - 0x30 + 0x06F0)
      {
        result.append(digit)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
