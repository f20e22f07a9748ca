// SPDX-License-Identifier: Apache-2.0

import PersianIndex
import PersianIndexTestSupport
import Testing

struct TermMapTests {
  private typealias Occurrences = [[UInt8]: [(document: UInt32, positions: [UInt32])]]

  private struct List: Equatable {
    var key: [UInt8]
    var documents: [UInt32]
    var frequencies: [UInt32]
    var positions: [UInt32]
  }

  private func lists(_ map: borrowing TermMap, hasPositions: (UInt8) -> Bool) -> [List] {
    var result: [List] = []
    map.forEachTerm(hasPositions: hasPositions) { key, list in
      result.append(
        List(
          key: Array(key), documents: Array(list.documents),
          frequencies: Array(list.frequencies), positions: Array(list.positions)))
    }
    return result
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `Every list comes back as it went in, in the order of the keys`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let vocabulary = (0..<300).map { _ -> [UInt8] in
      let length = Int.random(in: 1...(Bool.random(using: &generator) ? 6 : 40), using: &generator)
      return (0..<length).map { _ in UInt8.random(in: 0...3, using: &generator) }
    }
    var map = TermMap(capacity: 0, seed: seed)
    var model: Occurrences = [:]
    for document in UInt32(0)..<400 where document % 7 != 3 {
      var position: UInt32 = 0
      for _ in 0..<Int.random(in: 0...60, using: &generator) {
        // The square makes some terms frequent, so that their lists fill many chunks.
        let rank = Double.random(in: 0..<1, using: &generator)
        let term = vocabulary[Int(rank * rank * 300)]
        position += UInt32.random(in: 0...1000, using: &generator)
        let field: UInt8 = Bool.random(using: &generator) ? 0 : 3
        map.add(field: field, term: term, document: document, position: position)
        let key = [field] + term
        if model[key]?.last?.document != document {
          model[key, default: []].append((document, []))
        }
        let last = model[key, default: []].count - 1
        if field == 3 || model[key]?[last].positions.last != position {
          model[key]?[last].positions.append(position)
        }
      }
    }
    let found = lists(map) { $0 == 0 }
    #expect(map.count == model.count)
    #expect(found.map(\.key) == model.keys.sorted { $0.lexicographicallyPrecedes($1) })
    for list in found {
      let expected = model[list.key] ?? []
      #expect(list.documents == expected.map(\.document))
      #expect(list.frequencies == expected.map { UInt32($0.positions.count) })
      #expect(list.positions == (list.key[0] == 0 ? expected.flatMap(\.positions) : []))
    }
  }

  @Test func `Terms that differ only in their middle, length or field are different`() {
    var map = TermMap(capacity: 0, seed: 9)
    let long = [UInt8](repeating: 1, count: 40)
    var other = long
    other[20] = 2
    for (field, term) in [
      (0, long), (0, other), (2, long), (0, long + [1]), (0, [1]), (0, [1, 1]),
    ] {
      map.add(field: UInt8(field), term: term, document: 0, position: 0)
    }
    #expect(map.count == 6)
  }

  @Test func `The ends of a term do not depend on what follows it`() {
    var generator = SeededGenerator(seed: 5)
    for count in 1...40 {
      let term = (0..<count).map { _ in UInt8.random(in: 1...255, using: &generator) }
      let text = term + (0..<16).map { _ in UInt8.random(in: 1...255, using: &generator) }
      term.withUnsafeBufferPointer { term in
        text.withUnsafeBufferPointer { text in
          guard let term = term.baseAddress, let text = text.baseAddress else { return }
          let ends = TermHash.ends(of: term, count: count)
          #expect(ends == TermHash.paddedEnds(of: text, count: count))
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3])
  func `Tokens taken in groups give the lists of tokens taken one by one`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let vocabulary = (0..<200).map { number in
      String(repeating: "و\(number)", count: Int.random(in: 1...12, using: &generator))
    }
    var groups = TermMap(capacity: 0, seed: 1)
    var single = TermMap(capacity: 0, seed: 2)
    var buffer = TokenBuffer()
    // Positions and gaps that take one byte, two and three.
    for document in [UInt32](0..<150) + [9_000, 9_001, 2_000_000] {
      let words = (0..<Int.random(in: 0...500, using: &generator)).map { _ in
        let rank = Double.random(in: 0..<1, using: &generator)
        return vocabulary[Int(rank * rank * 200)]
      }
      buffer.removeAll()
      buffer.nextPosition = UInt32.random(in: 0...20_000, using: &generator)
      let text = Array(words.joined(separator: " ").utf8)
      text.withUnsafeBufferPointer { WhitespaceAnalyzer().analyze($0, into: &buffer) }
      buffer.bytes.withUnsafeBufferPointer { bytes in
        buffer.tokens.withUnsafeBufferPointer { tokens in
          guard let bytes = bytes.baseAddress else { return }
          groups.append(tokens, bytes: bytes, field: 4, document: document)
          let keys = tokens.map {
            TermMap.KeyRange(start: Int($0.termStart), length: Int($0.termLength))
          }
          keys.withUnsafeBufferPointer {
            groups.append(keys: $0, bytes: bytes, field: 5, document: document)
          }
        }
      }
      for token in buffer.tokens {
        let term = Array(buffer.term(of: token))
        single.add(field: 4, term: term, document: document, position: token.position)
        single.add(field: 5, term: term, document: document, position: token.position)
      }
    }
    #expect(lists(groups) { $0 == 4 } == lists(single) { $0 == 4 })
  }

  @Test func `A term of 65,534 bytes is kept whole`() {
    var map = TermMap(capacity: 0, seed: 9)
    let term = (0..<65_534).map { UInt8(truncatingIfNeeded: $0 * $0) }
    map.add(field: 0, term: term, document: 5, position: 7)
    let found = lists(map) { _ in true }
    #expect(found.map(\.key) == [[0] + term])
    #expect(found.first?.documents == [5])
  }

  @Test func `An emptied map can be filled again`() {
    var map = TermMap(capacity: 0, seed: 9)
    for round in UInt32(1)...3 {
      for number in UInt32(0)..<6000 {
        map.add(
          field: 0, term: Array("term\(number % (100 * round))".utf8), document: number,
          position: number)
      }
      #expect(map.count == 100 * Int(round))
      #expect(lists(map) { _ in true }.allSatisfy { $0.documents.count == 60 / round })
      map.removeAll()
      #expect(lists(map) { _ in true }.isEmpty)
    }
  }
}

extension TermMap {
  fileprivate mutating func add(field: UInt8, term: [UInt8], document: UInt32, position: UInt32) {
    term.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      if field % 2 == 0 {
        append(
          field: field, term: start, termLength: bytes.count, document: document,
          position: position)
      } else {
        append(field: field, term: start, termLength: bytes.count, document: document)
      }
    }
  }
}
