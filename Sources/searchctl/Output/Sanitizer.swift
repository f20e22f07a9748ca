// SPDX-License-Identifier: Apache-2.0

/// Makes text from files and the command line safe to show.
///
/// A file name or a document can carry escape sequences that drive a terminal, line breaks that
/// fake output, and marks that turn the direction of what follows. The half-space (U+200C) and
/// the joiner (U+200D) are letters' business in Persian and stay.
enum Sanitizer {
  /// Returns the text with control and direction characters written out as `\u{…}`.
  static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where isUnsafe(scalar):
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a scalar could disturb a terminal or mislead its reader.
  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F: true
    case 0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029: true
    case 0x202A...0x202E, 0x2060...0x206F, 0xFEFF: true
    case 0xE0000...0xE007F: true
    default: false
    }
  }

  /// Returns the text without unsafe characters.
  static func withoutControls(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { !isUnsafe($0) }))
  }

  /// Returns running text with breaks turned into spaces and unsafe characters left out.
  static func running(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var space = false
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        space = true
      } else if !isUnsafe(scalar) {
        if space, !result.isEmpty { result.append(" ") }
        space = false
        result.append(scalar)
      }
    }
    return String(result)
  }
}
