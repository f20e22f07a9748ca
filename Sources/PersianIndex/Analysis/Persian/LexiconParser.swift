// SPDX-License-Identifier: Apache-2.0

/// Reads the lexicon's text line by line.
struct LexiconParser {
  /// What the lines below a heading are.
  struct Heading {
    enum Kind {
      case verbs
      case map(Lexicon.Flags)
      case words(Lexicon.Flags)
    }

    var kind = Kind.verbs
    var cost: UInt8 = 0
  }

  let text: UnsafeBufferPointer<UInt8>
  /// Where the next line begins.
  var offset = 0
  private let classes = PersianLetters.shared.classes
  /// The words of a line with several, and the mark (+, = or ~) before each.
  private(set) var fields: [[UInt8]] = []
  private(set) var marks: [UInt8] = []
  /// After which letters of the first word a half-space stands.
  private(set) var boundaries: UInt32 = 0

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
  }

  /// Reads the next line of several words, or the heading of lines of one word each.
  ///
  /// - Parameter heading: Receives the heading that the line stands under.
  /// - Returns: `false` at the end of the text.
  mutating func next(_ heading: inout Heading) -> Bool {
    while offset < text.count {
      if text[offset] == 0x3D {
        readHeading(&heading)
        if case .words = heading.kind { return true }
      } else {
        readFields()
        if !fields.isEmpty { return true }
      }
    }
    return false
  }

  private mutating func readHeading(_ heading: inout Heading) {
    var end = offset
    while end < text.count, text[end] != 0x0A { end += 1 }
    let parts = text[offset + 1..<end].split(separator: 0x20)
    offset = end + 1
    guard let name = parts.first else { return }
    if name.elementsEqual("verbs".utf8) {
      heading.kind = .verbs
      heading.cost = parts[1].reduce(0) { $0 &* 10 &+ ($1 &- 0x30) }
    } else if name.elementsEqual("map".utf8) {
      heading.kind = .map(
        parts[1].first == 0x76 ? .variant : parts[1].first == 0x71 ? .colloquial : .plural)
    } else {
      var flags: Lexicon.Flags = []
      for letter in name {
        switch letter {
        case 0x61: flags.insert(.adjective)  // a
        case 0x63: flags.insert(.compound)  // c
        case 0x66: flags.insert(.function)  // f
        case 0x73: flags.insert(.rejoins)  // s
        case 0x74: flags.insert(.tail)  // t
        case 0x77: flags.insert(.stop)  // w
        case 0x76: flags.insert(.verbFirst)  // v
        default: break
        }
      }
      heading.kind = .words(flags)
      heading.cost = parts[1].reduce(0) { $0 &* 10 &+ ($1 &- 0x30) }
    }
  }

  private mutating func readFields() {
    fields.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    var firstBoundaries: UInt32 = 0
    while offset < text.count, text[offset] != 0x0A {
      var mark: UInt8 = 0
      while offset < text.count, text[offset] < 0x80, text[offset] != 0x0A {
        mark = text[offset]
        offset += 1
      }
      var field: [UInt8] = []
      var boundary: UInt32 = 0
      while offset < text.count, text[offset] >= 0x80 {
        if text[offset] == 0xE2 {
          boundary |= 1 << UInt32(field.count)
          offset += 3
        } else {
          field.append(classes[Int(text[offset] & 3) << 6 | Int(text[offset + 1] & 0x3F)])
          offset += 2
        }
      }
      if fields.isEmpty { firstBoundaries = boundary }
      if !field.isEmpty {
        fields.append(field)
        marks.append(mark)
      }
    }
    offset += 1
    boundaries = firstBoundaries
  }
}
