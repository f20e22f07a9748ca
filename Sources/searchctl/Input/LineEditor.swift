// SPDX-License-Identifier: Apache-2.0

/// A line of text that grows and shrinks key by key.
struct LineEditor {
  /// What a key asked for.
  enum Event {
    case changed
    case unchanged
    /// ^D: it is all done.
    case end
    /// ^C: to stop.
    case interrupt
  }

  private(set) var text = ""
  /// Bytes of a scalar or an escape sequence that is not whole yet.
  private var pending: [UInt8] = []

  /// Takes one byte from the terminal.
  mutating func take(_ byte: UInt8) -> Event {
    if pending.first == 0x1B { return takeEscape(byte) }
    if !pending.isEmpty || byte >= 0x80 { return takeScalar(byte) }
    switch byte {
    case 0x03: return .interrupt
    case 0x04: return .end
    case 0x1B:
      pending = [byte]
      return .unchanged
    case 0x08, 0x7F: return shorten { $0.removeLast() }
    case 0x15: return shorten { $0.removeAll() }
    case 0x17:
      return shorten { text in
        while text.last == " " { text.removeLast() }
        while let last = text.last, last != " " { text.removeLast() }
      }
    case 0x20...0x7E:
      text.append(Character(Unicode.Scalar(byte)))
      return .changed
    default: return .unchanged
    }
  }

  private mutating func shorten(_ body: (inout String) -> Void) -> Event {
    guard !text.isEmpty else { return .unchanged }
    body(&text)
    return .changed
  }

  private mutating func takeScalar(_ byte: UInt8) -> Event {
    pending.append(byte)
    if let scalar = String(validating: pending, as: UTF8.self) {
      text += scalar
      pending = []
      return .changed
    }
    if pending.count >= 4 { pending = [] }
    return .unchanged
  }

  /// Passes over what arrow and function keys send.
  private mutating func takeEscape(_ byte: UInt8) -> Event {
    pending.append(byte)
    let isIntroducer = pending.count == 2 && (byte == 0x5B || byte == 0x4F)
    if !isIntroducer, (0x40...0x7E).contains(byte) || pending.count > 16 { pending = [] }
    return .unchanged
  }
}
