// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct PositionAnchorTests {
  /// The single positions of a block.
  typealias Singles = [(index: Int, position: UInt32)]

  /// The bits of any position below a universe.
  private static func plainBits(_ universe: UInt32) -> Int {
    UInt32.bitWidth - (universe - 1).leadingZeroBitCount
  }

  static func choose(
    _ positions: [UInt32], universe: UInt32, plainBits bits: Int? = nil
  ) -> PositionAnchor.Choice? {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: PositionAnchor.Singles.memorySize, alignment: 16)
    defer { memory.deallocate() }
    // Whoever passes the memory has used it for something else before.
    memory.initializeMemory(as: UInt8.self, repeating: 0xaa)
    guard let start = memory.baseAddress else { return nil }
    var singles = PositionAnchor.Singles(start)
    for position in positions {
      singles.add(position, plainBits: bits ?? plainBits(universe), universe: universe)
    }
    return singles.choose()
  }

  static func header(_ choice: PositionAnchor.Choice, _ singles: Singles) -> [UInt8] {
    var output = RawBuffer()
    PositionAnchor.append(choice, singles: singles, to: &output)
    return Array(output.bytes)
  }

  /// Positions near an anchor, the first and the last there among them, and as many exceptions as
  /// are wanted, which lie well away from it; in random places of a block.
  static func singles(
    _ count: Int, exceptions: Int, width: Int, anchor: UInt32, universe: UInt32,
    using random: inout SeededGenerator
  ) -> Singles {
    let size = UInt32(1) << UInt32(width)
    var positions = [anchor, anchor + size - 1]
    while positions.count < count - exceptions {
      positions.append(UInt32.random(in: anchor..<anchor + size, using: &random))
    }
    while positions.count < count {
      let position = UInt32.random(in: 0..<universe, using: &random)
      if position + 40 < anchor || position > anchor + size + 40 { positions.append(position) }
    }
    let indexes = (0..<128).shuffled(using: &random).prefix(count).sorted()
    return Array(zip(indexes, positions.shuffled(using: &random)))
  }

  /// Writes and reads what a block begins with, and expects all positions and the bits that the
  /// choice was to save.
  ///
  /// - Returns: The bytes.
  @discardableResult
  private static func expectRoundTrip(
    _ choice: PositionAnchor.Choice, _ singles: Singles, universe: UInt32,
    _ label: @autoclosure () -> String
  ) -> [UInt8] {
    let header = header(choice, singles)
    let saved = singles.count * (plainBits(universe) - choice.width) - 8 * header.count
    #expect(choice.savedBits == saved, "saved bits of \(label())")
    header.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress,
        case .present(let anchor) = PositionAnchor.read(start, available: bytes.count)
      else {
        Issue.record("no anchor in \(label())")
        return
      }
      #expect(anchor.size == header.count && anchor.width == choice.width, "\(label())")
      let read = singles.map { index, position in
        let code = UInt64(choice.distance(of: position)) & (1 << UInt64(choice.width) - 1)
        return anchor.position(at: index, code: code)
      }
      #expect(read == singles.map { Int($0.position) }, "\(label())")
    }
    return header
  }

  @Test(arguments: 0...5, [false, true])
  func `positions near an anchor and away from it come back`(width: Int, isWide: Bool) throws {
    var random = SeededGenerator(seed: UInt64(width))
    let size = UInt32(1) << UInt32(width)
    let universe = size << (isWide ? 16 : 8) - size
    for wanted: UInt32 in [0, 7, 100, 255, 256, 300, 496, 511] {
      // The widest codes begin where one of two rows does.
      let anchor = (min(wanted, 512 - size, universe - size)) & (width == 5 ? ~15 : ~0)
      for exceptions in [0, 1, 2, 14, 15, 16, 17, 40] {
        for count in [128, 127, 90] where exceptions * 3 < count {
          let label = "width \(width), anchor \(anchor), \(exceptions) exceptions of \(count)"
          let singles = Self.singles(
            count, exceptions: exceptions, width: width, anchor: anchor, universe: universe,
            using: &random)
          let choice = try #require(
            Self.choose(singles.map(\.position), universe: universe), "\(label)")
          #expect(choice.width == width && choice.anchor == Int(anchor), "\(label)")
          let header = Self.expectRoundTrip(choice, singles, universe: universe, label)
          #expect((header[0] & 32 != 0) == (anchor >= 256), "\(label)")
          #expect((header[0] & 128 != 0) == (exceptions > 0), "\(label)")
          #expect((header[0] & 64 != 0) == (exceptions >= 16), "\(label)")
          #expect((header[0] & 16 != 0) == (exceptions > 0 && isWide), "\(label)")
        }
      }
    }
  }

  // The margin below the modulus is for any anchor; those that are chosen lie so low that the form of
  // the exceptions alone tells of it.
  @Test(arguments: 0...5)
  func `a position before an anchor at the end is none behind it`(width: Int) throws {
    let size = UInt32(1) << UInt32(width)
    for universe in [size << 8 - size, size << 8 - size + 1, size << 8, size << 8 + 1] {
      let anchor = min(universe - size, 512 - size)
      var singles = (0..<100).map { (index: $0, position: anchor + UInt32($0) % size) }
      for position in 0..<UInt32(6) { singles.append((singles.count, position)) }
      for position in (universe - 3)..<universe { singles.append((singles.count, position)) }
      let choice = try #require(Self.choose(singles.map(\.position), universe: universe))
      #expect(choice.width == width && choice.anchor == Int(anchor))
      let header = Self.expectRoundTrip(choice, singles, universe: universe, "\(universe)")
      #expect((header[0] & 16 != 0) == (universe > size << 8 - size), "\(universe)")
    }
  }

  @Test
  func `no anchor is chosen where a field is too long`() throws {
    let positions = [UInt32](repeating: 77, count: 100)
    for width in 0...5 {
      let longest = UInt32(1) << UInt32(width + 16) - UInt32(1) << UInt32(width)
      #expect(try #require(Self.choose(positions, universe: longest)).width <= width)
      #expect(Self.choose(positions, universe: longest + 1)?.width == (width < 5 ? width + 1 : nil))
    }
  }

  @Test
  func `no anchor is chosen where it saves too little`() throws {
    #expect(Self.choose([UInt32](repeating: 9, count: 15), universe: 1 << 20) == nil)
    #expect(Self.choose([UInt32](repeating: 9, count: 16), universe: 1 << 20) != nil)
    #expect(Self.choose((0..<128).map { $0 * 40 }, universe: 1 << 13) == nil)
    #expect(Self.choose((0..<128).map { 512 + $0 % 4 }, universe: 1 << 13) == nil)
    // Each position takes no bits then, and the block begins with two bytes.
    for bits in 1...8 {
      let choice = Self.choose([UInt32](repeating: 9, count: 20), universe: 10, plainBits: bits)
      #expect(choice?.savedBits == (20 * bits - 16 >= 64 ? 20 * bits - 16 : nil))
    }
  }

  @Test
  func `bytes made by hand are read as the format says`() throws {
    // The form, the anchor, listed exceptions or a bit set, high parts.
    let listed: [UInt8] = [0x80 | 0x20 | 3, 9, 2, 4, 70, 1, 255]
    #expect(Self.positions(listed, at: [3, 4, 70, 71], code: 5) == [270, 278, 262, 270])
    let wide: [UInt8] = [0x80 | 0x10 | 14, 200, 1, 127, 0, 0x80]
    #expect(Self.positions(wide, at: [126, 127], code: 1) == [201, 201 + 0x8000 << 14])
    let bits: [UInt8] = [0x80 | 0x40, 8, 1, 0, 0, 0, 0, 0, 0, 0x80] + [0, 0, 4, 0, 0, 0, 0, 0]
    let places = Self.positions(bits + [10, 20, 250], at: [0, 1, 63, 64, 82], code: 0)
    #expect(places == [18, 8, 28, 8, 2])
    #expect(Self.positions([5, 30], at: [0, 127], code: 31) == [61, 61])
  }

  private static func positions(_ bytes: [UInt8], at indexes: [Int], code: UInt64) -> [Int] {
    bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress,
        case .present(let anchor) = PositionAnchor.read(start, available: bytes.count),
        anchor.size == bytes.count
      else { return [] }
      return indexes.map { anchor.position(at: $0, code: code) }
    }
  }
}
