// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct TermDictionaryTests {
  /// Characters of one to four bytes, with a code of their own and without, and bytes of none.
  private static let characters: [[UInt8]] =
    ["a", "e", "ء", "ا", "غ", "ف", "ـ", "پ", "ی", "ە", "۹", "é", "ܐ", "\u{200c}", "\u{200d}", "😀"]
    .map { Array($0.utf8) }
    + [[0xff], [0x80], [0xd8], [0xf5], [0xf8, 0x80]]

  /// Makes a dictionary of sorted distinct keys.
  static func dictionary(count: Int, seed: UInt64) -> (
    keys: [[UInt8]], infos: [TermInfo], bytes: [UInt8]
  ) {
    var random = SeededGenerator(seed: seed)
    var keys: Set<[UInt8]> = []
    while keys.count < count {
      let length = UInt32.random(in: 0..<30, using: &random) == 0 ? 400 : 6
      let letters = (0..<Int.random(in: 1...length, using: &random)).flatMap { _ in
        characters[Int.random(in: 0..<characters.count, using: &random)]
      }
      keys.insert([UInt8.random(in: 0...2, using: &random)] + letters)
    }
    let sorted = keys.sorted { $0.lexicographicallyPrecedes($1) }
    var writer = TermDictionaryWriter()
    var infos: [TermInfo] = []
    var offset: UInt64 = 0
    /// Numbers of every length, small ones more often.
    func number(upTo bits: Int) -> UInt64 {
      let width = Int.random(in: 0...bits, using: &random)
      return UInt64.random(in: 0...UInt64(1) << width, using: &random)
    }
    for key in sorted {
      let frequency = max(1, UInt32(number(upTo: 31)))
      let info = TermInfo(
        documentFrequency: frequency,
        totalTermFrequency: UInt64(frequency) + number(upTo: 40),
        offset: offset,
        singleDocument: frequency == 1 ? UInt32.random(in: 0...100_000, using: &random) : 0)
      key.withUnsafeBufferPointer { writer.add(key: $0, info) }
      infos.append(info)
      offset += number(upTo: 40)
    }
    return (sorted, infos, writer.finish())
  }

  @Test(arguments: [0, 1, 2, 31, 32, 33, 1000])
  func `every key is found and no other`(count: Int) throws {
    let (keys, infos, bytes) = Self.dictionary(count: count, seed: UInt64(count))
    try bytes.withUnsafeBytes { section in
      let reader = try TermDictionaryReader(bytes: section)
      #expect(reader.count == count)
      let all = Set(keys)
      for (key, info) in zip(keys, infos) {
        #expect(try key.withUnsafeBufferPointer { try reader.find($0) } == info)
        for other in [key + [97], Array(key.dropLast()), key.dropLast() + [102]]
        where !all.contains(other) {
          #expect(try other.withUnsafeBufferPointer { try reader.find($0) } == nil)
        }
      }
    }
  }

  @Test
  func `a letter of a word takes as little as one of ASCII`() {
    let sizes = ["آبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی۰۱۲۳۴۵۶۷۸۹", String(repeating: "b", count: 42)]
      .map { word in
        var writer = TermDictionaryWriter()
        for key in ["\u{0}a", "\u{0}a" + word] {
          Array(key.utf8).withUnsafeBufferPointer {
            writer.add(
              key: $0, TermInfo(documentFrequency: 1, totalTermFrequency: 1, offset: 0))
          }
        }
        return writer.finish().count
      }
    #expect(sizes[0] == sizes[1])
  }

  @Test
  func `a cursor walks and seeks in order`() throws {
    let (keys, infos, bytes) = Self.dictionary(count: 1000, seed: 3)
    try bytes.withUnsafeBytes { section in
      let reader = try TermDictionaryReader(bytes: section)
      var cursor = try [UInt8]().withUnsafeBufferPointer { try reader.cursor(from: $0) }
      for (key, info) in zip(keys, infos) {
        #expect(try cursor.next())
        #expect(cursor.key == key)
        #expect(cursor.info == info)
      }
      #expect(try !cursor.next())
      for step in [1, 5, 40, 200] {
        var seeker = try keys[0].withUnsafeBufferPointer { try reader.cursor(from: $0) }
        for index in stride(from: 0, to: keys.count, by: step) {
          let target = index % 2 == 0 ? keys[index] : Array(keys[index].dropLast())
          let expected = keys.firstIndex { !$0.lexicographicallyPrecedes(target) }
          try target.withUnsafeBufferPointer { try seeker.seek($0) }
          if target == keys[index] {
            #expect(try seeker.next())
            #expect(seeker.key == keys[index])
            #expect(expected == index)
          }
        }
        try [UInt8(9)].withUnsafeBufferPointer { try seeker.seek($0) }
        #expect(try !seeker.next())
      }
    }
  }

  @Test
  func `a damaged dictionary gives errors or other answers, never a trap`() throws {
    let (keys, _, bytes) = Self.dictionary(count: 70, seed: 8)
    var failures = 0
    for place in bytes.indices {
      for bit in [0, 4, 7] {
        var damaged = bytes
        damaged[place] ^= 1 << UInt8(bit)
        damaged.withUnsafeBytes { section in
          do {
            let reader = try TermDictionaryReader(bytes: section)
            _ = try keys[40].withUnsafeBufferPointer { try reader.find($0) }
            var cursor = try keys[20].withUnsafeBufferPointer { try reader.cursor(from: $0) }
            while try cursor.next() {}
          } catch {
            failures += 1
          }
        }
      }
    }
    #expect(failures > 50)
    for length in stride(from: 0, to: bytes.count, by: 7) {
      _ = bytes[..<length].withUnsafeBytes { section in
        #expect(throws: IndexError.self) { try TermDictionaryReader(bytes: section) }
      }
    }
  }
}
