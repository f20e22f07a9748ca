// SPDX-License-Identifier: Apache-2.0

/// Character references of HTML: all numeric ones, and the named ones that Persian pages use.
enum HTMLEntities {
  /// Returns the text with its references replaced; what is none stays as it is.
  static func decoded(_ bytes: [UInt8]) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "&"), let (scalar, length) = reference(bytes[index...]) {
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        index += length
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func reference(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    let body = bytes.dropFirst().prefix(32).prefix {
      (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == UInt8(ascii: "#")
    }
    let name = String(decoding: body, as: UTF8.self)
    let hasSemicolon = bytes.dropFirst(1 + body.count).first == UInt8(ascii: ";")
    let length = 1 + body.count + (hasSemicolon ? 1 : 0)
    if name.hasPrefix("#x") || name.hasPrefix("#X") {
      return UInt32(name.dropFirst(2), radix: 16).map { (scalar($0), length) }
    }
    if name.hasPrefix("#") {
      return UInt32(name.dropFirst()).map { (scalar($0), length) }
    }
    guard hasSemicolon else { return nil }
    return named[name].map { ($0, length) }
  }

  private static func scalar(_ value: UInt32) -> Unicode.Scalar {
    value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  private static let named: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
    "zwnj": "\u{200C}", "zwj": "\u{200D}", "lrm": "\u{200E}", "rlm": "\u{200F}",
    "laquo": "«", "raquo": "»", "lsaquo": "‹", "rsaquo": "›",
    "ldquo": "“", "rdquo": "”", "bdquo": "„", "lsquo": "‘", "rsquo": "’", "sbquo": "‚",
    "hellip": "…", "mdash": "—", "ndash": "–", "shy": "\u{AD}", "bull": "•", "middot": "·",
    "ensp": "\u{2002}", "emsp": "\u{2003}", "thinsp": "\u{2009}",
    "copy": "©", "reg": "®", "trade": "™", "deg": "°", "times": "×", "divide": "÷",
    "plusmn": "±", "frac12": "½", "frac14": "¼", "frac34": "¾", "euro": "€", "pound": "£",
    "yen": "¥", "cent": "¢", "sect": "§", "para": "¶", "micro": "µ", "acute": "´",
    "larr": "←", "rarr": "→", "uarr": "↑", "darr": "↓", "minus": "−", "infin": "∞",
  ]
}
