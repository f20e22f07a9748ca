// SPDX-License-Identifier: Apache-2.0

/// Reads one JSON text (RFC 8259).
package struct JSONParser {
  /// Why a text is not JSON, and at which byte.
  package struct Malformed: Error {
    /// What is wrong.
    package let reason: String
    /// Where, in bytes.
    package let offset: Int
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var offset = 0
  private let replacesHalfCharacters: Bool
  private static let deepest = 100

  private init(_ bytes: UnsafeBufferPointer<UInt8>, replacesHalfCharacters: Bool) {
    self.bytes = bytes
    self.replacesHalfCharacters = replacesHalfCharacters
  }

  /// Reads the members of an object.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - replacesHalfCharacters: Whether an escaped half of a surrogate pair, which the Web is full
  ///     of, becomes U+FFFD; otherwise it is malformed.
  /// - Returns: The members in their order, those that occur twice too.
  /// - Throws: ``Malformed`` where the bytes are not one JSON object.
  package static func object(
    in bytes: UnsafeBufferPointer<UInt8>, replacesHalfCharacters: Bool = false
  ) throws(Malformed) -> [JSONValue.Member] {
    var parser = JSONParser(bytes, replacesHalfCharacters: replacesHalfCharacters)
    parser.skipSpace()
    guard parser.peek == UInt8(ascii: "{") else { throw parser.malformed("not a JSON object") }
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.offset == bytes.count else {
      throw parser.malformed("text after the JSON object")
    }
    guard case .object(let members) = value else { return [] }
    return members
  }

  /// Reads the members of an object from a text.
  ///
  /// - Parameter text: The text.
  /// - Returns: The members in their order, those that occur twice too.
  /// - Throws: ``Malformed`` where the text is not one JSON object.
  package static func object(in text: String) throws(Malformed) -> [JSONValue.Member] {
    var text = text
    return try text.withUTF8 { bytes in
      Result { () throws(Malformed) in try object(in: bytes) }
    }.get()
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private func malformed(_ reason: String) -> Malformed {
    Malformed(reason: reason, offset: offset)
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      offset += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    offset += 1
    return true
  }

  private mutating func value(depth: Int) throws(Malformed) -> JSONValue {
    guard depth < Self.deepest else { throw malformed("more than \(Self.deepest) levels deep") }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try objectValue(depth: depth)
    case UInt8(ascii: "["): return try arrayValue(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"):
      try word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    case nil: throw malformed("the text ends too early")
    default: return .number(try number())
    }
  }

  private mutating func objectValue(depth: Int) throws(Malformed) -> JSONValue {
    offset += 1
    var members: [JSONValue.Member] = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw malformed("a member's name is missing") }
      let name = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw malformed("a colon is missing") }
      members.append(JSONValue.Member(name: name, value: try value(depth: depth + 1)))
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw malformed("a comma or } is missing") }
    }
  }

  private mutating func arrayValue(depth: Int) throws(Malformed) -> JSONValue {
    offset += 1
    var values: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(values) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(values) }
      guard take(UInt8(ascii: ",")) else { throw malformed("a comma or ] is missing") }
    }
  }

  private mutating func word(_ word: StaticString) throws(Malformed) {
    for index in 0..<word.utf8CodeUnitCount {
      guard take(word.utf8Start[index]) else { throw malformed("not a JSON value") }
    }
  }

  private mutating func number() throws(Malformed) -> String {
    let start = offset
    _ = take(UInt8(ascii: "-"))
    guard let first = peek, (0x30...0x39).contains(first) else {
      throw malformed("not a JSON value")
    }
    digits()
    if first == 0x30, offset - start > (bytes[start] == UInt8(ascii: "-") ? 2 : 1) {
      throw malformed("a number begins with 0")
    }
    if take(UInt8(ascii: ".")) {
      guard digits() > 0 else { throw malformed("a digit is missing") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard digits() > 0 else { throw malformed("a digit is missing") }
    }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  @discardableResult
  private mutating func digits() -> Int {
    let start = offset
    while let byte = peek, (0x30...0x39).contains(byte) { offset += 1 }
    return offset - start
  }

  private mutating func string() throws(Malformed) -> String {
    offset += 1
    let start = offset
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      offset += 1
    }
    if peek == UInt8(ascii: "\"") {
      offset += 1
      return try text(UnsafeBufferPointer(rebasing: bytes[start..<(offset - 1)]), from: start)
    }
    var result = Array(bytes[start..<offset])
    while let byte = peek {
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        return try result.withUnsafeBufferPointer { buffer throws(Malformed) in
          try text(buffer, from: start)
        }
      case UInt8(ascii: "\\"): try escape(into: &result)
      case 0..<0x20:
        offset -= 1
        throw malformed("a control character in a string")
      default: result.append(byte)
      }
    }
    throw malformed("a string without an end")
  }

  private func text(
    _ buffer: UnsafeBufferPointer<UInt8>, from start: Int
  ) throws(Malformed) -> String {
    guard let text = String(validating: buffer, as: UTF8.self) else {
      throw Malformed(reason: "invalid UTF-8", offset: start)
    }
    return text
  }

  private mutating func escape(into result: inout [UInt8]) throws(Malformed) {
    guard let byte = peek else { throw malformed("a string without an end") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      var value = try hexadecimal()
      if (0xD800...0xDBFF).contains(value), bytes[offset...].starts(with: Array("\\u".utf8)) {
        let before = offset
        offset += 2
        let low = try hexadecimal()
        if (0xDC00...0xDFFF).contains(low) {
          value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        } else {
          offset = before
        }
      }
      guard let scalar = Unicode.Scalar(value) ?? (replacesHalfCharacters ? "\u{FFFD}" : nil)
      else { throw malformed("half a character") }
      result.append(contentsOf: String(Character(scalar)).utf8)
    default: throw malformed("an unknown escape")
    }
  }

  private mutating func hexadecimal() throws(Malformed) -> UInt32 {
    guard offset + 4 <= bytes.count,
      let value = UInt32(
        String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self), radix: 16)
    else { throw malformed("\\u needs four hexadecimal digits") }
    offset += 4
    return value
  }
}
