// SPDX-License-Identifier: Apache-2.0

/// Turns the bytes of a file into UTF-8, whatever encoding they are in.
struct TextDecoder {
  enum Encoding: String, CaseIterable, Sendable {
    case automatic = "auto"
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case windows1256 = "windows-1256"
  }

  /// What the user said of the encoding.
  let encoding: Encoding

  /// Decodes a whole file.
  ///
  /// - Parameters:
  ///   - bytes: The content.
  ///   - declared: The encoding that the file itself names, where it does (HTML).
  /// - Returns: The text, without a byte order mark.
  /// - Throws: ``Failure`` whose message lacks the path, where the bytes are no text.
  func decode(_ bytes: [UInt8], declared: String? = nil) throws -> String {
    switch encoding {
    case .utf8: return try utf8(bytes)
    case .utf16: return utf16(bytes)
    case .windows1256: return try convert(bytes, from: "WINDOWS-1256")
    case .automatic: break
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return utf16(bytes)
    }
    if let text = String(validating: bytes, as: UTF8.self) {
      guard bytes.contains(0) else { return withoutMark(text) }
      if looksLikeUTF16(bytes) { return utf16(bytes) }
      throw Self.zeroBytes
    }
    if looksLikeUTF16(bytes) { return utf16(bytes) }
    if bytes.contains(0) {
      throw Self.zeroBytes
    }
    if let declared, !declared.lowercased().hasPrefix("utf") {
      return try convert(bytes, from: declared)
    }
    let census = Census(bytes)
    if census.looksLikeWindows1256 { return try convert(bytes, from: "WINDOWS-1256") }
    if census.sequences >= census.strays {
      throw Failure(
        "invalid UTF-8 at byte \(Census.firstInvalid(in: bytes))",
        hint: "repair the file, or say its encoding with --encoding")
    }
    throw Failure(
      "not text in UTF-8, UTF-16 or Windows-1256",
      hint: "convert it with iconv, or say its encoding with --encoding")
  }

  /// The encoding a table or a file of records must be converted from, told by its first bytes;
  /// `nil` where it is UTF-8 or cannot be told.
  static func encodingOfTable(head: [UInt8]) -> String? {
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    // The cut can fall into a sequence, hence the tail that is left out.
    let whole = Array(head.dropLast(head.count > 8 ? 4 : 0))
    let census = Census(whole)
    return census.strays > 0 && census.looksLikeWindows1256 ? "WINDOWS-1256" : nil
  }

  private static let zeroBytes = Failure(
    "not text: it contains zero bytes", hint: "leave it out, or name it in .searchctlignore")

  private func utf8(_ bytes: [UInt8]) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(
        "invalid UTF-8 at byte \(Census.firstInvalid(in: bytes))",
        hint: "repair the file, or say its encoding with --encoding")
    }
    return withoutMark(text)
  }

  private func withoutMark(_ text: String) -> String {
    text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  private func utf16(_ bytes: [UInt8]) -> String {
    let isBig: Bool
    if bytes.starts(with: [0xFE, 0xFF]) {
      isBig = true
    } else if bytes.starts(with: [0xFF, 0xFE]) {
      isBig = false
    } else {
      isBig = zeroLikeHighBytes(bytes, at: 0) > zeroLikeHighBytes(bytes, at: 1)
    }
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    for index in stride(from: 0, to: bytes.count - 1, by: 2) {
      let first = UInt16(bytes[index])
      let second = UInt16(bytes[index + 1])
      units.append(isBig ? first << 8 | second : second << 8 | first)
    }
    return withoutMark(String(decoding: units, as: UTF16.self))
  }

  /// Text in Latin and Arabic letters has 0x00, 0x06 or 0x20 in nearly all its high bytes.
  private func looksLikeUTF16(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4, bytes.count.isMultiple(of: 2) else { return false }
    let sampled = min(bytes.count, 4096) / 2
    let first = zeroLikeHighBytes(bytes, at: 0)
    let second = zeroLikeHighBytes(bytes, at: 1)
    return max(first, second) * 10 >= sampled * 9 && min(first, second) * 2 < sampled
  }

  private func zeroLikeHighBytes(_ bytes: [UInt8], at parity: Int) -> Int {
    stride(from: parity, to: min(bytes.count, 4096), by: 2)
      .count { bytes[$0] == 0x00 || bytes[$0] == 0x06 || bytes[$0] == 0x20 }
  }

  private func convert(_ bytes: [UInt8], from encoding: String) throws -> String {
    let safe = encoding.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_.:".unicodeScalars.contains($0))
    }
    guard safe, !encoding.isEmpty, !encoding.hasPrefix("-") else {
      throw Failure("names an unknown encoding", hint: "say its encoding with --encoding")
    }
    do {
      let converted = try bytes.withUnsafeBytes {
        try ChildProcess.convert($0, by: "iconv", ["-f", encoding, "-t", "UTF-8"])
      }
      return withoutMark(String(decoding: converted, as: UTF8.self))
    } catch let failure as Failure where failure.hint == nil {
      throw Failure(
        "not text in \(encoding)", hint: "say its encoding with --encoding")
    }
  }
}

/// A count of the bytes above ASCII, to tell damaged UTF-8 from an old eight-bit encoding.
private struct Census {
  /// Well-formed UTF-8 sequences of two and more bytes.
  var sequences = 0
  /// Bytes above ASCII outside of those.
  var strays = 0
  private var arabicLetters = 0
  private var controls = 0

  init(_ bytes: [UInt8]) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        if byte < 0x20, ![0x09, 0x0A, 0x0C, 0x0D, 0x1A].contains(byte) { controls += 1 }
        index += 1
        continue
      }
      let length = Self.sequenceLength(in: bytes, at: index)
      if length > 0 { sequences += 1 } else { strays += 1 }
      for position in index..<(index + max(1, length)) where Self.isArabic(bytes[position]) {
        arabicLetters += 1
      }
      index += max(1, length)
    }
  }

  /// In Windows-1256 nearly every byte above ASCII of a Persian text is a letter, and letters
  /// rarely form UTF-8 sequences by chance.
  var looksLikeWindows1256: Bool {
    controls == 0 && strays > sequences && arabicLetters * 10 >= (strays + sequences) * 8
  }

  /// The letters of Persian in Windows-1256, and its half-space.
  private static func isArabic(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x81, 0x8D, 0x8E, 0x90, 0x98, 0x9D, 0xC0...0xD6, 0xD8...0xDF, 0xE1, 0xE3...0xE6, 0xEC,
      0xED, 0xF0...0xF3, 0xF5, 0xF6, 0xF8, 0xFA:
      true
    default: false
    }
  }

  /// The length of the well-formed sequence at an offset; 0 where there is none.
  private static func sequenceLength(in bytes: [UInt8], at index: Int) -> Int {
    let length: Int
    switch bytes[index] {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return 0
    }
    guard index + length <= bytes.count,
      String(validating: bytes[index..<(index + length)], as: UTF8.self) != nil
    else { return 0 }
    return length
  }

  /// The offset of the first byte that is not UTF-8.
  static func firstInvalid(in bytes: [UInt8]) -> Int {
    var index = 0
    while index < bytes.count {
      if bytes[index] < 0x80 {
        index += 1
        continue
      }
      let length = sequenceLength(in: bytes, at: index)
      if length == 0 { return index }
      index += length
    }
    return index
  }
}
