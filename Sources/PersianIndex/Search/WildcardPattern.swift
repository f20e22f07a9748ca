// SPDX-License-Identifier: Apache-2.0

/// A pattern with `*` for any letters and `?` for one, over UTF-8.
package struct WildcardPattern {
  private enum Piece {
    case bytes([UInt8])
    case anyLetter
    case anyLetters
  }

  private var pieces: [Piece] = []

  /// The bytes that every match begins with.
  package private(set) var prefix: [UInt8] = []

  /// Reads a pattern.
  ///
  /// - Parameters:
  ///   - pattern: The pattern as the user wrote it.
  ///   - fold: Brings the text between the marks into the letters of the dictionary.
  package init(_ pattern: String, fold: (String) -> [UInt8]) {
    var text = ""
    for character in pattern + "\0" {
      guard character == "*" || character == "?" || character == "\0" else {
        text.append(character)
        continue
      }
      if !text.isEmpty {
        pieces.append(.bytes(fold(text)))
        text = ""
      }
      if character == "*" { pieces.append(.anyLetters) }
      if character == "?" { pieces.append(.anyLetter) }
    }
    if case .bytes(let bytes)? = pieces.first { prefix = bytes }
  }

  /// Whether a term matches the whole pattern.
  ///
  /// - Complexity: O(*n* · *m*) in the term's bytes and the pattern's pieces: after a mismatch only
  ///   the latest `*` is tried again, one letter on.
  package func matches(_ term: ArraySlice<UInt8>) -> Bool {
    var piece = 0
    var place = term.startIndex
    var retry: (piece: Int, place: Int)?
    while true {
      if piece == pieces.count, place == term.endIndex { return true }
      if piece < pieces.count {
        switch pieces[piece] {
        case .anyLetters:
          retry = (piece, place)
          piece += 1
          continue
        case .anyLetter where place < term.endIndex:
          place = Self.next(after: place, in: term)
          piece += 1
          continue
        case .bytes(let bytes) where term[place...].starts(with: bytes):
          place += bytes.count
          piece += 1
          continue
        case .bytes, .anyLetter: break
        }
      }
      guard let again = retry, again.place < term.endIndex else { return false }
      let next = Self.next(after: again.place, in: term)
      retry = (again.piece, next)
      piece = again.piece + 1
      place = next
    }
  }

  private static func next(after place: Int, in term: ArraySlice<UInt8>) -> Int {
    var next = place + 1
    while next < term.endIndex, term[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }
}
