// SPDX-License-Identifier: Apache-2.0

/// A token with the reason why it was read as it was, for people.
public struct PersianReading: Sendable, Hashable {
  /// The token.
  public let token: AnalyzedToken
  /// The letters of the word in its parts: prefixes, stem and endings, in text order.
  public let pieces: [String]
  /// How the word was read, as in `verb گرفت: می + گیر + ند`.
  public let explanation: String

  /// Creates a reading.
  ///
  /// - Parameters:
  ///   - token: The token.
  ///   - pieces: The letters of the word in its parts.
  ///   - explanation: How the word was read.
  public init(token: AnalyzedToken, pieces: [String], explanation: String) {
    self.token = token
    self.pieces = pieces
    self.explanation = explanation
  }
}

extension PersianAnalyzer {
  /// Returns the tokens of a text, each with the reason why it was read as it was.
  ///
  ///     for reading in PersianAnalyzer().readings(of: "کتاب‌هایشان") {
  ///       print(reading.token.term, reading.explanation)
  ///     }
  ///     // کتاب  کتاب in the lexicon + هایشان (plural ها)
  ///
  /// - Parameter text: The text to explain.
  /// - Returns: The same tokens as ``Analyzer/tokens(of:)``, in text order.
  /// - Complexity: O(*n*) in the bytes of `text`, with several allocations per token.
  public func readings(of text: String) -> [PersianReading] {
    var reader = WordReader(lexicon: lexicon)
    defer { reader.deallocate() }
    return tokens(of: text).map { token in
      if token.flags.contains(.number) {
        return PersianReading(token: token, pieces: [token.surface], explanation: "number")
      }
      let key = Self.key(of: token.surface)
      guard key.contains(where: { $0 > 0 }) else {
        return PersianReading(
          token: token, pieces: [token.surface], explanation: "other script or sign")
      }
      _ = key.withUnsafeBufferPointer { reader.read($0) }
      let part =
        reader.parts.first { PersianLetters.string(reader.term(of: $0)) == token.term }
        ?? reader.parts.first
      guard let part else {
        return PersianReading(token: token, pieces: [token.surface], explanation: "as written")
      }
      let (pieces, explanation) = reader.explain(part)
      return PersianReading(token: token, pieces: pieces, explanation: explanation)
    }
  }

  /// The letter codes of a token's text, with 0 where other characters stand between them.
  private static func key(of surface: String) -> [UInt8] {
    var key: [UInt8] = []
    for scalar in surface.unicodeScalars {
      let value = scalar.value
      if (0x600...0x6FF).contains(value) {
        let code = PersianLetters.shared.classes[Int(value) - 0x600]
        if code > 0, code <= PersianLetters.Class.lastLetter {
          key.append(code)
        } else if code == PersianLetters.Class.ezafe {
          if value != 0x654 { key.append(PersianLetters.he) }
        } else if code == PersianLetters.Class.madda, key.last == PersianLetters.alef {
          key[key.count - 1] = PersianLetters.alefMadda
        }
      } else if let letters = PersianTokenizer.letters(ofForm: value) {
        for index in letters { key.append(PersianLetters.shared.formLetters[index]) }
      } else if !PersianTokenizer.isInvisible(value), key.last ?? 0 != 0 {
        key.append(0)
      }
    }
    while key.last == 0 { key.removeLast() }
    return key
  }
}

extension WordReader {
  /// The letters of a part's term.
  func term(of part: Part) -> ArraySlice<UInt8> {
    terms[part.termStart..<part.termStart + part.termLength]
  }

  /// The pieces of a part of the word that was read last, and what they are.
  func explain(_ part: Part) -> (pieces: [String], text: String) {
    let letters = word
    func piece(_ start: Int, _ end: Int) -> String { PersianLetters.string(letters[start..<end]) }
    let whole = piece(part.start, part.end)
    let term = PersianLetters.string(term(of: part))
    switch part.reason {
    case .unknown:
      return ([whole], "unknown word, as written")
    case .word(let entry):
      return ([whole], describe(entry, whole, term))
    case .phrase:
      return ([whole], "\(whole) stands for several words, \(term) among them")
    case .inflected(let entry, let suffix, let from):
      let stem = piece(part.start, from)
      let ending = piece(from, part.end)
      return (
        [stem, ending], "\(describe(entry, stem, term)) + \(ending) (\(SuffixTable.names[suffix]))"
      )
    case .infinitive(let suffix, let from):
      let stem = piece(part.start, from)
      guard suffix >= 0 else { return ([stem], "infinitive") }
      let ending = piece(from, part.end)
      return ([stem, ending], "infinitive \(stem) + \(ending) (\(SuffixTable.names[suffix]))")
    case .stripped(let suffix, let from):
      let ending = piece(from, part.end)
      return (
        [piece(part.start, from), ending],
        "unknown word less \(ending) (\(SuffixTable.names[suffix]))"
      )
    case .verb(_, _, let stemStart, let stemEnd):
      let pieces = [
        piece(part.start, stemStart), piece(stemStart, stemEnd), piece(stemEnd, part.end),
      ].filter { !$0.isEmpty }
      return (pieces, "verb \(term): " + pieces.joined(separator: " + "))
    }
  }

  private func describe(_ index: Int, _ stem: String, _ term: String) -> String {
    let flags = lexicon.entries[index].flags
    if flags.contains(.plural) { return "\(stem), broken plural of \(term)" }
    if flags.contains(.colloquial) { return "\(stem), spoken form of \(term)" }
    if flags.contains(.user) { return "\(stem), word of the user" }
    if flags.contains(.variant) { return "\(stem), spelling of \(term)" }
    return "\(stem) in the lexicon"
  }
}
