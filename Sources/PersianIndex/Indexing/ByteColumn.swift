// SPDX-License-Identifier: Apache-2.0

/// Byte strings, one per document, in one array.
package struct ByteColumn {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// Creates an empty column.
  package init() {}

  /// Takes over the strings of several columns, one for each buffer.
  init(_ old: [ByteColumn], order: DocumentOrder) {
    bytes.reserveCapacity(old.reduce(0) { $0 + $1.bytes.count })
    ends.reserveCapacity(order.count)
    for run in order.runs {
      let column = old[run.source]
      let first = column.range(of: run.documents.lowerBound).lowerBound
      let shift = bytes.count - first
      bytes.append(contentsOf: column.bytes[first..<column.ends[run.documents.upperBound - 1]])
      for end in column.ends[run.documents] { ends.append(end + shift) }
    }
  }

  /// The number of strings.
  package var count: Int { ends.count }

  /// The bytes in use.
  package var byteCount: Int { bytes.count + ends.count * 8 }

  /// Appends a string.
  package mutating func append(_ string: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
  }

  /// Removes all strings and keeps the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Calls a function with the string at an index.
  package func withBytes<Result, Failure: Error>(
    at index: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let range = range(of: index)
    return try bytes.withUnsafeBufferPointer { (all) throws(Failure) in
      try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[range])))
    }
  }

  /// Whether the strings at two indices are the same.
  package func isEqual(at first: Int, _ second: Int) -> Bool {
    bytes[range(of: first)] == bytes[range(of: second)]
  }

  private func range(of index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }
}
