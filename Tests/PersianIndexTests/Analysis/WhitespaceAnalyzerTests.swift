// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct WhitespaceAnalyzerTests {
  private struct Word: Equatable {
    var range: Range<Int>
    var term: [UInt8]
    var position: Int
  }

  /// The words of a text, one byte looked at after another.
  private func words(_ text: [UInt8]) -> [Word] {
    var words: [Word] = []
    var start = 0
    for end in 0...text.count where end == text.count || text[end] <= 0x20 {
      if end > start {
        var length = end - start
        if length > 255 {
          length = 255
          while text[start + length] & 0xc0 == 0x80 { length -= 1 }
        }
        words.append(
          Word(
            range: start..<end, term: Array(text[start..<start + length]), position: words.count))
      }
      start = end + 1
    }
    return words
  }

  private func analyzed(_ text: [UInt8], into buffer: inout TokenBuffer) -> [Word] {
    let before = buffer.tokens.count
    text.withUnsafeBufferPointer { WhitespaceAnalyzer().analyze($0, into: &buffer) }
    return buffer.tokens[before...].map { token in
      Word(
        range: Int(token.startOffset)..<Int(token.endOffset), term: Array(buffer.term(of: token)),
        position: Int(token.position))
    }
  }

  @Test(arguments: [0.05, 0.3, 0.7])
  func `Words are what stands between bytes below 0x21, wherever they are`(share: Double) {
    var generator = SeededGenerator(seed: 21)
    for length in [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 200, 1000, 5000] {
      for _ in 0..<20 {
        let text = (0..<length).map { _ -> UInt8 in
          Double.random(in: 0..<1, using: &generator) < share
            ? UInt8.random(in: 0...0x20, using: &generator)
            : UInt8.random(in: 0x21...0x7f, using: &generator)
        }
        var buffer = TokenBuffer()
        #expect(analyzed(text, into: &buffer) == words(text))
      }
    }
  }

  @Test func `Letters of several bytes do not end a word`() {
    for text in ["نخستین روزِ بهار", "می‌روم  از\tاین\nجا", "a\u{80}b \u{a0}c\u{3000}d 🌿"] {
      var buffer = TokenBuffer()
      #expect(analyzed(Array(text.utf8), into: &buffer) == words(Array(text.utf8)))
    }
  }

  @Test func `A word of more than 255 bytes is cut between letters`() {
    for prefix in ["", "a"] {
      let text = Array("x \(prefix)\(String(repeating: "ب", count: 300)) y".utf8)
      var buffer = TokenBuffer()
      let found = analyzed(text, into: &buffer)
      #expect(found == words(text))
      #expect(found[1].term.count == (prefix.isEmpty ? 254 : 255))
    }
  }

  @Test func `A second text goes on behind the first`() {
    var buffer = TokenBuffer()
    _ = analyzed(Array("one two".utf8), into: &buffer)
    let second = analyzed(Array("three".utf8), into: &buffer)
    #expect(second == [Word(range: 0..<5, term: Array("three".utf8), position: 2)])
    #expect(buffer.nextPosition == 3)
  }
}
