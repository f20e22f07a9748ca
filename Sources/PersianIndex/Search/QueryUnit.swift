// SPDX-License-Identifier: Apache-2.0

/// One written word of a query's text after analysis: the terms that it stands for, in order.
///
/// What the user wrote without a space is one word, whether half-spaces are left in it or not; it is
/// searched as a phrase where analysis takes it apart.
struct QueryUnit {
  /// The terms in UTF-8; more than one where the word is a compound or words run together.
  var terms: [[UInt8]]
  /// The place of each term in the text's sequence of terms.
  var positions: [UInt32]
  /// The written forms of its parts, spelling-independent; empty where the analyzer gives none.
  var writtenForms: [[UInt8]]
  /// Whether all its terms are function words.
  var isStopWord: Bool

  /// Whether it is a number.
  var isNumber: Bool

  /// The word in the letters of the dictionary, its affixes kept and its spaces left out.
  var folded: [UInt8] {
    (writtenForms.isEmpty ? terms : writtenForms).flatMap(\.self)
  }

  /// Analyses a text.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - analyzer: The index's analyzer.
  ///   - buffer: A buffer to work in; its tokens are replaced.
  ///   - leavesLoneTerm: Whether a single token is left in the buffer and not returned.
  /// - Returns: The words in text order.
  static func units(
    of text: String, analyzer: any Analyzer, buffer: inout TokenBuffer,
    leavesLoneTerm: Bool = false
  ) -> [QueryUnit] {
    buffer.removeAll()
    var text = text
    return text.withUTF8 { bytes in
      analyzer.analyze(bytes, into: &buffer)
      if leavesLoneTerm && buffer.tokens.count == 1 { return [] }
      var units: [QueryUnit] = []
      var end = 0
      for token in buffer.tokens {
        let term = Array(buffer.term(of: token))
        let form = Array(buffer.writtenForm(of: token))
        let isStopWord = token.flags.contains(.stopWord)
        let start = Int(token.startOffset)
        if !units.isEmpty, token.flags.contains(.continuesWord) || joins(bytes, end, start) {
          units[units.count - 1].terms.append(term)
          units[units.count - 1].positions.append(token.position)
          units[units.count - 1].isStopWord = units[units.count - 1].isStopWord && isStopWord
          if !form.isEmpty { units[units.count - 1].writtenForms.append(form) }
        } else {
          units.append(
            QueryUnit(
              terms: [term], positions: [token.position],
              writtenForms: form.isEmpty ? [] : [form], isStopWord: isStopWord,
              isNumber: token.flags.contains(.number)))
        }
        end = max(end, Int(token.endOffset))
      }
      return units
    }
  }

  /// Whether nothing stands between two places that would part words: nothing at all, half-spaces,
  /// or the marks within dates, addresses and versions.
  private static func joins(
    _ text: UnsafeBufferPointer<UInt8>, _ end: Int, _ start: Int
  ) -> Bool {
    guard start > end else { return true }
    guard start - end <= 12 else { return false }
    return String(decoding: text[end..<start], as: UTF8.self).unicodeScalars.allSatisfy {
      switch $0.value {
      case 0x2D...0x2F, 0x3A, 0x40, 0x5F, 0xAD, 0x200B...0x200F, 0xFEFF: true
      default: false
      }
    }
  }
}
