// SPDX-License-Identifier: Apache-2.0

/// Small tables that PyArrow wrote.
enum ArrowFixtures {
  static let everythingAsFile = file(everything, everythingDirectory)
  static let smallAsFile = file(small, smallDirectory)
  /// As Polars writes files: the schema without its mark and its length.
  static let smallWithBareSchema = file(Array(small.dropFirst(8)), smallDirectory)
  /// What says that a stream ends.
  static let end: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]

  /// Makes a stream of so many batches of 32 rows, whose texts say their number in the batch.
  static func long(batches: Int) -> [UInt8] {
    longSchema + Array(repeatElement(longBatch, count: batches).joined()) + end
  }

  /// Changes a pair of 64-bit numbers, as the lengths of columns are told by.
  static func replacing(_ old: [Int64], by new: [Int64], in stream: [UInt8]) -> [UInt8] {
    func bytes(_ numbers: [Int64]) -> [UInt8] {
      numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
    }
    var changed = stream
    changed.replace(bytes(old), with: bytes(new), maxReplacements: 1)
    return changed
  }

  private static func file(_ stream: [UInt8], _ directory: [UInt8]) -> [UInt8] {
    Array("ARROW1\0\0".utf8) + stream + directory
  }

  /// The bytes of a text in Base64, in lines.
  static func decoded(_ text: String) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for digit in text.utf8 {
      guard let value = digits.firstIndex(of: digit) else { continue }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }
}
