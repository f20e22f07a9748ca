// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct PositionCodeTests {
  private static let codes = stride(from: 1, through: 255, by: 1).map { UInt8($0) }

  /// Makes ascending positions, some equal, and often the greatest possible.
  private static func positions(
    _ frequency: Int, below universe: UInt32, using generator: inout SeededGenerator
  ) -> [UInt32] {
    let isCrowded = Bool.random(using: &generator)
    let lowest = isCrowded ? universe - min(universe, 3) : 0
    return (0..<frequency).map { _ in UInt32.random(in: lowest..<universe, using: &generator) }
      .sorted()
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 20, 31, 32, 40])
  func `positions of every length code come back`(frequency: Int) throws {
    var generator = SeededGenerator(seed: UInt64(frequency))
    try PositionCode.table.withUnsafeBufferPointer { buffer in
      let table = try #require(buffer.baseAddress)
      for code in Self.codes {
        let universe = FieldLengthCode.universe(code)
        let layout = PositionCode.layout(
          frequency: UInt32(frequency), lengthCode: code, table: table)
        var output = RawBuffer()
        var written: [[UInt32]] = []
        for _ in 0..<4 {
          let positions = Self.positions(frequency, below: universe, using: &generator)
          positions.withUnsafeBufferPointer {
            PositionCode.encode($0, lengthCode: code, table: table, to: &output)
          }
          written.append(positions)
        }
        output.alignToByte()
        #expect(output.count == (4 * layout.bits + 7) / 8)
        for _ in 0..<8 { output.append(UInt64(0)) }
        for (index, positions) in written.enumerated() {
          let decoded = try Self.decode(
            frequency, layout, from: output.base, at: index * layout.bits, table)
          #expect(decoded == positions, "frequency \(frequency), code \(code)")
          let called = Self.positions(
            frequency, layout, from: output.base, at: index * layout.bits, table)
          if layout.bits <= 56 { #expect(called != nil) }
          if let called {
            #expect(called == positions, "frequency \(frequency), code \(code)")
          }
        }
      }
    }
  }

  private static func decode(
    _ frequency: Int, _ layout: (bits: Int, low: Int), from base: UnsafeRawPointer, at start: Int,
    _ table: UnsafePointer<UInt16>
  ) throws -> [UInt32] {
    var buffer = PositionBuffer()
    defer { buffer.deallocate() }
    buffer.reserve(frequency)
    try #require(
      PositionCode.decode(
        frequency: frequency, layout: layout, base: base, start: start, table: table,
        to: buffer.base))
    return Array(UnsafeBufferPointer(start: buffer.base, count: frequency))
  }

  /// The positions that a function is called with; `nil` for a long code.
  private static func positions(
    _ frequency: Int, _ layout: (bits: Int, low: Int), from base: UnsafeRawPointer, at start: Int,
    _ table: UnsafePointer<UInt16>
  ) -> [UInt32]? {
    var positions: [UInt32] = []
    let isWhole = PositionCode.forEachPosition(
      frequency: frequency, layout: layout, base: base, start: start, table: table
    ) { position in
      positions.append(UInt32(position))
      return true
    }
    return isWhole.map { $0 ? positions : [] }
  }

  @Test
  func `no code is longer than its positions one by one`() throws {
    try PositionCode.table.withUnsafeBufferPointer { buffer in
      let table = try #require(buffer.baseAddress)
      for code in Self.codes {
        let single = PositionCode.layout(frequency: 1, lengthCode: code, table: table).bits
        #expect(1 << single >= Int(FieldLengthCode.universe(code)))
        for frequency in 2..<50 {
          let bits = PositionCode.layout(
            frequency: UInt32(frequency), lengthCode: code, table: table
          ).bits
          #expect(bits <= frequency * single)
        }
      }
    }
  }

  @Test
  func `two positions of a hundred take thirteen bits`() throws {
    try PositionCode.table.withUnsafeBufferPointer { buffer in
      let table = try #require(buffer.baseAddress)
      let code = FieldLengthCode.encode(100)
      #expect(PositionCode.layout(frequency: 1, lengthCode: code, table: table).bits == 7)
      #expect(PositionCode.layout(frequency: 2, lengthCode: code, table: table).bits == 13)
    }
  }

  @Test
  func `codes of many positions have the fewest bits, and of those the first form`() throws {
    try PositionCode.table.withUnsafeBufferPointer { buffer in
      let table = try #require(buffer.baseAddress)
      let frequencies = Array(32...300) + (9..<30).flatMap { [(1 << $0) - 1, 1 << $0, 3 << $0] }
      for code in UInt8.min...UInt8.max {
        let largest = Int(max(1, FieldLengthCode.universe(code))) - 1
        let width = Int.bitWidth - largest.leadingZeroBitCount
        for frequency in frequencies {
          var best = (bits: frequency * width, low: width)
          for low in 0..<width {
            let bits = frequency * (low + 1) + largest >> low
            if bits < best.bits { best = (bits, low) }
          }
          let layout = PositionCode.layout(
            frequency: UInt32(frequency), lengthCode: code, table: table)
          #expect(layout == best, "frequency \(frequency), code \(code)")
        }
      }
    }
  }
}
