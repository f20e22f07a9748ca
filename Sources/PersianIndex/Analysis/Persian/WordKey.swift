// SPDX-License-Identifier: Apache-2.0

/// The letter codes of a word of up to sixteen, packed in two registers.
///
/// The first code stands in the lowest byte. Soft boundaries are 0, and so is what follows the
/// word; since no word begins or ends with a boundary, two words never share a key.
struct WordKey: Equatable {
  /// The most letters and boundaries of a packed word.
  static let most = 16

  var low: UInt64 = 0
  var high: UInt64 = 0

  /// Packs the codes of a word that stands in memory.
  ///
  /// - Parameters:
  ///   - codes: The codes.
  ///   - length: How many, at most ``most``.
  init(_ codes: UnsafePointer<UInt8>, _ length: Int) {
    for index in 0..<length { append(codes[index], at: index) }
  }

  init() {}

  /// Packs at most sixteen letters.
  init(_ letters: UnsafeBufferPointer<UInt8>) {
    for (index, code) in letters.enumerated() { append(code, at: index) }
  }

  /// Makes a key of a word that is too long to be packed: a hash, and a last code that no letter has.
  init(hashOf letters: UnsafeBufferPointer<UInt8>) {
    var hash = LetterHash.seed
    for code in letters { hash = LetterHash.extend(hash, code) }
    low = LetterHash.finish(hash) | 1
    high = 0xFF << 56 | UInt64(letters.count)
  }

  /// Sets a code.
  @inline(__always)
  mutating func append(_ code: UInt8, at index: Int) {
    let shift = UInt64(truncatingIfNeeded: index &* 8)
    if index < 8 { low |= UInt64(code) &<< shift } else { high |= UInt64(code) &<< (shift &- 64) }
  }

  /// Writes sixteen codes to memory.
  @inline(__always)
  func store(to codes: UnsafeMutablePointer<UInt8>) {
    let target = UnsafeMutableRawPointer(codes)
    target.storeBytes(of: low.littleEndian, as: UInt64.self)
    target.storeBytes(of: high.littleEndian, toByteOffset: 8, as: UInt64.self)
  }

  /// The first three letters.
  var beginning: UInt32 { UInt32(truncatingIfNeeded: low) & 0xFF_FFFF }

  /// A hash whose highest bits are the best.
  @inline(__always)
  var hash: UInt64 {
    (low ^ (high &<< 23 | high &>> 41)) &* 0x9E37_79B9_7F4A_7C15
  }
}
