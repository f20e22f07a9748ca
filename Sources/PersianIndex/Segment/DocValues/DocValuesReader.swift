// SPDX-License-Identifier: Apache-2.0

/// Gives the numbers of a column.
///
/// A value without state: many threads can read at once. What has been checked on opening makes
/// every read stay within the section, so reads do not throw; damaged numbers are found by
/// ``SegmentFile/verify()``.
package struct DocValuesReader: @unchecked Sendable {
  // Sendable: the bytes are constant and their owner is held.
  private let file: SegmentFile
  private let entries: UnsafeRawPointer
  private let presence: UnsafeRawPointer?
  private let packed: UnsafeRawPointer
  private let divisor: UInt64
  /// The number of documents.
  package let documentCount: Int
  /// The smallest and the largest number of the column; `nil` where no document has one.
  package private(set) var bounds: ClosedRange<Int64>?

  /// Checks the table of blocks of a column; `nil` where the segment has no such column.
  ///
  /// - Complexity: O(number of documents / 64).
  package init?(_ file: SegmentFile, column: UInt16) throws(IndexError) {
    guard file.section(.docValues, field: column) != nil else { return nil }
    var reader = try file.reader(.docValues, field: column)
    let count = Int(try reader.readUInt32())
    let missing = try reader.readUInt32()
    let divisor = try reader.readUInt64()
    let blockCount = DocValuesFormat.blockCount(of: count)
    guard missing <= 1, divisor > 0 else { throw reader.corrupt("doc values: impossible header") }
    let entries = try reader.readBytes(blockCount * DocValuesFormat.blockEntrySize)
    let words = try reader.readBytes(missing == 1 ? (count + 63) / 64 * 8 : 0)
    let packed = try reader.readBytes(reader.remaining)
    guard packed.count >= 8, let packedStart = packed.baseAddress,
      let entriesStart = entries.baseAddress
    else { throw reader.corrupt("doc values: the column is cut off") }
    self.file = file
    self.entries = entriesStart
    self.packed = packedStart
    self.divisor = divisor
    presence = missing == 1 ? words.baseAddress : nil
    documentCount = count
    bounds = nil
    var (smallest, largest): (Int64, Int64) = (.max, .min)
    var end = 0
    for block in 0..<blockCount {
      let entry = entry(of: block)
      let size = min(DocValuesFormat.blockSize, count - block * DocValuesFormat.blockSize)
      let (distance, overflows) = entry.range.multipliedReportingOverflow(by: divisor)
      let roof = UInt64(bitPattern: Int64.max &- entry.smallest)
      guard entry.offset == end, entry.width == DocValuesFormat.width(for: entry.range),
        !overflows, distance <= roof
      else { throw reader.corrupt("doc values: block \(block) is impossible") }
      end += PackedIntegers.byteCount(of: size, width: entry.width)
      guard hasValue(in: block, size: size) else { continue }
      smallest = min(smallest, entry.smallest)
      largest = max(largest, entry.smallest &+ Int64(bitPattern: distance))
    }
    guard end == packed.count - 8 else {
      throw reader.corrupt("doc values: the column has another length")
    }
    if smallest <= largest { bounds = smallest...largest }
  }

  private struct Entry {
    let smallest: Int64
    let range: UInt64
    let width: Int
    let offset: Int
  }

  private func entry(of block: Int) -> Entry {
    let start = entries + block * DocValuesFormat.blockEntrySize
    let place = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    return Entry(
      smallest: Int64(littleEndian: start.loadUnaligned(as: Int64.self)),
      range: UInt64(littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      width: Int(place >> 56), offset: Int(place & (1 << 56 - 1)))
  }

  private func presenceWord(_ index: Int) -> UInt64 {
    guard let presence else { return .max }
    return UInt64(
      littleEndian: presence.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
  }

  private func hasValue(in block: Int, size: Int) -> Bool {
    let first = block * DocValuesFormat.blockSize / 64
    return (first..<first + (size + 63) / 64).contains { presenceWord($0) != 0 }
  }

  /// Returns the number of a document; `nil` where it has none.
  ///
  /// - Complexity: O(1).
  package func value(of document: UInt32) -> Int64? {
    precondition(document < documentCount, "a document beyond the segment's last")
    let index = Int(document)
    guard presenceWord(index / 64) & (1 << UInt64(index % 64)) != 0 else { return nil }
    let entry = entry(of: index / DocValuesFormat.blockSize)
    return number(index % DocValuesFormat.blockSize, of: entry)
  }

  /// Sets the bit of each document whose number lies in a range, and leaves the others as they are.
  ///
  /// - Parameters:
  ///   - range: The numbers wanted.
  ///   - words: 64 documents a word, the first in the lowest bit; as many as the documents need.
  /// - Complexity: O(number of documents), less where whole blocks lie within or outside the range.
  package func mark(_ range: ClosedRange<Int64>, in words: UnsafeMutableBufferPointer<UInt64>) {
    precondition(words.count >= (documentCount + 63) / 64, "too few words for the documents")
    for block in 0..<DocValuesFormat.blockCount(of: documentCount) {
      let entry = entry(of: block)
      let largest = entry.smallest &+ Int64(bitPattern: entry.range &* divisor)
      guard entry.smallest <= range.upperBound, range.lowerBound <= largest else { continue }
      let isInside = range.lowerBound <= entry.smallest && largest <= range.upperBound
      let first = block * DocValuesFormat.blockSize
      for start in stride(
        from: first, to: min(first + DocValuesFormat.blockSize, documentCount), by: 64)
      {
        let size = min(64, documentCount - start)
        var word = size == 64 ? UInt64.max : 1 << UInt64(size) - 1
        if !isInside {
          word = 0
          for bit in 0..<size where range.contains(number(start - first + bit, of: entry)) {
            word |= 1 << UInt64(bit)
          }
        }
        words[start / 64] |= word & presenceWord(start / 64)
      }
    }
  }

  @inline(__always)
  private func number(_ place: Int, of entry: Entry) -> Int64 {
    let start = packed + entry.offset
    let packedNumber =
      entry.width == 64
      ? UInt64(littleEndian: start.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self))
      : PackedIntegers(start, width: entry.width)[place]
    // Wrapping, because a damaged number may exceed the block's range.
    return entry.smallest &+ Int64(bitPattern: packedNumber &* divisor)
  }
}
