// SPDX-License-Identifier: Apache-2.0

extension PositionAnchor {
  /// An anchor for some positions.
  package struct Choice {
    /// The bits that it saves, what the block begins with included.
    package fileprivate(set) var savedBits: Int
    /// The bits of a code of a single position.
    package let width: Int
    package let anchor: Int
    fileprivate let isWide: Bool

    /// The distance of a position from the anchor; the bits above ``width`` are those of an exception.
    @inline(__always)
    package func distance(of position: UInt32) -> UInt32 {
      let bits = UInt32(truncatingIfNeeded: width &+ (isWide ? 16 : 8))
      return (position &- UInt32(truncatingIfNeeded: anchor)) & ((1 &<< bits) &- 1)
    }
  }

  /// The positions of the documents of a block that have a term once.
  ///
  /// It works in the memory it was given.
  package struct Singles {
    /// The least documents that an anchor is looked for.
    private static var leastCount: Int { 16 }
    /// The least bits that an anchor has to save: exceptions take time.
    private static var leastSavedBits: Int { 64 }
    /// Positions are first counted by rows of this size, as many as an anchor's place allows.
    private static var rowWidth: Int { 4 }
    private static var rowCount: Int { 32 }
    /// The most bits of a code: as many positions as two rows have.
    private static var mostWidth: Int { 5 }

    private(set) var count = 0
    private var plainBits = 0
    private var universe: UInt32 = 0
    private let positions: UnsafeMutablePointer<UInt32>
    private let rows: UnsafeMutablePointer<UInt8>

    /// - Parameter memory: Room for 128 numbers and what counts them, as ``memorySize`` says.
    package init(_ memory: UnsafeMutableRawPointer) {
      positions = memory.assumingMemoryBound(to: UInt32.self)
      rows = (memory + 4 * PostingsFormat.blockSize).assumingMemoryBound(to: UInt8.self)
      rows.update(repeating: 0, count: Self.rowCount + 1)
    }

    /// The bytes that singles take.
    package static var memorySize: Int { 4 * PostingsFormat.blockSize + 64 }

    /// Adds the position of a document.
    @inline(__always)
    package mutating func add(_ position: UInt32, plainBits bits: Int, universe: UInt32) {
      positions[count] = position
      count = count &+ 1
      plainBits = plainBits &+ bits
      self.universe = max(self.universe, universe)
      // What lies behind all rows is counted in one that is not looked at.
      let row = Int(min(position &>> UInt32(Self.rowWidth), UInt32(Self.rowCount)))
      rows[row] = rows[row] &+ 1
    }

    /// The anchor that saves most; `nil` where none saves enough.
    package func choose() -> Choice? {
      if count < Self.leastCount { return nil }
      var (best, row) = (0, 0)
      for next in 0..<(Self.rowCount - 1) {
        let sum = Int(rows[next]) + Int(rows[next + 1])
        if sum > best { (best, row) = (sum, next) }
      }
      // A code is shorter by less than an exception is longer.
      if 2 * best < count { return nil }
      return choose(from: row << Self.rowWidth)
    }

    /// The best anchor in two rows.
    private func choose(from first: Int) -> Choice? {
      let size = 2 << Self.rowWidth
      return withUnsafeTemporaryAllocation(of: Int.self, capacity: size + 1) { sums in
        // The positions before each place.
        sums.initialize(repeating: 0)
        for index in 0..<count {
          let place = Int(positions[index]) - first
          if place >= 0 && place < size { sums[place + 1] += 1 }
        }
        for place in 0..<size { sums[place + 1] += sums[place] }
        var best: Choice?
        for width in 0...Self.mostWidth {
          var (most, place) = (0, 0)
          for start in 0...(size - 1 << width) {
            let near = sums[start + 1 << width] - sums[start]
            if near > most { (most, place) = (near, start) }
          }
          guard var choice = choice(width: width, anchor: first + place) else { continue }
          choice.savedBits =
            plainBits - width * count
            - 8 * (2 + Self.exceptionSize(count - most, isWide: choice.isWide))
          if choice.savedBits > best?.savedBits ?? (Self.leastSavedBits - 1) { best = choice }
        }
        return best
      }
    }

    private func choice(width: Int, anchor: Int) -> Choice? {
      // What lies before the anchor must not come out as what lies right behind it.
      let near = UInt32(1) << UInt32(width)
      if universe > near << 16 - near { return nil }
      return Choice(
        savedBits: 0, width: width, anchor: anchor, isWide: universe > near << 8 - near)
    }

    private static func exceptionSize(_ count: Int, isWide: Bool) -> Int {
      if count == 0 { return 0 }
      return min(1 + count, PositionAnchor.bitSetSize) + (isWide ? 2 : 1) * count
    }
  }

  /// Appends what a block with an anchor begins with.
  ///
  /// - Parameters:
  ///   - choice: The anchor.
  ///   - singles: The index and the position of each document of the block that has the term once,
  ///     ascending by index.
  ///   - output: Receives whole bytes.
  package static func append(
    _ choice: Choice, singles: [(index: Int, position: UInt32)], to output: inout RawBuffer
  ) {
    let far = singles.filter { choice.distance(of: $0.position) >> UInt32(choice.width) != 0 }
    let isBitSet = 1 + far.count > bitSetSize
    var form = UInt8(choice.width)
    if choice.anchor >= 256 { form |= farMark }
    if !far.isEmpty {
      form |= exceptionsMark
      if choice.isWide { form |= wideMark }
      if isBitSet { form |= bitSetMark }
    }
    output.append(form)
    output.append(UInt8(choice.anchor & 255))
    if far.isEmpty { return }
    if isBitSet {
      var bits: (UInt64, UInt64) = (0, 0)
      for (index, _) in far {
        if index < 64 { bits.0 |= 1 << UInt64(index) } else { bits.1 |= 1 << UInt64(index - 64) }
      }
      output.append(bits.0)
      output.append(bits.1)
    } else {
      output.append(UInt8(far.count))
      for (index, _) in far { output.append(UInt8(index)) }
    }
    for (_, position) in far {
      let high = choice.distance(of: position) >> UInt32(choice.width)
      if choice.isWide { output.append(UInt16(high)) } else { output.append(UInt8(high)) }
    }
  }
}
