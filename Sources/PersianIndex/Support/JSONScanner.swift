// SPDX-License-Identifier: Apache-2.0

/// Reads JSON text (RFC 8259) of a known shape from front to back, and refuses everything else.
struct JSONScanner {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The error of a text that is not as it should be.
  func malformed(_ what: String) -> IndexError {
    IndexError(.invalidArgument, "the JSON text is malformed: \(what)", offset: UInt64(offset))
  }

  /// Reads an object and calls a closure with the name of each member, whose value it must read.
  ///
  /// - Throws: `.invalidArgument` for a name that occurs twice, and for anything but an object.
  mutating func object(
    _ member: (inout JSONScanner, String) throws(IndexError) -> Void
  ) throws(IndexError) {
    try expect("{")
    if skip("}") { return }
    var names: Set<String> = []
    repeat {
      let name = try string()
      guard names.insert(name).inserted else { throw malformed("\"\(name)\" is there twice") }
      try expect(":")
      try member(&self, name)
    } while skip(",")
    try expect("}")
  }

  /// Reads an array and calls a closure for each element, which it must read.
  mutating func array(
    _ element: (inout JSONScanner) throws(IndexError) -> Void
  ) throws(IndexError) {
    try expect("[")
    if skip("]") { return }
    repeat { try element(&self) } while skip(",")
    try expect("]")
  }

  /// Reads a whole number of 0 or more without sign, fraction or exponent.
  mutating func count<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self
  ) throws(IndexError) -> Number {
    skipSpace()
    var value: Number = 0
    let start = offset
    while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) {
      let (scaled, first) = value.multipliedReportingOverflow(by: 10)
      let (sum, second) = scaled.addingReportingOverflow(Number(bytes[offset] - 0x30))
      guard !first, !second else { throw malformed("a number is too large") }
      value = sum
      offset += 1
    }
    guard offset > start, offset == start + 1 || bytes[start] != 0x30 else {
      throw malformed("a whole number was expected")
    }
    return value
  }

  /// Reads a string.
  mutating func string() throws(IndexError) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while true {
      guard offset < bytes.count else { throw malformed("a string does not end") }
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw malformed("a control character in a string")
      default: text.append(byte)
      }
    }
  }

  /// Checks that nothing follows.
  mutating func end() throws(IndexError) {
    skipSpace()
    guard offset == bytes.count else { throw malformed("something follows its end") }
  }

  private mutating func escape() throws(IndexError) -> Unicode.Scalar {
    guard offset < bytes.count else { throw malformed("a string does not end") }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var value = try hexadecimal()
      if (0xD800..<0xDC00).contains(value) {
        guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
          bytes[offset + 1] == UInt8(ascii: "u")
        else { throw malformed("half a character") }
        offset += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw malformed("half a character") }
        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(value) else { throw malformed("half a character") }
      return scalar
    default: throw malformed("an unknown escape")
    }
  }

  private mutating func hexadecimal() throws(IndexError) -> UInt32 {
    guard offset + 4 <= bytes.count else { throw malformed("\\u needs four digits") }
    var value: UInt32 = 0
    for byte in bytes[offset..<offset + 4] {
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x41 + 10)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
      default: throw malformed("\\u needs four digits")
      }
    }
    offset += 4
    return value
  }

  private mutating func skipSpace() {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func skip(_ sign: Unicode.Scalar) -> Bool {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: sign) else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ sign: Unicode.Scalar) throws(IndexError) {
    guard skip(sign) else { throw malformed("\(sign) was expected") }
  }
}

/// Writes JSON text.
enum JSONText {
  /// A text as a JSON string, with nothing escaped that need not be.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
