// SPDX-License-Identifier: Apache-2.0

/// Codes the bytes of keys so that the commonest letters of Persian and Arabic, two bytes of UTF-8,
/// take one.
///
/// A byte below 0x80 stands for itself, one of 0x80 to 0xc1 for a letter, and 0xf5 for the half-space.
/// The first byte of any other character of several bytes stands before the rest of them, and any other
/// byte after a mark.
enum KeyCode {
  /// The code of the first letter, and one past that of the last.
  static let letterCodes: Range<UInt8> = 0x80..<0xc2
  private static let leads: ClosedRange<UInt8> = 0xc2...0xf4
  private static let halfSpace: UInt8 = 0xf5
  private static let strayMark: UInt8 = 0xf8

  /// The letters that have a code, in the order of the codes.
  private static let letterScalars: [ClosedRange<UInt32>] = [
    0x0621...0x063a, 0x0641...0x064b, 0x0651...0x0651, 0x0654...0x0654, 0x0660...0x0669,
    0x067e...0x067e, 0x0686...0x0686, 0x0698...0x0698, 0x06a9...0x06a9, 0x06af...0x06af,
    0x06c0...0x06c0, 0x06cc...0x06cc, 0x06f0...0x06f9,
  ]

  /// The two bytes of each code's letter, the first the higher, by what the code is above 0x80.
  nonisolated(unsafe) static let letters: UnsafePointer<UInt16> = {
    let letters = UnsafeMutablePointer<UInt16>.allocate(capacity: 128)
    letters.initialize(repeating: 0, count: 128)
    var code = 0
    for scalar in letterScalars.joined() {
      letters[code] = UInt16(0xc0 | scalar >> 6) << 8 | UInt16(0x80 | scalar & 63)
      code += 1
    }
    return UnsafePointer(letters)
  }()

  /// The codes of the letters with the first bytes 0xd8 to 0xdb, by the low bits of both; 0 for none.
  private static let codes: [UInt8] = {
    var codes = [UInt8](repeating: 0, count: 256)
    for code in letterCodes {
      let letter = Int(letters[Int(code - letterCodes.lowerBound)])
      codes[(letter >> 8 & 3) << 6 | letter & 63] = code
    }
    return codes
  }()

  /// The bytes of the character that a first byte of several stands for.
  @inline(__always)
  private static func length(_ lead: UInt8) -> Int {
    lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  }

  /// Whether a byte goes on with a character.
  @inline(__always)
  static func isContinuation(_ byte: UInt8) -> Bool {
    byte & 0xc0 == 0x80
  }

  /// Codes bytes.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - output: Receives the codes.
  static func encode(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [UInt8]) {
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte < 0x80 {
        output.append(byte)
        continue
      }
      let more = leads.contains(byte) ? length(byte) - 1 : 0
      let following = rest.prefix(more)
      guard more > 0, following.count == more, following.allSatisfy(isContinuation) else {
        output += [strayMark, byte]
        continue
      }
      rest = rest.dropFirst(more)
      if byte >> 2 == 0xd8 >> 2, let second = following.first,
        codes[Int(byte & 3) << 6 | Int(second & 63)] != 0
      {
        output.append(codes[Int(byte & 3) << 6 | Int(second & 63)])
      } else if byte == 0xe2, following.elementsEqual([0x80, 0x8c]) {
        output.append(halfSpace)
      } else {
        output.append(byte)
        output.append(contentsOf: following)
      }
    }
  }

  /// Appends the bytes of what was coded.
  ///
  /// - Parameters:
  ///   - codes: What ``encode(_:to:)`` gave.
  ///   - key: Receives the bytes.
  /// - Returns: Whether they are codes.
  static func decode(_ codes: UnsafeBufferPointer<UInt8>, to key: inout [UInt8]) -> Bool {
    let letters = letters
    var index = 0
    while index < codes.count {
      let code = codes[index]
      if code < letterCodes.lowerBound {
        key.append(code)
        index &+= 1
      } else if code < letterCodes.upperBound {
        let letter = letters[Int(code & 127)]
        key.append(UInt8(truncatingIfNeeded: letter >> 8))
        key.append(UInt8(truncatingIfNeeded: letter))
        index &+= 1
      } else {
        guard let character = character(codes, &index) else { return false }
        for byte in 0..<character.count { key.append(character[byte]) }
      }
    }
    return true
  }

  /// What a code says that is not one byte for one or a letter: up to four bytes.
  private struct Character {
    let bytes: UInt32
    let count: Int

    /// A byte, the first of which stands highest.
    subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bytes >> UInt32(24 - 8 * index)) }
  }

  /// Reads a code of several bytes, or one that is not a letter's.
  private static func character(
    _ codes: UnsafeBufferPointer<UInt8>, _ index: inout Int
  ) -> Character? {
    let code = codes[index]
    index += 1
    if code == halfSpace { return Character(bytes: 0xe280_8c00, count: 3) }
    let isStray = code == strayMark
    guard isStray || leads.contains(code) else { return nil }
    let more = isStray ? 1 : length(code) - 1
    guard more <= codes.count - index else { return nil }
    var bytes = isStray ? 0 : UInt32(code)
    for byte in codes[index..<index + more] { bytes = bytes << 8 | UInt32(byte) }
    index += more
    let count = isStray ? 1 : more + 1
    return Character(bytes: bytes << UInt32(32 - 8 * count), count: count)
  }

  /// How what was coded compares with a key.
  enum Order {
    /// It ends where the key or some part of the key does.
    case prefix
    /// It is less or greater.
    case less, greater
    /// It is damaged.
    case damaged
  }

  /// Compares what was coded with a key from some place on.
  ///
  /// - Parameters:
  ///   - codes: What ``encode(_:to:)`` gave.
  ///   - key: The key.
  ///   - place: Where in the key to begin; moved behind the last byte that both have.
  ///   - letters: ``letters``, which costs a call to get at.
  /// - Returns: How they compare.
  @inline(__always)
  static func compare(
    _ codes: UnsafeBufferPointer<UInt8>, with key: UnsafeBufferPointer<UInt8>,
    from place: inout Int, _ letters: UnsafePointer<UInt16>
  ) -> Order {
    var index = 0
    while index < codes.count {
      if place == key.count { return .greater }
      let code = codes[index]
      let own = key[place]
      if code < letterCodes.lowerBound {
        if own != code { return code < own ? .less : .greater }
        place &+= 1
        index &+= 1
      } else if code < letterCodes.upperBound {
        let letter = letters[Int(code & 127)]
        let second = place &+ 1 < key.count ? key[place &+ 1] : 0
        let both = UInt16(own) << 8 | UInt16(second)
        if both != letter {
          if UInt16(own) == letter >> 8 { place &+= 1 }
          return letter < both ? .less : .greater
        }
        place &+= 2
        index &+= 1
      } else {
        let order = compareCharacter(codes, &index, with: key, from: &place)
        if order != .prefix { return order }
      }
    }
    return .prefix
  }

  @inline(never)
  private static func compareCharacter(
    _ codes: UnsafeBufferPointer<UInt8>, _ index: inout Int,
    with key: UnsafeBufferPointer<UInt8>, from place: inout Int
  ) -> Order {
    guard let character = character(codes, &index) else { return .damaged }
    for byte in 0..<character.count {
      guard place < key.count else { return .greater }
      let own = key[place]
      if character[byte] != own { return character[byte] < own ? .less : .greater }
      place += 1
    }
    return .prefix
  }
}
