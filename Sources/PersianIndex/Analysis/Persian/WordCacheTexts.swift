// SPDX-License-Identifier: Apache-2.0

/// What entries of a ``WordCache`` have no room for: long terms, the terms of words with several,
/// and the letters of long words.
struct WordCacheTexts {
  typealias Places = (bytes: UInt32, outputs: UInt32, letters: UInt32, unused: UInt32)

  private(set) var outputs = CacheArray<WordCache.Output>()
  private(set) var bytes = CacheArray<UInt8>()

  func deallocate() {
    outputs.deallocate()
    bytes.deallocate()
  }

  mutating func clear() {
    outputs.count = 0
    bytes.count = 0
  }

  /// Stores the outputs of a word.
  ///
  /// - Parameters:
  ///   - parts: The parts of the word.
  ///   - codes: Their terms and forms.
  ///   - letters: The letters of the word, if it is a long one.
  /// - Returns: Where they stand.
  mutating func store(
    _ parts: [WordReader.Part], _ codes: [UInt8], _ letters: UnsafeBufferPointer<UInt8>?
  ) -> Places {
    var places: Places = (0, UInt32(outputs.count), UInt32(bytes.count), 0)
    if let letters {
      for code in letters { bytes.append(code) }
    }
    places.bytes = UInt32(bytes.count)
    let utf8 = PersianLetters.shared.utf8
    for part in parts {
      let start = UInt32(bytes.count)
      for code in codes[part.termStart..<part.formStart + part.formLength] {
        bytes.append(UInt8(truncatingIfNeeded: utf8[Int(code)]))
        bytes.append(UInt8(truncatingIfNeeded: utf8[Int(code)] >> 8))
      }
      guard parts.count > 1 else { continue }
      outputs.append(
        WordCache.Output(
          bytes: start, termLength: UInt8(part.termLength * 2),
          formLength: UInt8(part.formLength * 2), start: UInt8(part.start), end: UInt8(part.end),
          flags: part.flags))
    }
    return places
  }
}

/// An array of plain values that grows and is read without checks; it keeps room for 64 bytes more.
struct CacheArray<Element> {
  private(set) var base: UnsafeMutablePointer<Element>
  private var capacity = 64
  var count = 0
  private static var spare: Int { 64 / MemoryLayout<Element>.stride + 1 }

  init() { base = .allocate(capacity: 64 + Self.spare) }

  mutating func append(_ element: Element) {
    if count == capacity {
      let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2 + Self.spare)
      larger.moveInitialize(from: base, count: count)
      base.deallocate()
      base = larger
      capacity *= 2
    }
    (base + count).initialize(to: element)
    count += 1
  }

  func deallocate() { base.deallocate() }
}
