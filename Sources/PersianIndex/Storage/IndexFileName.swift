// SPDX-License-Identifier: Apache-2.0

/// The name of a file of an index; a name that is none of these is never touched.
package enum IndexFileName: Sendable, Hashable, CustomStringConvertible {
  case manifest(generation: UInt64)
  case temporaryManifest(generation: UInt64)
  case segment(id: UInt64)
  case liveDocs(segment: UInt64, generation: UInt64)

  /// Reads a name; `nil` for a file that is not the index's.
  package init?(_ name: String) {
    let bytes = Array(name.utf8)
    if let rest = Self.rest(of: bytes, after: "manifest-") {
      if let generation = Self.hexadecimal(rest) {
        self = .manifest(generation: generation)
      } else if rest.suffix(4).elementsEqual(".tmp".utf8),
        let generation = Self.hexadecimal(rest.dropLast(4))
      {
        self = .temporaryManifest(generation: generation)
      } else {
        return nil
      }
    } else if let rest = Self.rest(of: bytes, after: "segment-"),
      let id = Self.hexadecimal(rest.prefix(16))
    {
      let ending = rest.dropFirst(16)
      if ending.elementsEqual(".seg".utf8) {
        self = .segment(id: id)
      } else if ending.first == 0x2e, ending.suffix(5).elementsEqual(".live".utf8),
        let generation = Self.hexadecimal(ending.dropFirst().dropLast(5))
      {
        self = .liveDocs(segment: id, generation: generation)
      } else {
        return nil
      }
    } else {
      return nil
    }
  }

  package var description: String {
    switch self {
    case .manifest(let generation): "manifest-\(Self.padded(generation))"
    case .temporaryManifest(let generation): "manifest-\(Self.padded(generation)).tmp"
    case .segment(let id): "segment-\(Self.padded(id)).seg"
    case .liveDocs(let segment, let generation):
      "segment-\(Self.padded(segment)).\(Self.padded(generation)).live"
    }
  }

  private static func rest(of name: [UInt8], after prefix: String) -> ArraySlice<UInt8>? {
    name.starts(with: prefix.utf8) ? name.dropFirst(prefix.utf8.count) : nil
  }

  private static func padded(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  // Only the spelling that `description` gives is accepted, so that a name has one meaning.
  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
    guard digits.count == 16 else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt64(digit - 0x30)
      case 0x61...0x66: value = value << 4 | UInt64(digit - 0x57)
      default: return nil
      }
    }
    return value < Manifest.numberLimit ? value : nil
  }
}
