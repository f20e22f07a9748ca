// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

/// What a block of an anchored list begins with, where it is cut off or was changed.
struct DamagedAnchorTests {
  private enum Outcome: Equatable {
    case absent
    case corrupt
    /// The positions of all indexes with the least and the greatest code.
    case present(size: Int, positions: [Int])
  }

  /// Reads some bytes of which the first may be read.
  private static func read(_ bytes: [UInt8], available: Int) -> Outcome {
    // An exact copy on the heap: an address sanitizer sees any read outside.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    guard let start = copy.baseAddress else { return .corrupt }
    switch PositionAnchor.read(start, available: available) {
    case .absent: return .absent
    case .corrupt: return .corrupt
    case .present(let anchor):
      #expect(anchor.size <= available)
      let codes = [0, UInt64(1) << UInt64(anchor.width) - 1]
      let positions = codes.flatMap { code in
        (0..<128).map { anchor.position(at: $0, code: code) }
      }
      #expect(positions.allSatisfy { 0..<(1 << 30) ~= $0 })
      return .present(size: anchor.size, positions: positions)
    }
  }

  /// Reads some bytes, and expects the same whatever follows them.
  private static func read(_ bytes: [UInt8]) -> Outcome {
    let outcome = read(bytes, available: bytes.count)
    for next: UInt8 in [0, 0xff] {
      let more = [UInt8](repeating: next, count: 600)
      #expect(read(bytes + more, available: bytes.count) == outcome, "\(bytes)")
    }
    return outcome
  }

  private static func headers() throws -> [[UInt8]] {
    var random = SeededGenerator(seed: 3)
    var headers: [[UInt8]] = []
    for exceptions in [0, 1, 15, 16, 40] {
      for universe: UInt32 in [900, 50_000] {
        let singles = PositionAnchorTests.singles(
          128, exceptions: exceptions, width: 3, anchor: 300, universe: universe,
          using: &random)
        let choice = try #require(
          PositionAnchorTests.choose(singles.map(\.position), universe: universe))
        headers.append(PositionAnchorTests.header(choice, singles))
      }
    }
    return headers
  }

  @Test
  func `what is cut off is corrupt`() throws {
    for header in try Self.headers() {
      for count in 1..<header.count {
        #expect(Self.read(Array(header.prefix(count))) == .corrupt, "\(count) of \(header)")
      }
      guard case .present(header.count, _) = Self.read(header) else {
        Issue.record("\(header) is not read")
        continue
      }
    }
    #expect(Self.read([15], available: 0) == .corrupt)
    #expect(Self.read([0, 0], available: -3) == .corrupt)
  }

  @Test
  func `no changed bit makes reading trap or read outside`() throws {
    var changed = 0
    for header in try Self.headers() {
      let whole = Self.read(header)
      for bit in 0..<(8 * header.count) {
        var damaged = header
        damaged[bit >> 3] ^= 1 << UInt8(bit & 7)
        if Self.read(damaged) != whole { changed += 1 }
      }
    }
    #expect(changed > 500)
  }

  @Test
  func `no first byte makes reading trap or read outside`() {
    var random = SeededGenerator(seed: 5)
    for form in UInt8.min...UInt8.max {
      for count in [1, 2, 3, 4, 5, 17, 18, 19, 20, 40, 148, 200, 300] {
        var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        bytes[0] = form
        if count > 2 { bytes[2] = UInt8.random(in: 0...20, using: &random) }
        // So that listed exceptions ascend.
        let end = min(count, 3 + Int(count > 2 ? bytes[2] : 0))
        if end > 3 { bytes[3..<end].sort() }
        let outcome = Self.read(bytes)
        if form & 15 == 15 { #expect(outcome == (form == 15 ? .absent : .corrupt)) }
        if form & 0xd0 == 0x10 || form & 0xc0 == 0x40 { #expect(outcome == .corrupt) }
      }
    }
  }

  @Test
  func `a byte is enough for a block without an anchor`() {
    #expect(Self.read([PositionAnchor.none]) == .absent)
  }

  @Test
  func `forms that contradict themselves are corrupt`() {
    // What follows is long enough for any of them.
    let rest = [UInt8](repeating: 1, count: 300)
    for form: UInt8 in [0x40, 0x10, 0x50, 0x60, 0x30, 0x70] {
      #expect(Self.read([form | 3, 9] + rest) == .corrupt, "\(form)")
    }
    for form: UInt8 in stride(from: 0x1f, through: 0xff, by: 0x10) {
      #expect(Self.read([form] + rest) == .corrupt, "\(form)")
    }
    for indexes: [UInt8] in [
      [], [5, 4], [5, 5], [0, 0], [3, 9, 8], [128], [255], [0, 1, 128], [127, 128],
    ] {
      for form: UInt8 in [0x83, 0x93] {
        let bytes = [form, 9, UInt8(indexes.count)] + indexes + rest
        #expect(Self.read(bytes) == .corrupt, "\(indexes)")
      }
    }
    let none = [UInt8](repeating: 0, count: 16)
    #expect(Self.read([0xc3, 9] + none + rest) == .corrupt)
    #expect(Self.read([0xd3, 9] + none + rest) == .corrupt)
    // The same without a contradiction.
    for bytes: [UInt8] in [[0x83, 9, 2, 4, 5, 1, 1], [0x83, 9, 1, 127, 1], [0x23, 9]] {
      guard case .present(bytes.count, _) = Self.read(bytes + rest) else {
        Issue.record("\(bytes) is not read")
        continue
      }
    }
  }
}
