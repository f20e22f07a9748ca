// SPDX-License-Identifier: Apache-2.0

import PersianIndex

/// Positions that a cursor noted, read all together as phrases read them.
struct NotedPositions {
  private final class Received: PositionVisitor {
    var positions: [Int: [UInt32]] = [:]

    func begin(_ id: Int) -> Int { id }

    func visit(_ id: Int, _ position: Int) -> Int {
      positions[id, default: []].append(UInt32(position))
      return 1
    }

    func end(_ id: Int, _ sum: Int) {
      if positions[id]?.count != sum { positions[id] = [] }
    }
  }

  private let record: UnsafeRawPointer
  private let table: UnsafePointer<UInt16>
  private let codes = PositionCodes()

  init(_ record: UnsafeRawPointer, _ table: UnsafePointer<UInt16>) {
    self.record = record
    self.table = table
  }

  func deallocate() {
    codes.deallocate()
  }

  /// The positions of some documents of the cursor's block that are noted by a bit set.
  ///
  /// - Parameters:
  ///   - chosen: The indexes of the documents.
  ///   - range: The range they are looked for in.
  ///   - cursor: The cursor, whose frequencies are loaded.
  /// - Returns: The positions of each; of all none where the number of documents was wrong.
  func notedTogether(
    _ chosen: [Int], of range: Range<Int>, _ cursor: inout PostingsCursor
  ) -> [[UInt32]] {
    guard range.lowerBound < range.upperBound else { return [] }
    let start = cursor.documents[range.lowerBound]
    let last = cursor.documents[range.upperBound - 1]
    var bits = [UInt64](repeating: 0, count: Int(last - start) / 64 + 1)
    for index in chosen {
      let bit = Int(cursor.documents[index] - start)
      bits[bit / 64] |= 1 << UInt64(bit % 64)
    }
    let ids = ids(chosen)
    if cursor.notePositions(range, in: bits, start: start, ids: ids, codes: codes) != chosen.count {
      return []
    }
    return positions(chosen, cursor)
  }

  /// The positions of some documents of the cursor's block that are noted one by one.
  func notedSingly(_ chosen: [Int], _ cursor: inout PostingsCursor) -> [[UInt32]] {
    for (index, id) in zip(chosen, ids(chosen)) {
      codes.frequencies[Int(id)] = cursor.frequencies[index]
      if !cursor.notePositions(at: index, id: Int(id), in: codes) { return [] }
    }
    return positions(chosen, cursor)
  }

  /// Ids that differ from the indexes, and one more, which is that of no document.
  private func ids(_ chosen: [Int]) -> [UInt16] {
    chosen.indices.map { UInt16(2 * $0 + 1) } + [UInt16(PositionCodes.capacity)]
  }

  private func positions(_ chosen: [Int], _ cursor: PostingsCursor) -> [[UInt32]] {
    var lengthCodes = [UInt8](repeating: 0, count: PositionCodes.capacity + 1)
    let ids = ids(chosen)
    for (index, id) in zip(chosen, ids) {
      lengthCodes[Int(id)] = cursor.lengths[Int(cursor.documents[index])]
    }
    var buffer = PositionBuffer()
    defer { buffer.deallocate() }
    let received = Received()
    let isWhole = codes.visitPositions(
      of: ids, count: chosen.count, record: record, lengthCodes: lengthCodes, table: table,
      buffer: &buffer, received)
    return isWhole ? chosen.indices.map { received.positions[Int(ids[$0])] ?? [] } : []
  }
}
