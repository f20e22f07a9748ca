// SPDX-License-Identifier: Apache-2.0

/// Where the positions of a term stand in up to 512 documents, and a way to read them all.
///
/// Documents are known by ids below ``capacity``. They are read by how their positions are coded and
/// how many there are, so that a processor foresees the branches, which for documents as they come it
/// does not. It owns memory, which its one owner frees.
package struct PositionCodes {
  /// The place of each document's code, in bits from the start of the term's record; for a single
  /// position that is known already, what ``start(ofKnown:)`` returns.
  package let starts: UnsafeMutablePointer<Int>
  /// How often each document has the term.
  package let frequencies: UnsafeMutablePointer<UInt32>
  /// The index of each document in its block, where that has been noted.
  package let places: UnsafeMutablePointer<UInt8>
  /// What ``PositionRow/entries`` has for each document.
  private let entries: UnsafeMutablePointer<UInt16>
  /// Ids by row.
  private let sorted: UnsafeMutablePointer<UInt16>
  /// The end of each row in ``sorted``; each begins where the one before ends.
  private let ends: UnsafeMutablePointer<Int>
  private let memory: UnsafeMutableRawPointer

  /// The number of ids.
  package static var capacity: Int { 512 }

  /// What ``starts`` has for a document whose only position is known.
  @inline(__always)
  package static func start(ofKnown position: Int) -> Int { position | Int.min }

  package init() {
    // What is known by the id after the last is never read.
    let capacity = Self.capacity + 1
    memory = .allocate(
      byteCount: capacity * (8 + 4 + 2 + 2 + 1) + 8 * (PositionRow.count + 1), alignment: 64)
    starts = memory.bindMemory(to: Int.self, capacity: capacity)
    ends = UnsafeMutableRawPointer(starts + capacity)
      .bindMemory(to: Int.self, capacity: PositionRow.count + 1)
    frequencies = UnsafeMutableRawPointer(ends + PositionRow.count + 1)
      .bindMemory(to: UInt32.self, capacity: capacity)
    entries = UnsafeMutableRawPointer(frequencies + capacity)
      .bindMemory(to: UInt16.self, capacity: 2 * capacity)
    sorted = entries + capacity
    places = UnsafeMutableRawPointer(sorted + capacity)
      .bindMemory(to: UInt8.self, capacity: capacity)
  }

  package func deallocate() {
    memory.deallocate()
  }

  /// Has each position of some documents visited, those of a document in ascending order and
  /// documents in any.
  ///
  /// - Parameters:
  ///   - ids: The documents, whose places a cursor has noted.
  ///   - count: The number of ids, at most ``capacity``.
  ///   - record: The start of the term's record.
  ///   - lengthCodes: The code of the field's length of each document, by id.
  ///   - table: ``PositionCode/table``.
  ///   - buffer: Memory for long codes.
  ///   - visitor: What visits them.
  /// - Returns: Whether all codes were whole.
  @inline(__always)
  package func visitPositions<Visitor: PositionVisitor>(
    of ids: UnsafePointer<UInt16>, count: Int, record: UnsafeRawPointer,
    lengthCodes: UnsafePointer<UInt8>, table: UnsafePointer<UInt16>,
    buffer: inout PositionBuffer, _ visitor: Visitor
  ) -> Bool {
    sort(ids, count, lengthCodes, table)
    visitSingle(record, visitor)
    visitRow(2, record, table, visitor)
    visitRow(3, record, table, visitor)
    visitRow(4, record, table, visitor)
    visitRow(5, record, table, visitor)
    visitRow(6, record, table, visitor)
    visitUnary(record, visitor)
    return visitOthers(record, lengthCodes, table, &buffer, visitor)
  }

  /// Sorts ids by row.
  @inline(__always)
  private func sort(
    _ ids: UnsafePointer<UInt16>, _ count: Int, _ lengthCodes: UnsafePointer<UInt8>,
    _ table: UnsafePointer<UInt16>
  ) {
    let known = PositionRow.entries(in: table)
    let (entries, sorted, ends, frequencies) = (entries, sorted, ends, frequencies)
    ends.initialize(repeating: 0, count: PositionRow.count + 1)
    for index in 0..<count {
      let id = Int(ids[index])
      let entry = PositionRow.entry(
        frequency: frequencies[id], lengthCode: lengthCodes[id], entries: known)
      entries[id] = entry
      let row = PositionRow.row(entry)
      ends[row &+ 1] = ends[row &+ 1] &+ 1
    }
    for row in 0..<PositionRow.count { ends[row &+ 1] = ends[row &+ 1] &+ ends[row] }
    // Now each row has its start in place of its end; filling it moves that on.
    for index in 0..<count {
      let id = ids[index]
      let row = PositionRow.row(entries[Int(id)])
      sorted[ends[row]] = id
      ends[row] = ends[row] &+ 1
    }
  }

  /// The documents of a row in ``sorted``.
  @inline(__always)
  private func range(_ row: Int) -> Range<Int> {
    let start = ends[row &- 1]
    return start..<max(start, ends[row])
  }

  @inline(__always)
  private func visitSingle<Visitor: PositionVisitor>(
    _ record: UnsafeRawPointer, _ visitor: Visitor
  ) {
    for index in range(1) {
      let id = Int(sorted[index])
      let start = starts[id]
      var position = start & Int.max
      if start >= 0 {
        let mask = (UInt64(1) &<< UInt64(PositionRow.low(entries[id]))) &- 1
        position = Int(truncatingIfNeeded: PositionCode.load(record, start) & mask)
      }
      visitor.end(id, visitor.visit(visitor.begin(id), position))
    }
  }

  @inline(__always)
  private func visitRow<Visitor: PositionVisitor>(
    _ frequency: Int, _ record: UnsafeRawPointer, _ table: UnsafePointer<UInt16>,
    _ visitor: Visitor
  ) {
    let multisets = MultisetCode.multisets(of: frequency, table: table)
    for index in range(frequency) {
      let id = Int(sorted[index])
      let entry = entries[id]
      let start = starts[id]
      let low = UInt64(PositionRow.low(entry))
      var lows = PositionCode.load(record, start)
      let rank =
        PositionCode.load(record, start &+ frequency &* Int(low))
        & ((UInt64(1) &<< UInt64(PositionRow.highs(entry))) &- 1)
      var highs = UInt64(MultisetCode.members(multisets, rank))
      let document = visitor.begin(id)
      let mask = (UInt64(1) &<< low) &- 1
      var sum = 0
      for _ in 0..<frequency {
        let high = highs & UInt64(MultisetCode.highMask)
        sum =
          sum &+ visitor.visit(document, Int(truncatingIfNeeded: high &<< low | (lows & mask)))
        lows = lows &>> low
        highs = highs &>> UInt64(MultisetCode.highWidth)
      }
      visitor.end(id, sum)
    }
  }

  @inline(__always)
  private func visitUnary<Visitor: PositionVisitor>(
    _ record: UnsafeRawPointer, _ visitor: Visitor
  ) {
    for frequency in (MultisetCode.largestCount + 1)..<PositionRow.count {
      for index in range(frequency) {
        let id = Int(sorted[index])
        let start = starts[id]
        let low = UInt64(PositionRow.low(entries[id]))
        var lows = PositionCode.load(record, start)
        var highs = PositionCode.load(record, start &+ frequency &* Int(low))
        let document = visitor.begin(id)
        let mask = (UInt64(1) &<< low) &- 1
        var sum = 0
        var place: UInt64 = 0
        while place < UInt64(frequency) {
          let high = UInt64(truncatingIfNeeded: highs.trailingZeroBitCount) &- place
          sum =
            sum &+ visitor.visit(document, Int(truncatingIfNeeded: high &<< low | (lows & mask)))
          lows = lows &>> low
          highs &= highs &- 1
          place = place &+ 1
        }
        visitor.end(id, sum)
      }
    }
  }

  @inline(__always)
  private func visitOthers<Visitor: PositionVisitor>(
    _ record: UnsafeRawPointer, _ lengthCodes: UnsafePointer<UInt8>,
    _ table: UnsafePointer<UInt16>, _ buffer: inout PositionBuffer,
    _ visitor: Visitor
  ) -> Bool {
    var areWhole = true
    for index in 0..<ends[0] {
      let id = Int(sorted[index])
      let document = visitor.begin(id)
      let frequency = Int(frequencies[id])
      buffer.reserve(frequency)
      let isWhole = PositionCode.decode(
        frequency: frequency,
        layout: PositionCode.layout(
          frequency: frequencies[id], lengthCode: lengthCodes[id], table: table),
        base: record, start: starts[id], table: table, to: buffer.base)
      var sum = 0
      for place in 0..<(isWhole ? frequency : 0) {
        sum = sum &+ visitor.visit(document, Int(buffer.base[place]))
      }
      visitor.end(id, sum)
      areWhole = areWhole && isWhole
    }
    return areWhole
  }
}

/// What becomes of positions.
package protocol PositionVisitor {
  /// What has to be known of a document.
  associatedtype Known
  /// Returns what ``visit(_:_:)`` has to know of a document.
  func begin(_ id: Int) -> Known
  /// Receives what ``begin(_:)`` returned and a position of the document, and returns a number; of a
  /// damaged code, the position may be any.
  func visit(_ document: Known, _ position: Int) -> Int
  /// Receives the sum of those numbers.
  func end(_ id: Int, _ sum: Int)
}
