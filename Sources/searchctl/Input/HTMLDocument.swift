// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// The readable part of an HTML page: its title, its text and when it was published.
///
/// It is a forgiving reader of tags, not a parser of the standard: it drops scripts, styles and
/// comments, breaks lines where blocks begin and end, and leaves words whole that inline tags cut.
struct HTMLDocument {
  private(set) var title = ""
  private(set) var text = ""
  private(set) var published: Timestamp?

  /// How good the source of ``published`` is; a better one replaces it.
  private var publishedRank = 0

  init(_ html: String) {
    var scanner = Scanner(html)
    var titleBytes: [UInt8] = []
    var output = Flow()
    while let piece = scanner.next() {
      switch piece {
      case .text(let bytes): output.append(bytes)
      case .open(let name, let attributes):
        switch name {
        case "title":
          let content = scanner.content(until: name)
          if titleBytes.isEmpty { titleBytes = content }
        case "script":
          let content = scanner.content(until: name)
          if attributes["type"]?.lowercased() == "application/ld+json" { readLinkedData(content) }
        case "style", "template", "noscript", "svg", "textarea", "select", "iframe", "object":
          _ = scanner.content(until: name)
        case "meta": readMeta(attributes)
        case "time":
          if let value = attributes["datetime"] { offer(value, rank: 1) }
        default: output.boundary(of: name)
        }
      case .close(let name): output.boundary(of: name)
      }
    }
    title = Sanitizer.running(HTMLEntities.decoded(titleBytes))
    text = output.text
  }

  /// The encoding that a page names in its first kilobyte; `nil` where it names none.
  static func declaredEncoding(of bytes: [UInt8]) -> String? {
    let head = String(decoding: bytes.prefix(1024).map { $0 | 0x20 }, as: UTF8.self)
    guard let range = head.firstRange(of: "charset=") else { return nil }
    let value = head[range.upperBound...].drop { $0 == "\"" || $0 == "'" || $0 == " " }
    let name = value.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    return name.isEmpty ? nil : String(name)
  }

  private mutating func readMeta(_ attributes: [String: String]) {
    guard let content = attributes["content"] else { return }
    let name = attributes["property"] ?? attributes["name"] ?? attributes["itemprop"] ?? ""
    switch name.lowercased() {
    case "article:published_time", "datepublished", "og:published_time": offer(content, rank: 4)
    case "pubdate", "publishdate", "publish-date", "dc.date.issued", "dcterms.issued":
      offer(content, rank: 3)
    case "date", "dc.date", "dcterms.date", "dcterms.created": offer(content, rank: 2)
    default: break
    }
  }

  private mutating func readLinkedData(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let range = text.firstRange(of: "\"datePublished\"") else { return }
    let value = text[range.upperBound...].drop { $0 != "\"" }.dropFirst().prefix { $0 != "\"" }
    offer(String(value), rank: 3)
  }

  private mutating func offer(_ value: String, rank: Int) {
    guard rank > publishedRank, let timestamp = DateText.timestamp(value) else { return }
    published = timestamp
    publishedRank = rank
  }
}

/// Text that flows into lines: runs of white space become one space or one line break.
private struct Flow {
  private var bytes: [UInt8] = []
  private var pending: UInt8 = 0

  mutating func append(_ piece: [UInt8]) {
    for scalar in HTMLEntities.decoded(piece).unicodeScalars {
      if scalar.properties.isWhitespace {
        if pending == 0 { pending = UInt8(ascii: " ") }
      } else {
        if pending != 0, !bytes.isEmpty { bytes.append(pending) }
        pending = 0
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }

  mutating func boundary(of tag: String) {
    switch tag {
    case "a", "b", "i", "u", "s", "em", "strong", "span", "font", "small", "big", "sub", "sup",
      "mark", "abbr", "cite", "code", "q", "bdi", "bdo", "ins", "del", "wbr", "tt", "label",
      "img":
      break
    case "td", "th":
      if pending == 0 { pending = UInt8(ascii: " ") }
    default: pending = UInt8(ascii: "\n")
    }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Cuts a page into text and tags.
private struct Scanner {
  enum Piece {
    case text([UInt8])
    case open(String, [String: String])
    case close(String)
  }

  private let bytes: [UInt8]
  private var offset = 0

  init(_ html: String) {
    bytes = Array(html.utf8)
  }

  mutating func next() -> Piece? {
    while offset < bytes.count {
      guard bytes[offset] == UInt8(ascii: "<"), let piece = markup() else {
        return .text(takeText())
      }
      if let piece = piece.value { return piece }
    }
    return nil
  }

  /// Everything up to the closing tag of that name, which is passed over.
  mutating func content(until name: String) -> [UInt8] {
    let start = offset
    let closing = Array(("</" + name).utf8)
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "<"), offset + closing.count <= bytes.count,
        zip(bytes[offset...], closing).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
      {
        let content = Array(bytes[start..<offset])
        skip(to: UInt8(ascii: ">"))
        return content
      }
      offset += 1
    }
    return Array(bytes[start...])
  }

  private mutating func takeText() -> [UInt8] {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "<") { offset += 1 }
    return Array(bytes[start..<offset])
  }

  private mutating func skip(to byte: UInt8) {
    while offset < bytes.count, bytes[offset] != byte { offset += 1 }
    if offset < bytes.count { offset += 1 }
  }

  /// Reads what begins with `<`; `nil` where it is no markup, an empty box where it says nothing.
  private mutating func markup() -> (value: Piece?, Void)? {
    let rest = bytes[offset...]
    if rest.starts(with: Array("<!--".utf8)) {
      offset += 4
      while offset < bytes.count, !bytes[offset...].starts(with: Array("-->".utf8)) { offset += 1 }
      offset = min(offset + 3, bytes.count)
      return (nil, ())
    }
    guard let second = rest.dropFirst().first else { return nil }
    if second == UInt8(ascii: "!") || second == UInt8(ascii: "?") {
      skip(to: UInt8(ascii: ">"))
      return (nil, ())
    }
    let isClosing = second == UInt8(ascii: "/")
    let start = offset + (isClosing ? 2 : 1)
    guard start < bytes.count, Self.isLetter(bytes[start]) else { return nil }
    offset = start
    let name = word { Self.isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x3A }
      .lowercased()
    let attributes = readAttributes()
    return (isClosing ? .close(name) : .open(name, attributes), ())
  }

  private mutating func readAttributes() -> [String: String] {
    var attributes: [String: String] = [:]
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: ">") {
        offset += 1
        break
      }
      guard byte > 0x20, byte != UInt8(ascii: "/") else {
        offset += 1
        continue
      }
      let name = word { $0 > 0x20 && ![0x3D, 0x3E, 0x2F].contains($0) }.lowercased()
      if name.isEmpty { offset += 1 }
      skipSpace()
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "=") else { continue }
      offset += 1
      skipSpace()
      var value: String
      if offset < bytes.count, [0x22, 0x27].contains(bytes[offset]) {
        let quote = bytes[offset]
        offset += 1
        value = word { $0 != quote }
        offset = min(offset + 1, bytes.count)
      } else {
        value = word { $0 > 0x20 && $0 != UInt8(ascii: ">") }
      }
      value = HTMLEntities.decoded(Array(value.utf8))
      if attributes[name] == nil { attributes[name] = value }
    }
    return attributes
  }

  private mutating func skipSpace() {
    while offset < bytes.count, bytes[offset] <= 0x20 { offset += 1 }
  }

  private mutating func word(while predicate: (UInt8) -> Bool) -> String {
    let start = offset
    while offset < bytes.count, predicate(bytes[offset]) { offset += 1 }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
