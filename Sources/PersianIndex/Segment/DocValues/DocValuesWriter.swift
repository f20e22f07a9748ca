// SPDX-License-Identifier: Apache-2.0

/// Packs a column of numbers into the bytes of its section.
///
///     let bytes = try DocValuesWriter.encode(documentCount: 3) { dates[Int($0)] }
///     try file.writeSection(.docValues, field: column, bytes)
package enum DocValuesWriter {
  /// Returns the bytes of a column's section.
  ///
  /// - Parameters:
  ///   - documentCount: The documents of the segment.
  ///   - value: Gives the number of a document, or `nil` where it has none; asked in order.
  /// - Returns: The bytes of the section.
  /// - Throws: What `value` throws.
  /// - Complexity: O(`documentCount`), and as many words of memory.
  package static func encode<Failure: Error>(
    documentCount: Int, value: (UInt32) throws(Failure) -> Int64?
  ) throws(Failure) -> [UInt8] {
    var values: [Int64?] = []
    values.reserveCapacity(documentCount)
    for document in 0..<UInt32(documentCount) { values.append(try value(document)) }
    return encode(values)
  }

  private static func encode(_ values: [Int64?]) -> [UInt8] {
    let divisor = commonDivisor(of: values)
    let hasMissing = values.contains(nil)
    var entries = ByteWriter()
    var packed = ByteWriter()
    for start in stride(from: 0, to: values.count, by: DocValuesFormat.blockSize) {
      let block = values[start..<min(start + DocValuesFormat.blockSize, values.count)]
      let smallest = block.lazy.compactMap { $0 }.min() ?? 0
      let largest = block.lazy.compactMap { $0 }.max() ?? 0
      let range = distance(from: smallest, to: largest) / divisor
      let width = DocValuesFormat.width(for: range)
      entries.append(UInt64(bitPattern: smallest))
      entries.append(range)
      entries.append(UInt64(width) << 56 | UInt64(packed.count))
      let numbers = block.lazy.map { value in
        value.map { distance(from: smallest, to: $0) / divisor } ?? 0
      }
      if width == 64 {
        for number in numbers { packed.append(number) }
      } else {
        PackedIntegers.append(numbers, width: width, to: &packed)
      }
    }
    var writer = ByteWriter()
    writer.append(UInt32(values.count))
    writer.append(UInt32(hasMissing ? 1 : 0))
    writer.append(divisor)
    writer.append(entries.bytes)
    if hasMissing {
      for start in stride(from: 0, to: values.count, by: 64) {
        var word: UInt64 = 0
        for index in start..<min(start + 64, values.count) where values[index] != nil {
          word |= 1 << UInt64(index - start)
        }
        writer.append(word)
      }
    }
    writer.append(packed.bytes)
    writer.append(UInt64(0))
    return writer.bytes
  }

  // Dates in whole days or seconds, stored in smaller units, need fewer bits once divided.
  private static func commonDivisor(of values: [Int64?]) -> UInt64 {
    guard let smallest = values.lazy.compactMap({ $0 }).min() else { return 1 }
    var divisor: UInt64 = 0
    for case let value? in values {
      var (larger, smaller) = (divisor, distance(from: smallest, to: value))
      while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
      divisor = larger
      if divisor == 1 { break }
    }
    return max(divisor, 1)
  }

  private static func distance(from smaller: Int64, to larger: Int64) -> UInt64 {
    UInt64(bitPattern: larger &- smaller)
  }
}
